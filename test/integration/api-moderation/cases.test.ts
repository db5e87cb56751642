import { decideCase } from '../../../adapters/postgres/case-handling';
import { newId } from '../../../adapters/postgres/ids';
import { onDatabase } from '../../../dev/engines/postgres/statements';
import { createTestDatabase, type TestDatabase } from '../../support/engines';
import {
  allPages,
  itemsOf,
  outcome,
  startHarness,
  unknownId,
  type Caller,
  type Harness,
} from '../api-enforcement/harness';
import { ModeratedRows, statement } from './moderated-rows';

let database: TestDatabase;
let harness: Harness;
let moderator: Caller;
const rows = new ModeratedRows(() => harness);

beforeAll(async () => {
  database = await createTestDatabase();
  harness = await startHarness({}, { DATABASE_URL: database.url });
});
afterAll(async () => {
  await harness.api.close();
  await database.drop();
});
beforeEach(async () => {
  moderator = await rows.moderator();
});

const claim = (caseId: string, who = moderator) => who.send('POST', `moderation/cases/${caseId}/claim`);
const release = (caseId: string, who = moderator) => who.send('POST', `moderation/cases/${caseId}/release`);
const decide = (caseId: string, body: unknown, who = moderator, headers = {}) =>
  who.send('POST', `moderation/cases/${caseId}/decision`, body, headers);
/** Claims a case and decides it. */
async function decided(caseId: string, given: Record<string, unknown> = {}, who = moderator) {
  const { version } = (await claim(caseId, who)).body;
  return decide(caseId, { version, statement: statement(given) }, who);
}
/** Lets the claim's time be over. */
const lapse = (caseId: string) => rows.sql(`update moderation_cases set held_until = now() where id = ?`, [caseId]);
const decisionsOf = (offenseId: string) =>
  rows.sql<{ id: string }>(`select id from decisions where subject_id = ?`, [offenseId]);
const told = async (who: Caller) => itemsOf(await who.get('me/notifications?unread=true'));

describe('the queue', () => {
  it('has what waits, most urgent and oldest first, with what it is about', async () => {
    await rows.sql(`delete from moderation_cases`);
    expect((await moderator.get('moderation/cases')).body).toEqual({
      items: [],
      nextCursor: null,
      emptyReason: 'nothing_waits',
    });
    const [first, second, reported, over] = [
      await rows.openCase(await rows.offense(null)),
      await rows.openCase(await rows.offense(null)),
      await rows.openCase(await rows.offense(null), 'report'),
      await rows.openCase(await rows.offense(null)),
    ];
    await decided(over);
    await rows.sql(`update moderation_cases set opened_at = now() - interval '1 hour' where id = ?`, [first]);
    const items = itemsOf(await moderator.get('moderation/cases'));
    expect(items.map(({ id }) => id)).toEqual([reported, first, second]);
    expect(items[1]).toMatchObject({
      subject: {
        type: 'offense',
        title: 'Sold tickets twice',
        artist: { name: 'The Invented Few' },
        category: 'fraud',
        status: 'pending',
        href: expect.stringContaining('/api/v1/offenses/'),
      },
      state: 'open',
      holder: null,
      reports: 0,
      decision: null,
    });
    expect(items[1]?.ageSeconds).toBeGreaterThanOrEqual(3600);
    for (const sort of ['priority', 'newest']) {
      const ids = (await allPages(moderator, `moderation/cases?state=any&sort=${sort}`, 1)).map(({ id }) => id);
      expect(ids).toEqual(sort === 'newest' ? [over, reported, second, first] : [reported, first, second, over]);
    }
  });

  it('filters by each of its filters, and a claim that was let lie is open again', async () => {
    await rows.sql(`delete from moderation_cases`);
    const [mine, idle, reported] = [
      await rows.openCase(await rows.offense(null)),
      await rows.openCase(await rows.offense(null)),
      await rows.openCase(await rows.offense(null), 'report'),
    ];
    await claim(mine);
    await claim(idle, await rows.moderator());
    await lapse(idle);
    const ids = async (query: string) =>
      itemsOf(await moderator.get(`moderation/cases?sort=newest&${query}`)).map(({ id }) => id);
    expect(await ids('holder=me')).toEqual([mine]);
    expect(await ids(`holder=${moderator.id}`)).toEqual([mine]);
    expect(await ids('holder=none')).toEqual([reported, idle]);
    expect(await ids('state=in_review')).toEqual([mine]);
    expect(await ids('state=open')).toEqual([reported, idle]);
    expect(await ids('origin=report')).toEqual([reported]);
    expect(await ids('subjectType=list')).toEqual([]);
    expect(await ids('subjectType=offense')).toHaveLength(3);
    await rows.sql(`update moderation_cases set opened_at = '2026-01-01T00:00:00Z' where id = ?`, [mine]);
    expect(await ids('from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00.001Z')).toEqual([mine]);
    expect(await ids('to=2026-01-01T00:00:00Z')).toEqual([]);
    expect((await moderator.get('moderation/cases?state=decided')).body).toMatchObject({
      emptyReason: 'nothing_matches',
    });
  });

  it.each(['state=closed', 'holder=somebody', 'sort=oldest', 'from=yesterday', 'origin=x', 'limit=0'])(
    'refuses %s',
    async (query) => {
      expect(outcome(await moderator.get(`moderation/cases?${query}`))).toEqual([400, 'invalid_request']);
    },
  );

  it('goes on only where it stopped in the same order', async () => {
    await rows.openCase(await rows.offense(null));
    await rows.openCase(await rows.offense(null));
    const { nextCursor } = (await moderator.get('moderation/cases?limit=1')).body;
    const other = await moderator.get(`moderation/cases?sort=newest&cursor=${String(nextCursor)}`);
    expect(outcome(other)).toEqual([400, 'invalid_cursor']);
  });
});

