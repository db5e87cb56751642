import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Registry } from 'prom-client';
import { newId } from '../../../adapters/postgres/ids';
import { addMilestone, enterPhase, finishJob } from '../../../adapters/postgres/jobs';
import { openGeneration, publishGeneration } from '../../../adapters/postgres/library-generations';
import { beginMaking, finishMaking } from '../../../adapters/postgres/plan-making';
import { acquireSyncLease } from '../../../adapters/postgres/sync-lease';
import { createLogger } from '../../../adapters/telemetry/logger';
import { jobFailureCounter } from '../../../adapters/telemetry/job-failure-counter';
import { watchFailedJobs } from '../../../workers/failed-jobs';
import { lazyTemporal } from '../../../adapters/temporal/client';
import { createBlockImportActivities } from '../../../activities/block-imports';
import { createExportActivities } from '../../../activities/export-account';
import { createLibraryActivities, type LibraryDeps } from '../../../activities/library';
import { schedules } from '../../../domain/schedules';
import { ensureSchedules } from '../../../workers/schedules';
import { temporalNamespace } from '../../support/engines';
import { startApi } from '../api/api-under-test';
import { allPages, itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
beforeAll(async () => {
  harness = await startHarness(
    {},
    { TEMPORAL_UI_URL: 'http://127.0.0.1:8233', TEMPORAL_NAMESPACE: await temporalNamespace() },
  );
});
beforeEach(async () => {
  person = await harness.person();
});
afterAll(() => harness.api.close());

describe('a job', () => {
  it('shows its progress, its subject and why it failed', async () => {
    const connectionId = await harness.rows.connection(person.id);
    const running = await harness.rows.job(person.id, {
      subjectId: connectionId,
      status: 'running',
      done: 25,
      total: 100,
    });
    const { body } = await person.get(`jobs/${running}`);
    expect(body).toMatchObject({
      type: 'library_sync',
      status: 'running',
      progress: { done: 25, total: 100 },
      percent: 25,
      etaSeconds: expect.any(Number),
      waiting: null,
      failure: null,
      subject: { type: 'connection', id: connectionId, href: `/api/v1/connections/${connectionId}` },
      retryOf: null,
      finishedAt: null,
    });
    const failed = await harness.rows.job(person.id, { status: 'failed', failureCode: 'provider_unavailable' });
    expect((await person.get(`jobs/${failed}`)).body).toMatchObject({
      failure: { code: 'provider_unavailable' },
      etaSeconds: null,
    });
  });

  it('is in the list of its person, newest first, by type and status where asked', async () => {
    const ids = [
      await harness.rows.job(person.id, { type: 'library_sync', status: 'completed' }),
      await harness.rows.job(person.id, { type: 'plan', subjectType: 'plan', status: 'failed' }),
      await harness.rows.job(person.id, { type: 'plan', subjectType: 'plan', status: 'completed' }),
    ];
    expect((await allPages(person, 'jobs', 2)).map(({ id }) => id)).toEqual([...ids].reverse());
    expect(itemsOf(await person.get('jobs?type=plan')).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(itemsOf(await person.get('jobs?type=plan&status=failed')).map(({ id }) => id)).toEqual([ids[1]]);
    expect((await person.get('jobs?status=waiting')).body.emptyReason).toBe('nothing_matches');
    expect(outcome(await person.get('jobs?status=lost'))).toEqual([400, 'invalid_request']);
  });

  it('shows its workflow to admins only, where nothing is a sandbox', async () => {
    const jobId = await harness.rows.job(person.id);
    expect((await person.get(`jobs/${jobId}`)).body).not.toHaveProperty('temporalUrl');
    const admin = await harness.person({ roles: ['admin'] });
    const own = await harness.rows.job(admin.id);
    expect((await admin.get(`jobs/${own}`)).body.temporalUrl).toBe(
      `http://127.0.0.1:8233/namespaces/${harness.api.config.TEMPORAL_NAMESPACE}/workflows/library_sync%3A${own}`,
    );
  });
});

describe('jobs of others', () => {
  const audited = (actorId: string) =>
    harness.rows.em.execute(
      `select event, subject_id, details from audit_entries where actor_id = ? and event in ('jobs.read', 'job.read') order by id`,
      [actorId],
    );

  it('are in an admin’s list, by person, type, status and time, which is put on record', async () => {
    const admin = await harness.person({ roles: ['admin'], scopes: ['read', 'admin'] });
    const other = await harness.person();
    const ids = [await harness.rows.job(person.id, { status: 'failed' }), await harness.rows.job(other.id)];
    const long = await harness.rows.job(person.id);
    await harness.rows.em.execute(`update jobs set created_at = '2001-02-03T04:05:06Z' where id = ?`, [long]);
    const all = itemsOf(await admin.get('jobs?all=true&limit=3'));
    expect(all.map(({ id }) => id)).toEqual([long, ids[1], ids[0]]);
    expect(all.map(({ userId }) => userId)).toEqual([person.id, other.id, person.id]);
    const found = async (query: string) => itemsOf(await admin.get(`jobs?${query}`)).map(({ id }) => id);
    expect(await found(`userId=${person.id}`)).toEqual([long, ids[0]]);
    expect(await found(`all=true&userId=${person.id}&status=failed`)).toEqual([ids[0]]);
    expect(await found('all=true&from=2001-02-03T04:05:06Z&to=2001-02-03T05:05:07%2B01:00')).toEqual([long]);
    expect(await found('all=true&to=2001-02-03T04:05:06Z')).toEqual([]);
    expect(await found('all=false')).toEqual([]);
    expect((await audited(admin.id))[1]).toMatchObject({
      event: 'jobs.read',
      details: { userId: person.id, first: true },
    });
    expect(await audited(admin.id)).toHaveLength(5);
  });

  it('are nobody else’s to see, whatever they are asked for by', async () => {
    const job = await harness.rows.job(person.id);
    const other = await harness.person();
    const tokenWithout = await harness.person({ roles: ['admin'], scopes: ['read', 'write'] });
    for (const query of ['all=true', `userId=${person.id}`]) {
      expect(outcome(await other.get(`jobs?${query}`))).toEqual([403, 'role_missing']);
      expect(outcome(await tokenWithout.get(`jobs?${query}`))).toEqual([403, 'scope_missing']);
    }
    for (const path of [`jobs/${job}`, `jobs/${job}/execution`, `jobs/${job}/events`]) {
      expect(outcome(await other.get(path))).toEqual([404, 'not_found']);
      expect(outcome(await tokenWithout.get(path))).toEqual([404, 'not_found']);
    }
    const admin = await harness.person({ roles: ['admin'], scopes: ['read', 'admin'] });
    expect((await admin.get(`jobs/${job}`)).body).toMatchObject({ id: job, userId: person.id });
    expect(await audited(admin.id)).toEqual([{ event: 'job.read', subject_id: job, details: {} }]);
    expect((await person.get(`jobs/${job}`)).body).not.toHaveProperty('userId');
  });
});

describe('what a job’s workflow is doing', () => {
  it('is asked of Temporal, and the job stays when Temporal has forgotten it', async () => {
    const job = await harness.rows.job(person.id, { status: 'running' });
    const state = async () => (await person.get(`jobs/${job}/execution`)).body;
    expect(await state()).toMatchObject({ state: 'not_started', execution: null });
    const { temporal } = harness.api.deps;
    const workflowId = `library_sync:${job}`;
    const { firstExecutionRunId } = await temporal.workflow.start('syncLibrary', { workflowId, taskQueue: 'nobody' });
    await harness.rows.em.execute(`update jobs set workflow_run_id = ? where id = ?`, [firstExecutionRunId, job]);
    expect(await state()).toMatchObject({
      state: 'open',
      execution: { status: 'running', events: 2, workflowTaskAttempt: 1, activities: [], closedAt: null },
    });
    await temporal.workflow.getHandle(workflowId).terminate();
    expect(await state()).toMatchObject({ state: 'closed', execution: { status: 'terminated' } });
    await forget(workflowId, firstExecutionRunId);
    expect(await state()).toMatchObject({ state: 'gone', execution: null });
    expect(itemsOf(await person.get('jobs')).map(({ id }) => id)).toEqual([job]);
  }, 60_000);

  /** Has Temporal delete an execution, which takes it half a minute; by itself a run is only made one that it never heard of. */
  async function forget(workflowId: string, runId: string): Promise<void> {
    const { temporal, config } = harness.api.deps;
    const namespace = config.TEMPORAL_NAMESPACE;
    if (!process.env.LONG) {
      await harness.rows.em.execute(`update jobs set workflow_run_id = ? where workflow_id = ?`, [newId(), workflowId]);
      return;
    }
    await temporal.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId, runId } });
    const kept = () =>
      temporal.workflow
        .getHandle(workflowId)
        .describe()
        .then(
          () => true,
          () => false,
        );
    while (await kept()) await new Promise((resolve) => setTimeout(resolve, 500));
  }

  it('is said to be unknown where Temporal is away, as is what runs by the clock', async () => {
    // Takes connections, and never says a word.
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const away = lazyTemporal({ address: `127.0.0.1:${port}`, namespace: 'default' });
    const { DATABASE_URL } = harness.api.config;
    const api = await startApi({ environment: { DATABASE_URL }, overrides: { temporal: away } });
    const admin = await api.person({ roles: ['admin'], scopes: ['read', 'admin'] });
    const job = await harness.rows.job(admin.id, { status: 'waiting' });
    await harness.rows.em.execute(
      `update jobs set workflow_run_id = 'run', waiting_reason = 'rate_limited' where id = ?`,
      [job],
    );
    const { token } = admin;
    const [{ body }, clock] = await Promise.all([
      api.call('GET', `/api/v1/jobs/${job}/execution`, { token }),
      api.call('GET', '/api/v1/admin/schedules', { token }),
    ]);
    expect(body).toMatchObject({ state: 'unavailable', execution: null, waiting: { reason: 'rate_limited' } });
    expect(clock.body.items).toHaveLength(schedules.length);
    expect(itemsOf(clock)[0]).toMatchObject({ id: 'sweep', state: 'unavailable', nextRuns: null });
    await away.connection.close();
    mute.close();
    await api.close();
  });
});

