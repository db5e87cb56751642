import { newId } from '../../../../adapters/postgres/ids';
import { outcome, unknownId, type Caller } from '../../api-enforcement/harness';
import { claim, decide, lapse, release, type ModeratedRows, statement } from './moderated-rows';

export function testClaims(rows: ModeratedRows): void {
  let moderator: Caller;
  beforeEach(async () => {
    moderator = await rows.moderator();
  });

  it('is one person’s, whoever of a hundred asks at once', async () => {
    const caseId = await rows.openCase(await rows.offense(null));
    const crowd = await Promise.all(Array.from({ length: 20 }, () => rows.moderator()));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => claim(crowd[n % 20]!, caseId)));
    const winners = new Set(
      answers.flatMap(({ status, body }) => (status === 200 ? [(body.holder as { id: string }).id] : [])),
    );
    expect(winners.size).toBe(1);
    // The winner asked five times, and holds it.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map((answer) => outcome(answer).join()))).toEqual(new Set(['409,case_held_by_another']));
    expect(refused[0]?.body).toMatchObject({ params: { until: expect.any(String) } });
    const recorded = await rows.recorded(caseId);
    expect(recorded.filter(({ event, outcome: how }) => event === 'case.claim' && how === 'denied')).toHaveLength(95);
  });

  it('ends when it is given back or let lie, and then is anybody’s', async () => {
    const caseId = await rows.openCase(await rows.offense(null));
    const other = await rows.moderator();
    await claim(moderator, caseId);
    expect(outcome(await release(other, caseId))).toEqual([409, 'case_held_by_another']);
    expect((await release(moderator, caseId)).body).toMatchObject({ state: 'open', holder: null });
    expect((await release(moderator, caseId)).status).toBe(200);
    expect((await claim(other, caseId)).body).toMatchObject({ state: 'in_review', holder: { id: other.id, me: true } });
    await lapse(rows, caseId);
    const decision = { version: 4, statement: statement() };
    expect(outcome(await decide(other, caseId, decision))).toEqual([409, 'not_claimed']);
    expect((await release(moderator, caseId)).body).toMatchObject({ state: 'open', holder: null });
  });

  it('is longer for whoever claims again', async () => {
    const caseId = await rows.openCase(await rows.offense(null));
    const { version } = (await claim(moderator, caseId)).body;
    await rows.sql(`update moderation_cases set held_until = now() + interval '1 second' where id = ?`, [caseId]);
    const again = (await claim(moderator, caseId)).body;
    expect(again.version).toBe(version);
    expect(Date.parse((again.holder as { until: string }).until)).toBeGreaterThan(Date.now() + 29 * 60_000);
  });

  it('is nobody’s on what they submitted or reported, also by an account that was merged into theirs', async () => {
    const caseId = await rows.openCase(await rows.offense(moderator.id));
    expect(outcome(await claim(moderator, caseId))).toEqual([403, 'own_case']);
    expect(await rows.recorded(caseId)).toContainEqual({ event: 'case.claim', outcome: 'denied', code: 'own_case' });
    const former = await rows.harness.person();
    await rows.sql(`update users set merged_into = ? where id = ?`, [moderator.id, former.id]);
    expect(outcome(await claim(moderator, await rows.openCase(await rows.offense(former.id))))).toEqual([
      403,
      'own_case',
    ]);
    const reported = await rows.openCase(await rows.offense(null), 'report');
    await rows.sql(
      `insert into reports (id, case_id, user_id, category, explanation, receipt_hash) values (?, ?, ?, 'other', 'What I saw', ?)`,
      [newId(), reported, moderator.id, newId()],
    );
    expect(outcome(await claim(moderator, reported))).toEqual([403, 'own_case']);
    const seen = (await moderator.get(`moderation/cases/${reported}`)).body;
    expect(seen).toMatchObject({ ownCase: true, reportList: [{ explanation: null, contact: null }] });
    const other = await rows.moderator();
    const full = (await other.get(`moderation/cases/${reported}`)).body;
    expect(full).toMatchObject({ ownCase: false, reportList: [{ explanation: 'What I saw', withAccount: true }] });
    const admin = await rows.harness.person({ roles: ['admin'] });
    expect((await admin.get(`moderation/cases/${reported}`)).body).toMatchObject({
      reportList: [{ explanation: null }],
    });
  });

  it('needs a case', async () => {
    for (const id of [unknownId, 'not-an-id']) {
      expect(outcome(await claim(moderator, id))).toEqual([404, 'not_found']);
      expect(outcome(await release(moderator, id))).toEqual([404, 'not_found']);
      expect(outcome(await decide(moderator, id, { version: 1, statement: statement() }))).toEqual([404, 'not_found']);
      expect(outcome(await moderator.get(`moderation/cases/${id}`))).toEqual([404, 'not_found']);
    }
  });
}
