import { executePlan } from '../../adapters/postgres/executions';
import { refreshPlan } from '../../adapters/postgres/plan-refresh';
import { markPlansStale } from '../../adapters/postgres/plans';
import { DomainError } from '../../domain/errors';
import { type SandboxLibrary, shapeOf } from '../support/sandbox-admin';
import type { SmallLibrary } from '../support/small-library';
import { openStage, type Stage } from '../support/stage';
import { startSystem } from '../support/system';
import { createWorkerMetrics } from '../../workers/metrics';

const metrics = createWorkerMetrics();
let stage: Stage;
beforeAll(async () => {
  const system = await startSystem();
  await system.startWorkers({ metrics });
  stage = await openStage(system);
}, 120_000);
afterAll(() => stage?.system.close());

const fault = (fields: Record<string, unknown>) => stage.system.admin.fault({ service: 'spotify', ...fields });
const handleOf = (runId: string) => stage.system.client.workflow.getHandle(`run:${runId}`);

function cancel(runId: string, rollback = false): Promise<{ accepted: boolean }> {
  return handleOf(runId).executeUpdate<{ accepted: boolean }, [{ rollback: boolean; actorId: string }]>('cancel', {
    args: [{ rollback, actorId: stage.person.userId }],
  });
}

/** Runs the sweep as the schedule does, for rows that are old enough. */
async function sweep(): Promise<void> {
  await stage.system.orm.em
    .fork()
    .execute(
      `update outbox set created_at = created_at - interval '1 minute', started_at = started_at - interval '1 minute'`,
    );
  await stage.system.client.workflow.execute('sweep', {
    taskQueue: 'workflows',
    workflowId: `sweep-${process.hrtime.bigint()}`,
  });
}

const locks = () =>
  stage.system.orm.em
    .fork()
    .execute<unknown[]>(`select run_id from connection_locks where connection_id = ?`, [stage.person.connectionId]);

async function rollbackOf(runId: string): Promise<{ id: string; status: string; startedBy: string }> {
  return stage.until<{ id: string; status: string; startedBy: string }>(
    `select id, status, started_by as "startedBy" from runs where ? = any(rollback_of) and finished_at is not null`,
    [runId],
  );
}

/** What the journal calls removed is gone, what it calls untouched is there. */
async function expectTruth(runId: string): Promise<void> {
  const library = await stage.library();
  for (const { uri, playlist_id: playlistId, status } of await stage.actions(runId)) {
    const id = uri.split(':').at(-1) ?? '';
    const there = playlistId
      ? library.playlists.some((list) => list.id === playlistId && list.items.some((item) => item.uri === uri))
      : [
          ...library.likes.map((one) => one.trackId),
          ...library.albums.map((one) => one.albumId),
          ...library.follows,
          ...library.playlists.map((list) => list.id),
        ].includes(id);
    if (status === 'applied') expect([uri, there]).toEqual([uri, false]);
    if (status === 'skipped' || status === 'pending') expect([uri, there]).toEqual([uri, true]);
  }
}

/** Many playlists, so that a run has a middle. */
const many = (small: SmallLibrary): SmallLibrary => {
  const copies = <T extends { id: string }>(lists: readonly T[]) =>
    lists.flatMap((list) => Array.from({ length: 8 }, (_, n): T => ({ ...list, id: `${list.id}-${n}` })));
  return {
    ...small,
    library: { ...small.library, playlists: copies(small.library.playlists) },
    without: { ...small.without, playlists: copies(small.without.playlists) },
  };
};

async function slowRun(): Promise<{ small: SmallLibrary; runId: string; jobId: string }> {
  const { small, plan } = await stage.scene(many);
  await fault({ times: 10_000, delayMs: 150 });
  const run = await stage.person.execute(plan.id);
  await stage.until(`select id from actions where run_id = ? and status = 'applied'`, [run.runId]);
  return { small, ...run };
}