describe('a claim', () => {
  it('is one person’s, whoever of a hundred asks at once', async () => {
    const caseId = await rows.openCase(await rows.offense(null));
    const crowd = await Promise.all(Array.from({ length: 20 }, () => rows.moderator()));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => claim(caseId, crowd[n % 20])));
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
    await claim(caseId);
    expect(outcome(await release(caseId, other))).toEqual([409, 'case_held_by_another']);
    expect((await release(caseId)).body).toMatchObject({ state: 'open', holder: null });
    expect((await release(caseId)).status).toBe(200);
    expect((await claim(caseId, other)).body).toMatchObject({ state: 'in_review', holder: { id: other.id, me: true } });
    await lapse(caseId);
    const decision = { version: 4, statement: statement() };
    expect(outcome(await decide(caseId, decision, other))).toEqual([409, 'case_not_claimed']);
    expect((await release(caseId)).body).toMatchObject({ state: 'open', holder: null });
  });

  it('is longer for whoever claims again', async () => {
    const caseId = await rows.openCase(await rows.offense(null));
    const { version } = (await claim(caseId)).body;
    await rows.sql(`update moderation_cases set held_until = now() + interval '1 second' where id = ?`, [caseId]);
    const again = (await claim(caseId)).body;
    expect(again.version).toBe(version);
    expect(Date.parse((again.holder as { until: string }).until)).toBeGreaterThan(Date.now() + 29 * 60_000);
  });

  it('is nobody’s on what they submitted or reported, also by an account that was merged into theirs', async () => {
    const caseId = await rows.openCase(await rows.offense(moderator.id));
    expect(outcome(await claim(caseId))).toEqual([403, 'own_case']);
    expect(await rows.recorded(caseId)).toContainEqual({ event: 'case.claim', outcome: 'denied', code: 'own_case' });
    const former = await harness.person();
    await rows.sql(`update users set merged_into = ? where id = ?`, [moderator.id, former.id]);
    expect(outcome(await claim(await rows.openCase(await rows.offense(former.id))))).toEqual([403, 'own_case']);
    const reported = await rows.openCase(await rows.offense(null), 'report');
    await rows.sql(
      `insert into reports (id, case_id, user_id, category, explanation, receipt_hash) values (?, ?, ?, 'other', 'What I saw', ?)`,
      [newId(), reported, moderator.id, newId()],
    );
    expect(outcome(await claim(reported))).toEqual([403, 'own_case']);
    const seen = (await moderator.get(`moderation/cases/${reported}`)).body;
    expect(seen).toMatchObject({ ownCase: true, reportList: [{ explanation: null, contact: null }] });
    const other = await rows.moderator();
    const full = (await other.get(`moderation/cases/${reported}`)).body;
    expect(full).toMatchObject({ ownCase: false, reportList: [{ explanation: 'What I saw', withAccount: true }] });
    const admin = await harness.person({ roles: ['admin'] });
    expect((await admin.get(`moderation/cases/${reported}`)).body).toMatchObject({
      reportList: [{ explanation: null }],
    });
  });

  it('needs a case', async () => {
    for (const id of [unknownId, 'not-an-id']) {
      expect(outcome(await claim(id))).toEqual([404, 'not_found']);
      expect(outcome(await release(id))).toEqual([404, 'not_found']);
      expect(outcome(await decide(id, { version: 1, statement: statement() }))).toEqual([404, 'not_found']);
      expect(outcome(await moderator.get(`moderation/cases/${id}`))).toEqual([404, 'not_found']);
    }
  });
});

