import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { msToTs } from '@temporalio/common/lib/time';
import { Registry } from 'prom-client';
import { actOnAppeal } from '../../adapters/postgres/appeal-acts';
import { startErasure } from '../../adapters/postgres/erasure';
import { createPersonalToken } from '../../adapters/postgres/personal-tokens';
import { appealGauge } from '../../adapters/telemetry/appeal-gauge';
import { onDatabase } from '../../dev/engines/postgres/statements';
import { projectRoot } from '../../dev/engines/project-root';
import { temporalProgram } from '../../dev/engines/temporal/programs';
import { createWorkerMetrics } from '../../workers/metrics';
import { type ApiUnderTest, startApi } from '../integration/api/api-under-test';
import { AppealStage, appealTexts } from '../support/appeal-stage';
import { postgresUrl } from '../support/engines';
import { startSystem, type System } from '../support/system';

let system: System;
let stage: AppealStage;
let api: ApiUnderTest;
let stopWorkers: () => Promise<void>;
const metrics = createWorkerMetrics();
beforeAll(async () => {
  system = await startSystem({ environment: { RATE_LIMIT_REQUESTS: '1000000' } });
  [stopWorkers, api] = await Promise.all([
    system.startWorkers({ metrics }),
    startApi({ environment: system.environment }),
  ]);
  stage = new AppealStage(system);
}, 120_000);
afterAll(async () => {
  await api?.close();
  await system?.close();
});

type Answer = Awaited<ReturnType<ApiUnderTest['call']>>;
const outcome = ({ status, body }: Answer) => [status, body.code];
async function as(userId: string) {
  const { token } = await createPersonalToken(system.orm.em.fork(), {
    userId,
    name: 'test',
    scopes: ['read', 'write', 'moderate', 'admin'],
    expiresAt: new Date(Date.now() + 86_400_000),
  });
  return {
    get: (path: string) => api.call('GET', `/api/v1/${path}`, { token }),
    post: (path: string, body: unknown = {}, key?: string) =>
      api.call('POST', `/api/v1/${path}`, { token, body, headers: key ? { 'idempotency-key': key } : {} }),
  };
}
const reviewer = () => stage.person('reviewer');
const recorded = (appealId: string) =>
  stage.rows<{ event: string; outcome: string; code: string | null }>(
    `select event, outcome, details->>'code' as code from audit_entries
     where subject_type = 'appeal' and subject_id = ? order by created_at, id`,
    [appealId],
  );
const stateOf = async (appealId: string) =>
  (await stage.rows<{ state: string }>(`select state from appeals where id = ?`, [appealId]))[0]?.state;
const statusOf = async (offenseId: string) =>
  (await stage.rows<{ status: string }>(`select status from offenses where id = ?`, [offenseId]))[0]?.status;
const ended = (appealId: string): Promise<unknown> => system.client.workflow.getHandle(`appeal:${appealId}`).result();
const reasons = { facts: 'The sources mean a namesake of theirs.', rule: 'wrong.artist' };