describe('execute', () => {
  test('clicked twice at once makes one run, and names it', async () => {
    const { small, plan } = await stage.scene();
    const execute = () =>
      stage.system.orm.em
        .fork()
        .transactional((tx) =>
          executePlan(tx, { userId: stage.person.userId, planId: plan.id, sample: null, requestId: null }),
        );
    const clicks = await Promise.allSettled([execute(), execute(), execute()]);
    const made = clicks.flatMap((click) => (click.status === 'fulfilled' ? [click.value] : []));
    expect(made).toHaveLength(1);
    for (const click of clicks) {
      if (click.status === 'fulfilled') continue;
      expect(click.reason).toBeInstanceOf(DomainError);
      expect(click.reason).toMatchObject({
        code: 'plan_already_executed',
        extras: { resource: { id: made[0]?.runId } },
      });
    }
    await stage.system.dispatcher.start(made[0]?.outboxId ?? '');
    await stage.system.jobEnd(made[0]?.jobId ?? '');
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
  }, 60_000);

  test('of a second plan while a run has the connection names that run', async () => {
    const { plan } = await stage.scene();
    const other = await stage.person.plan();
    await fault({ method: 'DELETE', status: 429, retryAfter: 3_600 });
    const run = await stage.person.execute(plan.id);
    await expect(stage.person.execute(other.id)).rejects.toMatchObject({
      code: 'connection_busy',
      extras: { resource: { id: run.runId } },
    });
    await stage.until(`select id from runs where id = ? and status = 'waiting'`, [run.runId]);
    await cancel(run.runId);
    await stage.system.jobEnd(run.jobId);
  }, 60_000);

  test('of a plan whose reason was withdrawn is refused until the plan was made anew', async () => {
    const { small, plan } = await stage.scene();
    const em = stage.system.orm.em.fork();
    const [block] = await em.execute<{ artist_id: string }[]>(`select artist_id from blocks where user_id = ?`, [
      stage.person.userId,
    ]);
    await em.transactional((tx) => markPlansStale(tx, stage.person.userId, block?.artist_id ?? '', 'block_withdrawn'));
    await expect(stage.person.execute(plan.id)).rejects.toMatchObject({ code: 'plan_stale' });
    const { jobId, outboxId } = await em.transactional((tx) =>
      refreshPlan(tx, { userId: stage.person.userId, planId: plan.id, requestId: null }),
    );
    await stage.system.dispatcher.start(outboxId ?? '');
    expect(await stage.system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
  }, 60_000);
});

describe('cancel', () => {
  test('in the middle leaves a journal that tells the truth, and what was done can be undone', async () => {
    const { small, runId, jobId } = await slowRun();
    expect(await cancel(runId)).toEqual({ accepted: true });
    expect(await stage.system.jobEnd(jobId)).toMatchObject({ status: 'cancelled' });
    await stage.system.admin.clearFaults();
    expect(await stage.person.run(runId)).toMatchObject({ status: 'cancelled', receipt: { unexplained: 0 } });
    // Of a playlist of somebody else's it is the following that counts.
    const size = ({ likes, albums, follows, playlists }: SandboxLibrary) =>
      [likes, albums, follows, ...playlists.map((list) => (list.ownerId === stage.user ? list.items : [list]))].flat()
        .length;
    const removed = size(small.library) - size(await stage.library());
    expect((await stage.person.run(runId)).receipt).toMatchObject({ removed, restored: 0 });
    const statuses = new Set((await stage.actions(runId)).map((action) => action.status));
    expect(statuses).toEqual(new Set(['applied', 'skipped']));
    await expectTruth(runId);
    expect(await locks()).toEqual([]);
    await stage.undo(runId);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  }, 120_000);

  test('with rollback brings everything back by itself', async () => {
    const { small, runId } = await slowRun();
    expect(await cancel(runId, true)).toEqual({ accepted: true });
    await stage.system.admin.clearFaults();
    expect(await rollbackOf(runId)).toMatchObject({ status: 'completed' });
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
    expect(await locks()).toEqual([]);
  }, 120_000);

  test('ends a wait of an hour at once', async () => {
    const { small, plan } = await stage.scene();
    await fault({ method: 'DELETE', times: 20, status: 429, retryAfter: 3_600 });
    const run = await stage.person.execute(plan.id);
    await stage.until(`select id from runs where id = ? and status = 'waiting' and waiting_until > now()`, [run.runId]);
    expect(await cancel(run.runId)).toEqual({ accepted: true });
    expect(await stage.system.jobEnd(run.jobId)).toMatchObject({ status: 'cancelled' });
    expect(new Set((await stage.actions(run.runId)).map((action) => action.outcome_code))).toEqual(
      new Set(['cancelled']),
    );
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  }, 60_000);

  test('of a wait that began between a write and its check calls the outcome unknown, and a rollback looks', async () => {
    const { small, plan } = await stage.scene();
    await fault({ method: 'GET', route: '/me/library/contains', status: 429, retryAfter: 3_600 });
    const run = await stage.person.execute(plan.id);
    await stage.until(`select id from runs where id = ? and status = 'waiting'`, [run.runId]);
    await cancel(run.runId, true);
    await stage.system.jobEnd(run.jobId);
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'needs_attention' });
    const codes = (await stage.actions(run.runId)).map((action) => action.outcome_code);
    expect(codes).toContain('outcome_unknown');
    await expectTruth(run.runId);
    // The rollback that was asked for waits for the same gate: an operator opens it.
    const undo = await stage.until<{ id: string; job_id: string }>(
      `select id, job_id from runs where ? = any(rollback_of) and status in ('waiting', 'running')`,
      [run.runId],
    );
    await handleOf(undo.id).executeUpdate('cancel', { args: [{ rollback: false, actorId: stage.person.userId }] });
    await stage.system.jobEnd(undo.job_id);
    await stage.system.admin.clearFaults();
    await stage.system.orm.em.fork().execute(`delete from provider_gates`);
    await stage.undo(run.runId);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  }, 60_000);

  test('after the end is refused and changes nothing', async () => {
    const { plan } = await stage.scene();
    const run = await stage.enforce(plan);
    // The row ends a moment before its workflow does: in that moment the update is still answered, with a no.
    const answer = await cancel(run.runId).catch(() => ({ accepted: false }));
    expect(answer).toEqual({ accepted: false });
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed', cancelRequestedAt: null });
  }, 60_000);
});

