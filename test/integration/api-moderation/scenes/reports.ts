import { accountJson } from '../../../../adapters/postgres/account-export-content';
import { erasePerson } from '../../../../adapters/postgres/erasure-end';
import { newId } from '../../../../adapters/postgres/ids';
import { forgetReports } from '../../../../adapters/postgres/reports';
import { outcome, startHarness, unknownId } from '../../api-enforcement/harness';
import { decided, type ModeratedRows } from './moderated-rows';

export function testReports(rows: ModeratedRows): void {
  const about = (id: string, given: Record<string, unknown> = {}) => ({
    target: { type: 'offense', id },
    category: 'defamation',
    explanation: 'None of the papers says so of them.',
    goodFaith: true,
    ...given,
  });
  const anonymously = (body: unknown) => rows.harness.api.call('POST', '/api/v1/reports', { body });
  const follow = (id: unknown, receipt: unknown) =>
    rows.harness.api.call('GET', `/api/v1/reports/${String(id)}`, { headers: { 'Report-Receipt': String(receipt) } });
  const caseOf = async (subjectId: string) =>
    (
      await rows.sql<{ id: string; reports: number; priority: number; origin: string }>(
        `select id, reports, priority, origin from moderation_cases where subject_id = ? order by id desc limit 1`,
        [subjectId],
      )
    )[0]!;
  /** A moderator claims what was reported and decides it. */
  const decide = async (caseId: string, given: Record<string, unknown>) =>
    ((await decided(await rows.moderator(), caseId, given)).body.decision as { id: string }).id;

  it('without an account is followed by its receipt up to the decision, and by nothing else', async () => {
    const offenseId = await rows.offense(null, 'sources_verified');
    const filed = await anonymously(
      about(offenseId, { contact: 'somebody@example.test', rule: 'sources.insufficient' }),
    );
    expect(filed).toMatchObject({ status: 201, body: { receipt: expect.stringMatching(/^[\w-]{43}$/) } });
    const { id, receipt } = filed.body;
    expect(filed.headers.get('location')).toBe(`/api/v1/reports/${String(id)}`);
    expect(filed.headers.get('ratelimit-policy')).toContain('reports');
    expect((await follow(id, receipt)).body).toEqual({
      ...{ id, target: { type: 'offense', id: offenseId }, category: 'defamation', rule: 'sources.insufficient' },
      ...{ state: 'received', createdAt: expect.any(String), decision: null },
    });
    for (const wrong of ['', 'x', String(id)]) expect(outcome(await follow(id, wrong))).toEqual([404, 'not_found']);
    expect(outcome(await follow(unknownId, receipt))).toEqual([404, 'not_found']);
    const [kept] = await rows.sql<object>(`select * from reports where id = ?`, [id]);
    expect(JSON.stringify(kept)).not.toContain(String(receipt));
    await decide((await caseOf(offenseId)).id, { measure: 'reject', rule: 'sources.insufficient' });
    const decided = (await rows.harness.api.call('GET', `/api/v1/reports/${String(id)}?receipt=${String(receipt)}`))
      .body;
    expect(decided).toMatchObject({
      state: 'decided',
      decision: {
        statement: {
          measure: 'reject',
          redress: [{ kind: 'appeal' }, { kind: 'dispute_settlement' }, { kind: 'court' }],
        },
      },
    });
    expect(JSON.stringify(rows.harness.api.logged())).not.toMatch(/somebody@example|None of the papers/);
    const audited = await rows.sql<{ text: string }>(`select string_agg(details::text, '') as text from audit_entries`);
    expect(audited[0]?.text).not.toMatch(/somebody@example|None of the papers/);
  });

  it('joins the case that waits, in which each person counts once, also at once', async () => {
    const offenseId = await rows.offense(null, 'sources_verified');
    const person = await rows.harness.person();
    await anonymously(about(offenseId));
    await anonymously(about(offenseId));
    const filed = await Promise.all(Array.from({ length: 5 }, () => person.send('POST', 'reports', about(offenseId))));
    expect(filed.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(await caseOf(offenseId)).toMatchObject({ reports: 3, priority: 23, origin: 'report' });
    const [{ n } = { n: 0 }] = await rows.sql<{ n: number }>(
      `select count(*)::int as n from moderation_cases where subject_id = ?`,
      [offenseId],
    );
    expect(n).toBe(1);
    await decide((await caseOf(offenseId)).id, { rule: 'none.broken' });
    await person.send('POST', 'reports', about(offenseId));
    expect(await caseOf(offenseId)).toMatchObject({ reports: 1 });
  });

  it('by somebody signed in is theirs to follow, to appeal about, to export, and to leave behind', async () => {
    const offenseId = await rows.offense(null, 'sources_verified');
    const [person, other] = [await rows.harness.person(), await rows.harness.person({ roles: ['moderator', 'admin'] })];
    const filed = await person.send('POST', 'reports', about(offenseId, { contact: 'me@example.test' }));
    const path = `reports/${String(filed.body.id)}`;
    expect((await person.get(path)).status).toBe(200);
    expect(outcome(await other.get(path))).toEqual([404, 'not_found']);
    let text = '';
    for await (const piece of accountJson(rows.em(), person.id, new Date())) text += piece;
    const file = JSON.parse(text) as { reports: Record<string, unknown>[] };
    expect(file.reports).toMatchObject([{ contact: 'me@example.test', explanation: about('').explanation }]);
    expect(file.reports[0]).not.toHaveProperty('receiptHash');
    const decision = await decide((await caseOf(offenseId)).id, { rule: 'none.broken' });
    expect((await person.get(`decisions/${decision}`)).body).toMatchObject({ told: { as: 'reporter' }, staff: null });
    const grants = { revoked: 0, alreadyGone: 0, unsupported: 0, failed: 0 };
    await rows.em().transactional((tx) => erasePerson(tx, { userId: person.id, grants, requestId: null }));
    expect(await rows.sql(`select user_id, contact from reports where id = ?`, [filed.body.id])).toEqual([
      { user_id: null, contact: null },
    ]);
    expect((await follow(filed.body.id, filed.body.receipt)).status).toBe(200);
  });

  it('is forgotten, but for that it was made, half a year after the decision', async () => {
    const offenseId = await rows.offense(null, 'sources_verified');
    const { id } = (await anonymously(about(offenseId, { contact: 'somebody@example.test' }))).body;
    const { id: caseId } = await caseOf(offenseId);
    await decide(caseId, { rule: 'none.broken' });
    const kept = () => rows.sql(`select explanation, contact from reports where id = ?`, [id]);
    const decidedAgo = (days: number) =>
      rows.sql(`update moderation_cases set decided_at = now() - make_interval(days => ?) where id = ?`, [
        days,
        caseId,
      ]);
    await decidedAgo(179);
    await forgetReports(rows.em());
    expect(await kept()).toEqual([{ explanation: about('').explanation, contact: 'somebody@example.test' }]);
    await decidedAgo(181);
    await forgetReports(rows.em());
    expect(await kept()).toEqual([{ explanation: null, contact: null }]);
  });

  it('is of what is there for everybody to see', async () => {
    const owner = await rows.harness.person();
    const add = async (visibility: string) => {
      const id = newId();
      await rows.sql(
        `insert into community_lists (id, user_id, name, description, criteria, visibility) values (?, ?, 'Sold twice', 'x', 'x', ?)`,
        [id, owner.id, visibility],
      );
      return anonymously(about('', { target: { type: 'list', id } }));
    };
    expect((await add('public')).status).toBe(201);
    expect((await add('unlisted')).status).toBe(201);
    expect(outcome(await add('private'))).toEqual([404, 'not_found']);
    expect(outcome(await anonymously(about(unknownId)))).toEqual([404, 'not_found']);
    expect(outcome(await anonymously(about(await rows.offense(null))))).toEqual([404, 'not_found']);
  });

  it('is of no offense where those are switched off', async () => {
    const offenseId = await rows.offense(null, 'sources_verified');
    const { id } = (await decided(await rows.moderator(), await rows.openCase(offenseId))).body.decision as {
      id: string;
    };
    const stranger = await rows.harness.person();
    expect((await stranger.get(`decisions/${id}`)).status).toBe(200);
    await rows.sql(`insert into operator_switches (name, enabled) values ('offenses', false)`);
    const answers = [await anonymously(about(offenseId)), await stranger.get(`decisions/${id}`)];
    await rows.sql(`delete from operator_switches`);
    expect(answers.map(outcome)).toEqual([
      [404, 'offenses_disabled'],
      [404, 'not_found'],
    ]);
  });

  it.each([
    ['no good faith', { goodFaith: false }],
    ['no word about it', { goodFaith: undefined }],
    ['no explanation', { explanation: '   x   ' }],
    ['a very long one', { explanation: 'x'.repeat(5001) }],
    ['a category that is none', { category: 'toString' }],
    ['a rule that is none', { rule: 'constructor' }],
    ['a contact that is none', { contact: 'call me' }],
    ['a person as its target', { target: { type: 'user', id: unknownId } }],
    ['no id', { target: { type: 'offense', id: '1' } }],
    ['more than is asked', { caseId: unknownId }],
  ])('is refused with %s', async (_what, given) => {
    expect(outcome(await anonymously(about(unknownId, given)))).toEqual([400, 'invalid_request']);
  });

  it('is sent so often from one address, and not more', async () => {
    const limited = await startHarness(
      {},
      { RATE_LIMIT_REPORTS: '2', DATABASE_URL: rows.harness.api.config.DATABASE_URL },
    );
    const send = () => limited.api.call('POST', '/api/v1/reports', { body: about(unknownId) });
    const answers = [await send(), await send(), await send()];
    await limited.api.close();
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 429]);
    expect(answers[2]?.headers.get('retry-after')).toMatch(/^\d+$/);
  });
}