describe('what runs by the clock', () => {
  it('is listed with its last runs and its next', async () => {
    const admin = await harness.person({ roles: ['admin'], scopes: ['read', 'admin'] });
    const read = async () => itemsOf(await admin.get('admin/schedules'));
    expect((await read()).map(({ state }) => state)).toEqual(schedules.map(() => 'missing'));
    const { temporal } = harness.api.deps;
    await ensureSchedules(temporal);
    await ensureSchedules(temporal);
    await temporal.schedule.getHandle('seal-audit').trigger();
    let sealing: Record<string, unknown> | undefined;
    do sealing = (await read()).find(({ id }) => id === 'seal-audit');
    while ((sealing?.lastRuns as unknown[]).length === 0);
    expect(sealing).toMatchObject({
      workflowType: 'sealAudit',
      everySeconds: 60,
      state: 'known',
      paused: false,
      counts: { taken: expect.any(Number), skipped: 0, missed: 0 },
      lastRuns: [{ status: 'running', workflowId: expect.stringMatching(/^seal-audit/), runId: expect.any(String) }],
      nextRuns: expect.arrayContaining([expect.stringMatching(/Z$/)]),
    });
    expect(outcome(await person.get('admin/schedules'))).toEqual([403, 'role_missing']);
    for (const { id } of schedules) await temporal.schedule.getHandle(id).delete();
  });
});