describe('a run terminated from outside', () => {
  test('is closed by the sweep as needing attention, its connection free for a new run', async () => {
    const { small, plan } = await stage.scene();
    await fault({ method: 'DELETE', route: '/playlists/{id}/items', status: 429, retryAfter: 3_600 });
    const run = await stage.person.execute(plan.id);
    await stage.until(`select id from runs where id = ? and status = 'waiting'`, [run.runId]);
    await handleOf(run.runId).terminate('from the Temporal UI');
    expect(await locks()).toHaveLength(1);
    await sweep();
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'needs_attention', failureCode: 'terminated' });
    expect(await stage.system.jobEnd(run.jobId)).toMatchObject({ status: 'failed', failure_code: 'terminated' });
    expect(await locks()).toEqual([]);
    await expectTruth(run.runId);

    await stage.system.admin.clearFaults();
    await stage.system.orm.em.fork().execute(`delete from provider_gates`);
    const again = await stage.enforce(await stage.plan());
    expect(await stage.person.run(again.runId)).toMatchObject({ status: 'completed' });
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
    await stage.undo(again.runId);
    await stage.undo(run.runId);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  }, 120_000);

  test('between a write and its check: the late worker saves nothing, and a rollback brings back what had gone', async () => {
    const { small, plan } = await stage.scene();
    await fault({ method: 'GET', route: '/me/library/contains', times: 3, delayMs: 2_500 });
    await fault({ method: 'GET', route: '/playlists/{id}', times: 2, skip: 2, delayMs: 2_500 });
    const run = await stage.person.execute(plan.id);
    while ((await stage.library()).likes.length === small.library.likes.length)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await handleOf(run.runId).terminate('from the Temporal UI');
    await sweep();
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'needs_attention', failureCode: 'terminated' });
    const journal = await stage.actions(run.runId);
    expect(journal.map((action) => action.outcome_code)).toContain('outcome_unknown');
    // The worker that was in the middle finds out that the run was taken from it.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await stage.actions(run.runId)).toEqual(journal);
    await stage.undo(run.runId);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  }, 120_000);
});