test('an appeal is submitted, claimed, asked about and answered, and takes a decision back with all it did', async () => {
  const [submitterId, deciderId, strangerId] = [
    await stage.person(),
    await stage.person('moderator'),
    await stage.person(),
  ];
  const offenseId = await stage.offense(submitterId);
  const decisionId = await stage.decision(offenseId, deciderId);
  const submitter = await as(submitterId);
  const body = { decisionId, grounds: 'It was somebody else of that name.' };
  expect(outcome(await (await as(deciderId)).post('appeals', body))).toEqual([403, 'own_case']);
  const made = await submitter.post('appeals', body, 'first-of-them');
  expect(made.status).toBe(202);
  const { appealId, jobId } = made.body as { appealId: string; jobId: string };
  expect(outcome(await submitter.post('appeals', body))).toEqual([409, 'already_appealed']);
  expect((await submitter.post('appeals', body, 'first-of-them')).body).toEqual(made.body);
  expect(await statusOf(offenseId)).toBe('contested');
  const beside = (await (await as(strangerId)).post('appeals', body)).body.appealId as string;
  expect(outcome(await (await as(await stage.person())).get(`appeals/${appealId}`))).toEqual([404, 'not_found']);

  const [one, other] = [await as(await reviewer()), await as(await reviewer())];
  expect((await one.post(`appeals/${appealId}/claim`)).body).toMatchObject({ state: 'in_review', version: 2 });
  expect(outcome(await other.post(`appeals/${appealId}/claim`))).toEqual([409, 'case_held_by_another']);
  expect(outcome(await other.post(`appeals/${beside}/claim`))).toEqual([409, 'case_held_by_another']);
  const early = await one.post(`appeals/${appealId}/drafts`, { outcome: 'reversed', statement: reasons });
  expect(early.status).toBe(201);
  expect(outcome(await submitter.post(`appeals/${appealId}/answer`, { text: 'This' }))).toEqual([409, 'nothing_asked']);
  await one.post(`appeals/${appealId}/request-information`, { text: 'Which of the sources do you mean?' });
  expect((await submitter.get(`jobs/${jobId}`)).body).toMatchObject({ phase: 'waiting_for_answer', status: 'running' });
  expect((await submitter.post(`appeals/${appealId}/answer`, { text: 'The second one.' })).body).toMatchObject({
    state: 'in_review',
    holderId: null,
    messages: [{ kind: 'question' }, { kind: 'answer', text: 'The second one.' }],
  });
  const decide = (draft: Answer) => one.post(`appeals/${appealId}/decision`, { draftId: draft.body.id });
  expect(outcome(await decide(early))).toEqual([409, 'version_conflict']);
  const draft = await one.post(`appeals/${appealId}/drafts`, {
    outcome: 'reversed',
    internalNote: 'Clear',
    statement: reasons,
  });
  const twice = await Promise.all([decide(draft), decide(draft)]);
  expect(twice.map(outcome).sort()).toEqual([
    [200, undefined],
    [409, 'already_decided'],
  ]);
  await Promise.all([ended(appealId), ended(beside)]);

  const read = (await submitter.get(`appeals/${appealId}`)).body;
  expect(read).toMatchObject({
    state: 'decision_reversed',
    outcome: {
      outcome: 'reversed',
      statement: { facts: reasons.facts, rule: { code: reasons.rule }, redress: [{}, {}] },
      decisionId: expect.any(String),
    },
  });
  expect(JSON.stringify(read)).not.toContain('Clear');
  expect(await stateOf(beside)).toBe('decision_reversed');
  expect(await statusOf(offenseId)).toBe('rejected');
  expect(
    await stage.rows(
      `select d.measure, d.facts, o.reversed_at is not null as reversed from decisions d join decisions o on o.id = d.replaces_id where o.id = ?`,
      [decisionId],
    ),
  ).toEqual([{ measure: 'reject', facts: reasons.facts, reversed: true }]);
  expect(
    await stage.rows(
      `select type, user_id from notifications where type in ('appeal.decided', 'appeal.question') and user_id in (?, ?) and read_at is null order by user_id`,
      [submitterId, strangerId],
    ),
  ).toEqual([submitterId, strangerId].sort().map((userId) => ({ type: 'appeal.decided', user_id: userId })));
  expect((await submitter.get(`jobs/${jobId}`)).body).toMatchObject({ status: 'completed' });
  expect((await recorded(appealId)).map(({ event, code }) => (code ? `${event} ${code}` : event))).toEqual([
    'appeal.submitted',
    'appeal.claimed',
    'appeal.claim case_held_by_another',
    'appeal.draft_saved',
    'appeal.answer nothing_asked',
    'appeal.asked',
    'appeal.answered',
    'appeal.decide version_conflict',
    'appeal.draft_saved',
    'appeal.decided',
    'appeal.decide already_decided',
  ]);
  expect((await one.get(`appeals?decisionId=${decisionId}`)).body.items).toHaveLength(2);
  expect(
    (await one.get(`appeals?decisionId=${decisionId}&whose=held_by_me&state=decision_reversed`)).body.items,
  ).toMatchObject([{ id: appealId }]);
  expect((await submitter.get(`appeals?state=withdrawn`)).body).toMatchObject({
    items: [],
    emptyReason: 'nothing_matches',
  });
});

test('of a hundred reviewers who claim it at once, one has it', async () => {
  const { appealId } = await stage.appealed();
  const callers = await Promise.all(Array.from({ length: 100 }, async () => as(await reviewer())));
  const answers = await Promise.all(callers.map((caller) => caller.post(`appeals/${appealId}/claim`)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'case_held_by_another')).toHaveLength(99);
  expect((await recorded(appealId)).map(({ event }) => event).sort()).toEqual([
    ...Array<string>(99).fill('appeal.claim'),
    'appeal.claimed',
    'appeal.submitted',
  ]);
}, 60_000);