describe('cancelling and trying again', () => {
  const sql = <T>(statement: string, values: unknown[]) => harness.rows.em.execute<T[]>(statement, values);
  const cancel = (id: string) => person.send('POST', `jobs/${id}/cancel`);
  const jobOf = async (id: string) => (await person.get(`jobs/${id}`)).body;

  it('a sync ends at once, its connection is free, and a late step of it reads nothing and publishes nothing', async () => {
    const connectionId = await harness.rows.connection(person.id);
    const { jobId } = (await person.send('POST', `connections/${connectionId}/library-sync`)).body as { jobId: string };
    const em = harness.rows.em.fork();
    await acquireSyncLease(em, connectionId, jobId);
    const generation = await openGeneration(em, connectionId, jobId);
    expect(await cancel(jobId)).toMatchObject({ status: 202, body: { jobId } });
    expect(await jobOf(jobId)).toMatchObject({ status: 'cancelled', failure: null, finishedAt: expect.any(String) });
    expect(await sql(`select id from outbox where input->>'jobId' = ?`, [jobId])).toEqual([]);
    expect(await acquireSyncLease(em, connectionId, jobId)).toBe(false);
    expect(await publishGeneration(em, connectionId, generation.id)).toBe(false);
    const late = createLibraryActivities({ orm: harness.api.deps.orm } as LibraryDeps);
    expect(await late.syncSlice({ jobId, connectionId })).toEqual({ state: 'failed', code: 'cancelled' });
    await late.finishSync({ jobId, connectionId, failureCode: 'cancelled' });
    expect(await jobOf(jobId)).toMatchObject({ status: 'cancelled' });
    expect(outcome(await cancel(jobId))).toEqual([409, 'job_finished']);
    const next = await person.send('POST', `connections/${connectionId}/library-sync`);
    expect(await acquireSyncLease(em, connectionId, String(next.body.jobId))).toBe(true);
    expect(
      await sql(`select event, subject_id, details from audit_entries where actor_id = ? and event = 'job.cancelled'`, [
        person.id,
      ]),
    ).toEqual([{ event: 'job.cancelled', subject_id: jobId, details: { type: 'library_sync' } }]);
  });

  it('a plan, an import and an export end with what they work on, and late steps add nothing', async () => {
    const connectionId = await harness.rows.connection(person.id);
    const plan = (await person.send('POST', 'enforcement/plans', { connectionId, preset: 'standard' })).body;
    const planId = String(plan.planId);
    const { em } = harness.rows;
    const making = await em.fork().transactional((tx) => beginMaking(tx, planId));
    expect((await cancel(String(plan.jobId))).status).toBe(202);
    const planned = { items: [], providerCalls: 0, estimatedSeconds: 0 };
    await em.fork().transactional((tx) => finishMaking(tx, planId, { jobId: making!.jobId, ...planned }));
    expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({
      status: 'failed',
      failureCode: 'cancelled',
    });

    const name = `Artist ${newId()}`;
    await harness.rows.artist(name);
    const csv = { 'content-type': 'text/csv' };
    const read = (await person.upload('blocks/import', `name\n${name}`, csv)).body as {
      importId: string;
      jobId: string;
    };
    expect((await cancel(read.jobId)).status).toBe(202);
    const { orm } = harness.api.deps;
    expect(await createBlockImportActivities({ orm }).importSlice(read)).toEqual({ more: false });
    expect((await person.get('blocks')).body.items).toEqual([]);

    const asked = (await person.send('POST', 'me/export')).body as { exportId: string; jobId: string };
    expect((await cancel(asked.jobId)).status).toBe(202);
    await createExportActivities({ orm }).writeExport(asked);
    expect((await person.get(`me/exports/${asked.exportId}`)).body).toMatchObject({ status: 'failed' });
    const states = await Promise.all([String(plan.jobId), read.jobId, asked.jobId].map(jobOf));
    expect(states.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('what ends by itself, and what has ended, cannot be cancelled', async () => {
    const running = await harness.rows.job(person.id, { type: 'disconnect', status: 'running' });
    expect(outcome(await cancel(running))).toEqual([409, 'job_not_cancellable']);
    const ended = await harness.rows.job(person.id, { status: 'completed' });
    const answer = await person.send('POST', `jobs/${ended}/cancel`, {});
    expect(outcome(answer)).toEqual([409, 'job_finished']);
    expect(answer.body.resource).toEqual({ type: 'job', id: ended, href: `/api/v1/jobs/${ended}` });
  });

  it('a failed sync starts again as a new job that names the old one', async () => {
    const subjectId = await harness.rows.connection(person.id);
    const failed = await harness.rows.job(person.id, { status: 'failed', subjectId });
    const answer = await person.send('POST', `jobs/${failed}/retry`);
    expect(answer.status).toBe(202);
    expect((await person.get(`jobs/${String(answer.body.jobId)}`)).body).toMatchObject({
      type: 'library_sync',
      retryOf: failed,
      subject: { id: subjectId },
    });
  });

  it('asked twice at once, and again later, starts a failed sync once; a failed try names itself', async () => {
    const subjectId = await harness.rows.connection(person.id);
    const failed = await harness.rows.job(person.id, { status: 'failed', subjectId });
    const retry = (id: string) => person.send('POST', `jobs/${id}/retry`);
    const both = await Promise.all([retry(failed), retry(failed)]);
    const jobId = String(both[0].body.jobId);
    expect(both.map(({ status, body }) => [status, body.jobId])).toEqual([
      [202, jobId],
      [202, jobId],
    ]);
    await finishJob(harness.rows.em.fork(), jobId, 'completed');
    expect((await retry(failed)).body).toEqual({ jobId });
    await sql(`update jobs set status = 'failed' where id = ?`, [jobId]);
    const refused = await retry(failed);
    expect(outcome(refused)).toEqual([409, 'job_not_retryable']);
    expect(refused.body.resource).toMatchObject({ id: jobId });
    const last = String((await retry(jobId)).body.jobId);
    expect((await retry(failed)).body).toEqual({ jobId: last });
  });

  it('a failed run goes on over its journal, as does an export, and what admins start is theirs to start again', async () => {
    const connectionId = await harness.rows.connection(person.id);
    const { id: runId, jobId: runJob } = await harness.rows.run(person.id, connectionId, { status: 'failed' });
    await harness.rows.actions(runId, [{ status: 'failed' }]);
    await sql(`update jobs set status = 'failed', failure_code = 'actions_failed' where id = ?`, [runJob]);
    const again = await person.send('POST', `jobs/${runJob}/retry`);
    expect(again).toMatchObject({ status: 202, body: { runId } });
    expect(await jobOf(String(again.body.jobId))).toMatchObject({ type: 'enforce', retryOf: runJob });
    expect((await person.send('POST', `jobs/${runJob}/retry`)).body).toEqual(again.body);

    const exportJob = await harness.rows.job(person.id, {
      type: 'export_account',
      subjectType: 'export',
      status: 'failed',
    });
    const exported = await person.send('POST', `jobs/${exportJob}/retry`);
    expect(await jobOf(String(exported.body.jobId))).toMatchObject({ type: 'export_account', retryOf: exportJob });

    const admin = await harness.person({ roles: ['admin'], scopes: ['read', 'write', 'admin'] });
    const rotation = { type: 'rotate_vault_keys', subjectType: 'vault', status: 'failed' };
    const rotated = await admin.send('POST', `jobs/${await harness.rows.job(admin.id, rotation)}/retry`);
    expect(rotated.status).toBe(202);
    const formerly = await harness.rows.job(person.id, rotation);
    expect(outcome(await person.send('POST', `jobs/${formerly}/retry`))).toEqual([403, 'role_missing']);
  });

  it('a failed plan starts again as a new plan with the same settings', async () => {
    const connectionId = await harness.rows.connection(person.id);
    const planId = await harness.rows.plan(person.id, connectionId, { status: 'failed', failureCode: 'x' });
    const failed = await harness.rows.job(person.id, {
      type: 'plan',
      subjectType: 'plan',
      subjectId: planId,
      status: 'failed',
    });
    await harness.rows.em.execute(`update plans set preset = 'light', switches = '{"featured":true}' where id = ?`, [
      planId,
    ]);
    const { status, body } = await person.send('POST', `jobs/${failed}/retry`);
    expect(status).toBe(202);
    expect(body.planId).not.toBe(planId);
    expect((await person.get(`enforcement/plans/${String(body.planId)}`)).body).toMatchObject({
      preset: 'light',
      switches: { featured: true },
      status: 'preparing',
      jobId: body.jobId,
    });
    expect((await person.get(`jobs/${String(body.jobId)}`)).body.retryOf).toBe(failed);
  });

  it.each([
    ['a run', { type: 'enforce', subjectType: 'run', status: 'failed' }],
    ['a sync that went well', { status: 'completed' }],
    ['a sync under way', { status: 'running' }],
    ['a sync of a connection that is gone', { status: 'failed' }],
  ])('%s cannot be tried again', async (_name, fields) => {
    const jobId = await harness.rows.job(person.id, fields);
    expect(outcome(await person.send('POST', `jobs/${jobId}/retry`))).toEqual([409, 'job_not_retryable']);
  });
});

describe('a job that failed', () => {
  /** One look of each of so many workers, at once; their lines and the counts of the first. */
  async function look(workers: number) {
    const lines: Record<string, unknown>[] = [];
    const log = createLogger('worker', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
    const registry = new Registry();
    const count = jobFailureCounter(registry);
    const { orm } = harness.api.deps;
    await Promise.all(Array.from({ length: workers }, () => watchFailedJobs({ orm, log, count })()));
    return { lines, counts: await registry.getSingleMetricAsString('dnp_jobs_failed_total') };
  }

  it('is one line and one count, whoever failed it and however many workers look', async () => {
    await look(1);
    const job = await harness.rows.job(person.id, { status: 'running' });
    const em = harness.rows.em.fork();
    await em.execute(`update jobs set request_id = 'request-1', workflow_run_id = 'run-1' where id = ?`, [job]);
    await em.transactional((tx) => finishJob(tx, job, 'failed', 'provider_unavailable'));
    const odd = await harness.rows.job(person.id, { type: 'plan', status: 'failed', failureCode: 'TypeError' });
    await finishJob(em, await harness.rows.job(person.id), 'cancelled');
    const { lines, counts } = await look(3);
    expect(lines.map(({ level, msg, jobId, code }) => [level, msg, jobId, code])).toEqual([
      [50, 'job failed', job, 'provider_unavailable'],
      [50, 'job failed', odd, 'TypeError'],
    ]);
    expect(lines[0]).toMatchObject({
      type: 'library_sync',
      workflowId: `library_sync:${job}`,
      workflowRunId: 'run-1',
      requestId: 'request-1',
    });
    expect(counts).toContain('{type="library_sync",code="provider_unavailable"} 1');
    expect(counts).toContain('{type="plan",code="other"} 1');
    expect((await look(1)).lines).toEqual([]);
  });

  it('is told by the next one where the process died while telling', async () => {
    await look(1);
    const job = await harness.rows.job(person.id, { status: 'failed', failureCode: 'terminated' });
    const log = createLogger('worker', 'silent');
    const count = () => {
      throw new Error('the process ends here');
    };
    await watchFailedJobs({ orm: harness.api.deps.orm, log, count })();
    expect((await look(1)).lines.map(({ jobId }) => jobId)).toEqual([job]);
  });
});

interface SentEvent {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** Watches a job over HTTP as an EventSource would. */
async function watch(caller: { token: string }, jobId: string, lastEventId?: string) {
  const controller = new AbortController();
  const response = await fetch(`${harness.api.url}/api/v1/jobs/${jobId}/events`, {
    headers: { authorization: `Bearer ${caller.token}`, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
    signal: controller.signal,
  });
  const events: SentEvent[] = [];
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
        if (fields.data) events.push({ id: fields.id, event: fields.event, data: JSON.parse(fields.data) });
      }
    }
  })();
  reading.catch(() => undefined);
  return {
    response,
    events,
    ended: reading,
    leave: () => controller.abort(),
    until: async (done: (events: SentEvent[]) => boolean) => {
      while (!done(events)) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

describe('watching a job', () => {
  let caller: { id: string; token: string };
  let jobId: string;
  const em = () => harness.api.deps.orm.em.fork();
  beforeEach(async () => {
    caller = await harness.api.person();
    jobId = await harness.rows.job(caller.id, { status: 'running', total: 10 });
  });

  it('tells progress when it changes, milestones as sentences, and the end; then it is over', async () => {
    const stream = await watch(caller, jobId);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    await stream.until((events) => events.length === 1);
    await enterPhase(em(), jobId, 'removing', 1, { done: 4, total: 10 });
    await stream.until((events) => events.length === 2);
    await em().transactional(async (tx) => {
      await addMilestone(tx, jobId, 'plan_ready', { total: 5, included: 3 });
      await finishJob(tx, jobId, 'completed');
    });
    await stream.ended;
    expect(stream.events.map(({ id, event }) => [id, event])).toEqual([
      ['0', 'progress'],
      ['0', 'progress'],
      ['1', 'milestone'],
      ['1', 'progress'],
      ['1', 'done'],
    ]);
    expect(stream.events[1]?.data).toMatchObject({ percent: 40 });
    expect(stream.events[2]?.data).toMatchObject({
      code: 'plan_ready',
      params: { total: 5, included: 3 },
      text: 'The plan is ready: 3 of 5 items are included.',
    });
    expect(stream.events[4]?.data).toMatchObject({ id: jobId, status: 'completed', percent: 100 });
  });

  it('goes on after the last milestone that was seen', async () => {
    for (const code of ['one', 'two', 'three']) await addMilestone(em(), jobId, code);
    await finishJob(em(), jobId, 'failed', 'provider_unavailable');
    const stream = await watch(caller, jobId, '2');
    await stream.ended;
    expect(stream.events.filter(({ event }) => event === 'milestone').map(({ data }) => data.text)).toEqual(['Three.']);
    expect(stream.events.at(-1)).toMatchObject({
      id: '3',
      event: 'done',
      data: { failure: { code: 'provider_unavailable' } },
    });
    const odd = await watch(caller, jobId, 'x');
    await odd.ended;
    expect(odd.events.filter(({ event }) => event === 'milestone')).toHaveLength(3);
  });

  it('by sixty people at once leaves the database to others, and who leaves is forgotten', async () => {
    const streams = await Promise.all(Array.from({ length: 60 }, () => watch(caller, jobId)));
    for (const stream of streams) await stream.until((events) => events.length === 1);
    expect((await harness.api.call('GET', `/api/v1/jobs/${jobId}`, { token: caller.token })).status).toBe(200);
    for (const stream of streams.slice(1)) stream.leave();
    await finishJob(em(), jobId, 'completed');
    await streams[0]?.ended;
    expect(streams[0]?.events.at(-1)?.event).toBe('done');
    expect(harness.api.logged().filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('ends when the process is told to stop', async () => {
    const stopping = new AbortController();
    const other = await startHarness({ closing: stopping.signal });
    const theirs = await other.api.person();
    const job = await other.rows.job(theirs.id, { status: 'running' });
    const response = await fetch(`${other.api.url}/api/v1/jobs/${job}/events`, {
      headers: { authorization: `Bearer ${theirs.token}` },
    });
    stopping.abort();
    expect(await response.text()).not.toContain('event: done');
    await other.api.close();
  });
});