describe('a decision', () => {
  it('carries its measure out, tells whom it concerns, and is on record, all of it once', async () => {
    const submitter = await harness.person();
    const offenseId = await rows.offense(submitter.id);
    const caseId = await rows.openCase(offenseId);
    const { version } = (await claim(caseId)).body;
    const body = { version, statement: statement(), internalNote: 'Both papers are known to us.' };
    const answer = await decide(caseId, body, moderator, { 'Idempotency-Key': 'decide-1' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        case: { state: 'decided', holder: null },
        decision: { statement: { measure: 'approve' }, staff: { internalNote: 'Both papers are known to us.' } },
      },
    });
    const again = await decide(caseId, body, moderator, { 'Idempotency-Key': 'decide-1' });
    const withoutKey = await decide(caseId, body);
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
    expect(JSON.stringify(harness.api.logged())).not.toContain('paper');
  });

  it('is as its reader may have it: reasons and redress for whom it concerns, who decided for staff alone', async () => {
    const submitter = await harness.person();
    const offenseId = await rows.offense(submitter.id);
    const decision = (
      await decided(await rows.openCase(offenseId), { measure: 'reject', rule: 'sources.insufficient' })
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
    const stranger = await harness.person();
    expect((await stranger.get(`decisions/${decision.id}`)).body).toMatchObject({ told: null, staff: null });
    const reviewer = await harness.person({ roles: ['reviewer'] });
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
    const [submitter, reporter] = [await harness.person(), await harness.person()];
    const offenseId = await rows.offense(submitter.id);
    const caseId = await rows.openCase(offenseId, 'report');
    await rows.sql(`insert into reports (id, case_id, user_id, category, receipt_hash) values (?, ?, ?, 'other', ?)`, [
      newId(),
      caseId,
      reporter.id,
      newId(),
    ]);
    const changes = { measure: 'request_changes', rule: 'content.abusive' };
    expect((await decided(caseId, changes)).body.case).toMatchObject({
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
    await decided(caseId, { measure: 'reject', rule: 'content.abusive' });
    expect(await told(reporter)).toMatchObject([{ params: { capacity: 'reporter', measure: 'reject' } }]);
  });

  it('is on the case as it was looked at, and once', async () => {
    const offenseId = await rows.offense(null);
    const caseId = await rows.openCase(offenseId);
    const { version } = (await claim(caseId)).body;
    await rows.openCase(offenseId, 'report');
    const answer = await decide(caseId, { version, statement: statement() });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'version_conflict', params: { version: Number(version) + 1 } },
    });
    expect(outcome(await decide(caseId, { version: 1, statement: statement() }, await rows.moderator()))).toEqual([
      409,
      'case_held_by_another',
    ]);
    const both = await Promise.all(
      ['approve', 'reject'].map((measure) =>
        decide(caseId, { version: Number(version) + 1, statement: statement({ measure }) }),
      ),
    );
    expect(both.map(outcome).sort()).toEqual([
      [200, undefined],
      [409, 'already_decided'],
    ]);
    expect(await decisionsOf(offenseId)).toHaveLength(1);
    expect(outcome(await claim(caseId))).toEqual([409, 'already_decided']);
  });

  it('is refused to whoever has lost the role since, or is suspended, and that is on record', async () => {
    const offenseId = await rows.offense(null);
    const caseId = await rows.openCase(offenseId);
    const { version } = (await claim(caseId)).body;
    // As if it were lost between the look at the route and the decision: asked below the route.
    const ask = () =>
      harness.api.deps.orm.em.fork().transactional((tx) =>
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

  it('happens whole or not at all, where the database goes away at any of its steps', async () => {
    const offenseId = await rows.offense((await harness.person()).id);
    const caseId = await rows.openCase(offenseId);
    const { version } = (await claim(caseId)).body;
    const steps = ['decisions', 'offenses', 'decision_notices', 'notifications', 'moderation_cases', 'audit_entries'];
    const asOwner = (sql: string) => onDatabase(database.ownerUrl, (run) => run(sql));
    await asOwner(
      `create function away() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`,
    );
    for (const table of steps) {
      await asOwner(`create trigger away before insert or update on ${table} for each row execute function away()`);
      const answer = await decide(caseId, { version, statement: statement() });
      await asOwner(`drop trigger away on ${table}`);
      expect([table, answer.status >= 500]).toEqual([table, true]);
      expect(await decisionsOf(offenseId)).toEqual([]);
      expect(await rows.sql(`select status from offenses where id = ?`, [offenseId])).toEqual([{ status: 'pending' }]);
    }
    expect((await decide(caseId, { version, statement: statement() })).status).toBe(200);
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
    const { version } = (await claim(caseId)).body;
    expect(outcome(await decide(caseId, { version, statement: statement(given) }))).toEqual([400, 'invalid_request']);
  });
});