test('nobody decides what is withdrawn, nor without the role that they had when they claimed it', async () => {
  const { appealId, offenseId, submitterId, deciderId } = await stage.appealed();
  expect(await stage.step(appealId, 'claim', { actorId: deciderId })).toBe('own_case');
  expect(await stage.step(appealId, 'claim', { actorId: submitterId })).toBe('role_missing');
  const reviewerId = await reviewer();
  expect(await stage.step(appealId, 'claim', { actorId: reviewerId })).toBe('done');
  const draftId = await stage.draft(appealId, reviewerId, 'reversed');
  await stage.rows(`delete from user_roles where user_id = ?`, [reviewerId]);
  expect(await stage.step(appealId, 'decide', { draftId })).toBe('role_missing');
  expect((await recorded(appealId)).at(-1)).toEqual({
    event: 'appeal.decide',
    outcome: 'denied',
    code: 'role_missing',
  });
  expect(await statusOf(offenseId)).toBe('contested');

  const [next, appellant] = [await reviewer(), await as(submitterId)];
  expect(await stage.step(appealId, 'claim', { actorId: next })).toBe('done');
  const mine = await stage.draft(appealId, next, 'reversed');
  expect((await appellant.post(`appeals/${appealId}/withdraw`)).body).toMatchObject({ state: 'withdrawn' });
  const late = await (await as(next)).post(`appeals/${appealId}/decision`, { draftId: mine });
  expect(late).toMatchObject({ status: 409, body: { code: 'already_decided', params: { state: 'withdrawn' } } });
  expect(await stage.step(appealId, 'decide', { draftId: mine })).not.toBe('done');
  expect(await statusOf(offenseId)).toBe('sources_verified');
  expect((await recorded(appealId)).at(-1)).toEqual({
    event: 'appeal.decide',
    outcome: 'denied',
    code: 'already_decided',
  });
});

test('an update from Temporal’s own command line decides by a saved draft, under the name of who saved it', async () => {
  const { appealId, offenseId } = await stage.appealed('reject');
  const [reviewerId, strangerId] = [await reviewer(), await stage.person()];
  await stage.step(appealId, 'claim', { actorId: reviewerId });
  const draftId = await stage.draft(appealId, reviewerId, 'reversed');
  const program = await temporalProgram(
    process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines'),
    () => undefined,
  );
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = system.config;
  const input = JSON.stringify({ draftId, actorId: strangerId });
  const where = ['--address', address, '--namespace', namespace, '--workflow-id', `appeal:${appealId}`];
  await promisify(execFile)(program, ['workflow', 'update', 'execute', ...where, '--name', 'decide', '--input', input]);
  expect(await stateOf(appealId)).toBe('decision_reversed');
  expect(await statusOf(offenseId)).toBe('sources_verified');
  expect(
    await stage.rows(`select actor_id from audit_entries where event = 'appeal.decided' and subject_id = ?`, [
      appealId,
    ]),
  ).toEqual([{ actor_id: reviewerId }]);
});

test('a deadline that passed weeks ago, while no worker was there, escalates it once and at once, and the holder stays', async () => {
  const { appealId } = await stage.appealed();
  const { appealId: alone, decisionId } = await stage.appealed();
  const holderId = await reviewer();
  await stage.step(appealId, 'claim', { actorId: holderId });
  await stage.until(`select id from jobs where subject_id = ? and phase = 'submitted'`, [alone]);
  // Every reviewer has a part in this one.
  await stage.rows(
    `insert into decision_notices (id, decision_id, user_id, capacity) select gen_random_uuid(), ?, user_id, 'reporter' from user_roles where role = 'reviewer' on conflict do nothing`,
    [decisionId],
  );
  await stopWorkers();
  for (const id of [appealId, alone]) await weeksLater(id);
  stopWorkers = await system.startWorkers({ metrics });
  const escalated = (id: string) =>
    stage.until<{ escalation_level: number; holder_id: string | null; ahead: boolean }>(
      `select escalation_level, holder_id, escalates_at > now() + interval '71 hours' as ahead from appeals where id = ? and escalation_level > 0`,
      [id],
    );
  expect(await escalated(appealId)).toEqual({ escalation_level: 1, holder_id: holderId, ahead: true });
  expect(await escalated(alone)).toMatchObject({ escalation_level: 1 });
  expect(
    await stage.rows(
      `select params->>'level' as level from notifications where type = 'appeal.escalated' and subject_id = ? and user_id = ?`,
      [appealId, holderId],
    ),
  ).toEqual([{ level: '1' }]);
  expect(
    await stage.rows(`select id from notifications where type = 'appeal.escalated' and subject_id = ?`, [alone]),
  ).toEqual([]);
  expect(await metrics.registry.metrics()).toMatch(/dnp_appeals_unreviewable_total [1-9]/);
  // Who let it pass can be relieved.
  expect(await stage.step(appealId, 'claim', { actorId: await reviewer() })).toBe('done');
});

