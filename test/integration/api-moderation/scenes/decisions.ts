import { decideCase } from '../../../../adapters/postgres/case-handling';
import { newId } from '../../../../adapters/postgres/ids';
import { onDatabase } from '../../../../dev/engines/postgres/statements';
import { itemsOf, outcome, type Caller } from '../../api-enforcement/harness';
import { claim, decide, decided, type ModeratedRows, statement } from './moderated-rows';

export function testDecisions(rows: ModeratedRows): void {
  let moderator: Caller;
  beforeEach(async () => {
    moderator = await rows.moderator();
  });

  const decisionsOf = (offenseId: string) =>
    rows.sql<{ id: string }>(`select id from decisions where subject_id = ?`, [offenseId]);
  const told = async (who: Caller) => itemsOf(await who.get('me/notifications?unread=true'));

  it('carries its measure out, tells whom it concerns, and is on record, all of it once', async () => {
    const submitter = await rows.harness.person();
    const offenseId = await rows.offense(submitter.id);
    const caseId = await rows.openCase(offenseId);
    const { version } = (await claim(moderator, caseId)).body;
    const body = { version, statement: statement(), internalNote: 'Both papers are known to us.' };
    const answer = await decide(moderator, caseId, body, { 'Idempotency-Key': 'decide-1' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        case: { state: 'decided', holder: null },
        decision: { statement: { measure: 'approve' }, staff: { internalNote: 'Both papers are known to us.' } },
      },
    });
    const again = await decide(moderator, caseId, body, { 'Idempotency-Key': 'decide-1' });
    const withoutKey = await decide(moderator, caseId, body);
    expect([again.body, withoutKey.body.decision]).toEqual([answer.body, answer.body.decision]);
    expect(await decisionsOf(offenseId)).toHaveLength(1);
    expect(await rows.sql(`select status from offenses where id = ?`, [offenseId])).toEqual([
      { status: 'sources_verified' },
    ]);
    const { id: decisionId } = answer.body.decision as { id: string };
    expect(await told(submitter)).toMatchObject([
      { type: 'decision.taken', params: { decisionId, capacity: 'submitter' } },
    ]);
    expect(await rows.recorded(decisionId)).toEqual([{ event: 'decision.taken', outcome: 'done', code: null }]);
    const kept = await rows.sql<{ text: string }>(`select string_agg(details::text, '') as text from audit_entries`);
    expect(kept[0]?.text).not.toContain('paper');
    expect(JSON.stringify(rows.harness.api.logged())).not.toContain('paper');
  });

  it('is as its reader may have it: reasons and redress for whom it concerns, who decided for staff alone', async () => {
    const submitter = await rows.harness.person();
    const offenseId = await rows.offense(submitter.id);
    const decision = (
      await decided(moderator, await rows.openCase(offenseId), { measure: 'reject', rule: 'sources.insufficient' })
    ).body.decision as { id: string };
    const own = await submitter.get(`decisions/${decision.id}`);
    expect(own).toMatchObject({
      status: 200,
      body: {
        subject: { type: 'offense', id: offenseId },
        statement: {
          measure: 'reject',
          scope: { where: 'this_service' },
          until: null,
          automated: false,
          rule: {
            code: 'sources.insufficient',
            title: 'The sources do not support the entry',
            href: expect.stringMatching(/policies\/20/),
          },
        },
        told: { as: 'submitter' },
        staff: null,
      },
    });
    const { statement: reasons, told: notice } = own.body as {
      statement: { redress: { kind: string; until: string }[] };
      told: { at: string };
    };
    expect(reasons.redress.map(({ kind }) => kind)).toEqual(['appeal', 'dispute_settlement', 'court']);
    expect(Date.parse(reasons.redress[0]!.until) - Date.parse(notice.at)).toBe(183 * 86_400_000);
    expect(own.text).not.toContain(moderator.id);
    const stranger = await rows.harness.person();
    expect((await stranger.get(`decisions/${decision.id}`)).body).toMatchObject({
      told: null,
      staff: null,
      subject: { id: offenseId, title: null, artist: null },
    });
    const reviewer = await rows.harness.person({ roles: ['reviewer'] });
    expect((await reviewer.get(`decisions/${decision.id}`)).body).toMatchObject({ staff: { deciderId: moderator.id } });
    await rows.sql(`update decision_notices set told_at = now() - interval '184 days' where decision_id = ?`, [
      decision.id,
    ]);
    const late = (await submitter.get(`decisions/${decision.id}`)).body as typeof own.body & {
      statement: typeof reasons;
    };
    expect(late.statement.redress.map(({ kind }) => kind)).toEqual(['dispute_settlement', 'court']);
    await rows.sql(`update decisions set subject_type = 'list' where id = ?`, [decision.id]);
    expect(outcome(await stranger.get(`decisions/${decision.id}`))).toEqual([404, 'not_found']);
    expect((await submitter.get(`decisions/${decision.id}`)).status).toBe(200);
  });

  it('tells reporters, too; not of changes that are asked of the author', async () => {
    const [submitter, reporter] = [await rows.harness.person(), await rows.harness.person()];
    const offenseId = await rows.offense(submitter.id);
    const caseId = await rows.openCase(offenseId, 'report');
    await rows.sql(`insert into reports (id, case_id, user_id, category, receipt_hash) values (?, ?, ?, 'other', ?)`, [
      newId(),
      caseId,
      reporter.id,
      newId(),
    ]);
    const changes = { measure: 'request_changes', rule: 'content.abusive' };
    expect((await decided(moderator, caseId, changes)).body.case).toMatchObject({
      state: 'changes_requested',
      decision: null,
      holder: null,
    });
    expect([await told(submitter), await told(reporter)]).toMatchObject([
      [{ params: { measure: 'request_changes' } }],
      [],
    ]);
    expect(await rows.openCase(offenseId)).toBe(caseId);
    expect((await moderator.get(`moderation/cases/${caseId}`)).body).toMatchObject({
      state: 'open',
      earlierDecisions: [{ statement: { measure: 'request_changes' } }],
      content: { title: 'Sold tickets twice', evidence: [{ source: 'The Invented News' }] },
    });
    await decided(moderator, caseId, { measure: 'reject', rule: 'content.abusive' });
    expect(await told(reporter)).toMatchObject([{ params: { capacity: 'reporter', measure: 'reject' } }]);
  });

  it('is on the case as it was looked at, and once', async () => {
    const offenseId = await rows.offense(null);
    const caseId = await rows.openCase(offenseId);
    const { version } = (await claim(moderator, caseId)).body;
    await rows.openCase(offenseId, 'report');
    const answer = await decide(moderator, caseId, { version, statement: statement() });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'version_conflict', params: { version: Number(version) + 1 } },
    });
    expect(outcome(await decide(await rows.moderator(), caseId, { version: 1, statement: statement() }))).toEqual([
      409,
      'case_held_by_another',
    ]);
    const both = await Promise.all(
      ['approve', 'reject'].map((measure) =>
        decide(moderator, caseId, { version: Number(version) + 1, statement: statement({ measure }) }),
      ),
    );
    expect(both.map(outcome).sort()).toEqual([
      [200, undefined],
      [409, 'already_decided'],
    ]);
    expect(await decisionsOf(offenseId)).toHaveLength(1);
    expect(outcome(await claim(moderator, caseId))).toEqual([409, 'already_decided']);
  });

  it('and a change of what it is about wait for each other, and one learns of the other', async () => {
    for (let round = 0; round < 6; round += 1) {
      const submitter = await rows.harness.person();
      const offenseId = await rows.offense(submitter.id);
      const caseId = await rows.openCase(offenseId);
      const { version } = (await claim(moderator, caseId)).body;
      const [answer, changed] = await Promise.all([
        decide(moderator, caseId, { version, statement: statement() }),
        submitter.send('PATCH', `offenses/${offenseId}`, { version: 1, title: 'Sold tickets three times' }),
      ]);
      expect([
        [200, 'not_editable'],
        ['version_conflict', 200],
      ]).toContainEqual([answer.body.code ?? answer.status, changed.body.code ?? changed.status]);
    }
  });

  it('is refused to whoever has lost the role since, or is suspended, and that is on record', async () => {
    const offenseId = await rows.offense(null);
    const caseId = await rows.openCase(offenseId);
    const { version } = (await claim(moderator, caseId)).body;
    // As if it were lost between the look at the route and the decision: asked below the route.
    const ask = () =>
      rows.harness.api.deps.orm.em.fork().transactional((tx) =>
        decideCase(tx, {
          ...{ caseId, userId: moderator.id, requestId: null, version: Number(version), internalNote: null },
          statement: {
            measure: 'approve',
            until: null,
            facts: 'x',
            automated: false,
            policyVersion: '2026-11-29',
            rule: 'sources.support',
          },
        }),
      );
    await rows.sql(`delete from user_roles where user_id = ?`, [moderator.id]);
    expect(await ask()).toEqual({ denied: 'role_missing' });
    await rows.sql(`insert into user_roles (user_id, role) values (?, 'moderator')`, [moderator.id]);
    await rows.sql(`insert into user_suspensions (id, user_id, reason, suspended_by) values (?, ?, 'Why', ?)`, [
      newId(),
      moderator.id,
      newId(),
    ]);
    expect(await ask()).toEqual({ denied: 'suspended' });
    expect((await rows.recorded(caseId)).slice(-2)).toEqual([
      { event: 'case.decide', outcome: 'denied', code: 'role_missing' },
      { event: 'case.decide', outcome: 'denied', code: 'suspended' },
    ]);
    expect(await decisionsOf(offenseId)).toEqual([]);
  });

  it('that does not fit how its subject stands is refused, and that alone is on record', async () => {
    const offenseId = await rows.offense((await rows.harness.person()).id);
    await rows.sql(`delete from offense_evidence where offense_id = ?`, [offenseId]);
    const caseId = await rows.openCase(offenseId);
    const { version } = (await claim(moderator, caseId)).body;
    const refused = await decide(moderator, caseId, { version, statement: statement() });
    expect(outcome(refused)).toEqual([409, 'evidence_missing']);
    expect((await rows.recorded(caseId)).at(-1)).toEqual({
      event: 'case.decide',
      outcome: 'denied',
      code: 'evidence_missing',
    });
    expect(await decisionsOf(offenseId)).toEqual([]);
    expect((await moderator.get(`moderation/cases/${caseId}`)).body).toMatchObject({ state: 'in_review', version });
    const rejected = { version, statement: statement({ measure: 'reject', rule: 'sources.insufficient' }) };
    expect((await decide(moderator, caseId, rejected)).status).toBe(200);
  });

  it('happens whole or not at all, where the database goes away at any of its steps', async () => {
    const offenseId = await rows.offense((await rows.harness.person()).id);
    const caseId = await rows.openCase(offenseId);
    const { version } = (await claim(moderator, caseId)).body;
    const steps = ['decisions', 'offenses', 'decision_notices', 'notifications', 'moderation_cases', 'audit_entries'];
    const asOwner = (sql: string) => onDatabase(rows.ownerUrl, (run) => run(sql));
    await asOwner(
      `create function away() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`,
    );
    for (const table of steps) {
      await asOwner(`create trigger away before insert or update on ${table} for each row execute function away()`);
      const answer = await decide(moderator, caseId, { version, statement: statement() });
      await asOwner(`drop trigger away on ${table}`);
      expect([table, answer.status >= 500]).toEqual([table, true]);
      expect(await decisionsOf(offenseId)).toEqual([]);
      expect(await rows.sql(`select status from offenses where id = ?`, [offenseId])).toEqual([{ status: 'pending' }]);
    }
    expect((await decide(moderator, caseId, { version, statement: statement() })).status).toBe(200);
  });

  it.each([
    ['no facts', { facts: undefined }],
    ['too few', { facts: 'Because.' }],
    ['a rule that is none', { rule: 'my.own' }],
    ['a measure that is none', { measure: 'delete' }],
    ['one that is for people', { measure: 'suspend' }],
    ['no end where it needs one', { measure: 'restrict' }],
    ['an end that is past', { measure: 'restrict', until: '2020-01-01T00:00:00Z' }],
    ['an end that nothing ends', { until: '2099-01-01T00:00:00Z' }],
    ['more than is asked', { decider: 'me' }],
  ])('is refused with %s', async (_what, given) => {
    const caseId = await rows.openCase(await rows.offense(null));
    const { version } = (await claim(moderator, caseId)).body;
    expect(outcome(await decide(moderator, caseId, { version, statement: statement(given) }))).toEqual([
      400,
      'invalid_request',
    ]);
  });
}