describe('the sweep', () => {
  test('starts a run whose process died between commit and start', async () => {
    const { small, plan } = await stage.scene();
    const run = await stage.system.orm.em
      .fork()
      .transactional((tx) =>
        executePlan(tx, { userId: stage.person.userId, planId: plan.id, sample: null, requestId: null }),
      );
    await sweep();
    expect(await stage.system.jobEnd(run.jobId)).toMatchObject({ status: 'completed' });
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
  }, 60_000);

  test('closes a sync that was terminated, so that a plan that waits for the library goes on', async () => {
    const { small } = await stage.scene();
    await fault({ method: 'GET', route: '/me/tracks', status: 429, retryAfter: 3_600 });
    const syncing = stage.person.sync().catch((error: Error) => error.message);
    const job = await stage.until<{ workflow_id: string }>(
      `select workflow_id from jobs where type = 'library_sync' and status = 'waiting'`,
      [],
    );
    await stage.system.client.workflow.getHandle(job.workflow_id).terminate();
    await stage.system.admin.clearFaults();
    await stage.system.orm.em.fork().execute(`delete from provider_gates`);
    const planning = stage.plan();
    await stage.until(`select id from jobs where type = 'plan' and waiting_reason = 'connection_busy'`, []);
    await sweep();
    expect(await syncing).toContain('terminated');
    const run = await stage.enforce(await planning);
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed' });
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
  }, 60_000);

  test('fails a plan that was terminated', async () => {
    await stage.scene();
    await fault({ method: 'GET', route: '/me/tracks', status: 429, retryAfter: 3_600 });
    const planning = stage.person.plan().catch((error: Error) => error.message);
    const job = await stage.until<{ workflow_id: string }>(
      `select workflow_id from jobs where type = 'plan' and status = 'waiting'`,
      [],
    );
    await stage.system.client.workflow.getHandle(job.workflow_id).terminate();
    await sweep();
    expect(await planning).toContain('terminated');
  }, 60_000);
});

test('a plan to be undone on failure: one refused part, and all the rest is brought back', async () => {
  const { small, plan } = await stage.scene();
  await stage.system.orm.em.fork().execute(`update plans set on_failure = 'rollback' where id = ?`, [plan.id]);
  const body = { error: { status: 403, message: 'Insufficient client scope' } };
  await fault({ method: 'DELETE', route: '/playlists/{id}/items', times: 2, skip: 1, status: 403, body });
  const run = await stage.enforce(plan);
  expect(await stage.person.run(run.runId)).toMatchObject({ status: 'partially_completed' });
  expect(await rollbackOf(run.runId)).toMatchObject({ status: 'completed', startedBy: 'failure' });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
}, 60_000);

test('after all that the worker has counted each run and each action once, as the journal has them', async () => {
  const rows = (sql: string) => stage.system.orm.em.fork().execute<{ labels: string; n: number }[]>(sql);
  const counted = async (name: string) => {
    const metric = await metrics.registry.getSingleMetric(name)?.get();
    const seen = metric?.values.filter(({ value }) => value > 0) ?? [];
    return seen.map(({ labels, value }) => ({ labels: Object.values(labels).join(' '), n: value })).sort(byLabels);
  };
  const byLabels = (a: { labels: string }, b: { labels: string }) => (a.labels < b.labels ? -1 : 1);
  const ends = await rows(
    `select concat_ws(' ', 'spotify', status) as labels, count(*)::int as n from runs where finished_at is not null group by 1`,
  );
  expect(ends.length).toBeGreaterThan(3);
  // The last end is counted a moment after it is saved.
  const sum = (figures: { n: number }[]) => figures.reduce((all, { n }) => all + n, 0);
  while (sum(await counted('dnp_enforcement_runs_total')) < sum(ends))
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await counted('dnp_enforcement_runs_total')).toEqual(ends.sort(byLabels));
  // What was undone had been applied, unless its outcome was not known.
  const journal = await rows(
    `select concat_ws(' ', 'spotify', action_type, case when outcome_code = 'outcome_unknown' then 'failed' when status like 'undo%' then 'applied' else status end) as labels,
       count(*)::int as n from actions where status not in ('pending', 'applying') group by 1`,
  );
  expect(journal.length).toBeGreaterThan(10);
  expect(await counted('dnp_enforcement_actions_total')).toEqual(journal.sort(byLabels));
});