/** The deadline lies weeks back, by the database's clock and by the workflow's. */
async function weeksLater(appealId: string): Promise<void> {
  await stage.rows(`update appeals set escalates_at = escalates_at - interval '24 days' where id = ?`, [appealId]);
  await system.client.workflowService.updateWorkflowExecutionOptions({
    namespace: system.config.TEMPORAL_NAMESPACE,
    workflowExecution: { workflowId: `appeal:${appealId}` },
    workflowExecutionOptions: {
      timeSkippingConfig: { enabled: true, fastForwardConfig: { id: appealId, duration: msToTs('73 hours') } },
    },
    updateMask: { paths: ['time_skipping_config'] },
  });
}

test('a database that goes away in the middle of a decision, and a decision whose answer is lost, leave one', async () => {
  const { appealId, decisionId, offenseId } = await stage.appealed();
  const reviewerId = await reviewer();
  await stage.step(appealId, 'claim', { actorId: reviewerId });
  const draftId = await stage.draft(appealId, reviewerId, 'modified', {
    measure: 'restrict',
    until: new Date(Date.now() + 86_400_000),
  });
  await stage.rows(`update offenses set status = 'pending' where id = ?`, [offenseId]);
  expect(await stage.step(appealId, 'decide', { draftId })).toBe('measure_not_possible');
  expect((await recorded(appealId)).at(-1)?.code).toBe('measure_not_possible');
  await stage.rows(`update offenses set status = 'contested' where id = ?`, [offenseId]);
  const em = system.orm.em.fork();
  let deciding: Promise<string> | undefined;
  await em.transactional(async (tx) => {
    await tx.execute(`select id from offenses where id = ? for update`, [offenseId]);
    deciding = stage.step(appealId, 'decide', { draftId });
    const name = new URL(system.database.url).pathname.slice(1);
    await onDatabase(postgresUrl(), async (run) => {
      for (let cut: unknown[] = []; cut.length === 0;)
        cut = await run(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and wait_event_type = 'Lock' and query like '%from offenses%'`,
        );
    });
  });
  expect(await deciding).toBe('done');
  const counts = () =>
    stage.rows(
      `select (select count(*)::int from decisions where replaces_id = ?) as decisions,
         (select count(*)::int from audit_entries where event = 'appeal.decided' and subject_id = ?) as audited`,
      [decisionId, appealId],
    );
  expect(await counts()).toEqual([{ decisions: 1, audited: 1 }]);
  expect(
    await stage.rows(`select status, restricted_until > now() as restricted from offenses where id = ?`, [offenseId]),
  ).toEqual([{ status: 'sources_verified', restricted: true }]);
  const [{ update_id: updateId } = { update_id: '' }] = await stage.rows<{ update_id: string }>(
    `select update_id from appeal_acts where appeal_id = ? and step = 'decide' and denied is null`,
    [appealId],
  );
  const again = await em.fork().transactional((tx) => actOnAppeal(tx, { appealId, step: 'decide', updateId, draftId }));
  expect(again).toMatchObject({ denied: null, state: 'decision_modified' });
  expect(await counts()).toEqual([{ decisions: 1, audited: 1 }]);
});

test('a suspension is a decision: its person appeals, whoever suspended does not review, and it is lifted', async () => {
  const [bossId, personId, reviewerId] = [
    await stage.person('admin', 'reviewer'),
    await stage.person(),
    await reviewer(),
  ];
  const [boss, person] = [await as(bossId), await as(personId)];
  await boss.post(`admin/users/${personId}/suspend`, { reason: 'They sent the same report 300 times.' });
  const [{ id: decisionId } = { id: '' }] = await stage.rows<{ id: string }>(
    `select id from decisions where subject_type = 'user' and subject_id = ?`,
    [personId],
  );
  const { appealId } = (await person.post('appeals', { decisionId, grounds: 'That was a script of mine gone wrong.' }))
    .body as { appealId: string };
  expect((await person.get('appeals')).body.items).toMatchObject([{ id: appealId, mine: true }]);
  expect(outcome(await boss.post(`appeals/${appealId}/claim`))).toEqual([403, 'own_case']);
  const review = await as(reviewerId);
  await review.post(`appeals/${appealId}/claim`);
  const draft = await review.post(`appeals/${appealId}/drafts`, {
    outcome: 'reversed',
    statement: { facts: reasons.facts, rule: 'none.broken' },
  });
  expect((await review.post(`appeals/${appealId}/decision`, { draftId: draft.body.id })).status).toBe(200);
  expect((await person.get('me')).body).toMatchObject({ suspension: null });
});

test('one whose workflow somebody ended at Temporal is begun anew by the sweep, where it was', async () => {
  const { appealId } = await stage.appealed();
  const reviewerId = await reviewer();
  await stage.step(appealId, 'claim', { actorId: reviewerId });
  const workflowId = `appeal:${appealId}`;
  await system.client.workflow.getHandle(workflowId).terminate('for the test');
  const minuteAgo = `created_at - interval '1 minute'`;
  await stage.rows(`update outbox set created_at = ${minuteAgo}, started_at = ${minuteAgo} where workflow_id = ?`, [
    workflowId,
  ]);
  for (const n of [1, 2])
    await system.client.workflow.execute('sweep', { taskQueue: 'workflows', workflowId: `sweep-${n}` });
  const draftId = await stage.draft(appealId, reviewerId, 'stands');
  expect(await stage.step(appealId, 'decide', { draftId })).toBe('done');
  await ended(appealId);
  expect(await stateOf(appealId)).toBe('decision_stands');
});

test('appeals are counted by where they stand', async () => {
  const registry = new Registry();
  appealGauge(registry, system.orm);
  const counts = await stage.rows<{ state: string; n: number }>(
    `select state, count(*)::int as n from appeals group by state`,
  );
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('dnp_appeals{'));
  expect(lines.sort()).toEqual(counts.map(({ state, n }) => `dnp_appeals{status="${state}"} ${n}`).sort());
  expect(lines.length).toBeGreaterThan(2);
});

test('whoever leaves withdraws their appeal, and takes their words along', async () => {
  const { appealId, offenseId, submitterId } = await stage.appealed();
  const reviewerId = await reviewer();
  const claimed = await (await as(reviewerId)).post(`appeals/${appealId}/claim`, {}, 'kept-for-a-day');
  expect(claimed.body).toMatchObject({ state: 'in_review', grounds: appealTexts.grounds });
  await stage.step(appealId, 'requestInformation', {
    messageId: await stage.message(appealId, 'question', reviewerId),
  });
  const { outboxId } = await system.orm.em
    .fork()
    .transactional((tx) => startErasure(tx, { userId: submitterId, requestId: null }));
  await system.dispatcher.start(outboxId ?? '');
  await system.client.workflow.getHandle(`erase-account:${submitterId}`).result();
  expect(
    await stage.rows(
      `select a.state, a.grounds, a.user_id, (select count(*)::int from appeal_messages m where m.appeal_id = a.id) as messages from appeals a where id = ?`,
      [appealId],
    ),
  ).toEqual([{ state: 'withdrawn', grounds: null, user_id: null, messages: 0 }]);
  expect(await statusOf(offenseId)).toBe('sources_verified');
  expect(await stage.rows(`select key from idempotency_keys where user_id = ?`, [reviewerId])).toEqual([]);
});

(process.env.LONG ? test : test.skip)(
  'a step that no worker takes is a retryable error, and sent again it is done once (LONG)',
  async () => {
    const { appealId } = await stage.appealed();
    const caller = await as(await reviewer());
    await stopWorkers();
    const answer = await caller.post(`appeals/${appealId}/claim`, {}, 'claimed-once');
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'service_unavailable', retryable: true, retryAfter: 5 },
    });
    stopWorkers = await system.startWorkers({ metrics });
    const again = await Promise.all([
      caller.post(`appeals/${appealId}/claim`, {}, 'claimed-once'),
      stage.until(`select id from appeals where id = ? and state = 'in_review'`, [appealId]),
    ]);
    expect(again[0]).toMatchObject({ status: 200, body: { state: 'in_review', version: 2 } });
    expect((await recorded(appealId)).map(({ event }) => event)).toEqual(['appeal.submitted', 'appeal.claimed']);
  },
  60_000,
);
