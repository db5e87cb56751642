import { createSweepActivities } from '../../activities/sweep';
import { disconnectionOf } from '../../adapters/postgres/disconnection';
import { createCredentialStore } from '../../adapters/postgres/credentials';
import { createVault } from '../../adapters/vault/vault';
import { disconnected, takeAway } from '../support/disconnect-story';
import { shapeOf } from '../support/sandbox-admin';
import type { SmallLibrary } from '../support/small-library';
import { type ActionRow, openStage, type Stage } from '../support/stage';
import { startSystem, type System } from '../support/system';

let system: System;
let stage: Stage;
beforeAll(async () => {
  system = await startSystem();
  await system.startWorkers();
}, 120_000);
afterAll(() => system?.close());

// Each story takes its connection away; the next one has the same account connected anew.
beforeEach(async () => {
  await system.admin.clearFaults();
  stage = await openStage(system);
});

const rows = <T>(sql: string, values: unknown[] = []) => system.orm.em.fork().execute<T[]>(sql, values);
const fault = (fields: Record<string, unknown>) => system.admin.fault({ service: 'spotify', ...fields });

/** Everything that is kept of a connection, by table. */
async function left(connectionId: string): Promise<Record<string, number>> {
  const tables = ['plans', 'runs', 'connection_locks', 'playlist_sequences', 'library_generations', 'library_contents'];
  const counts = [
    `(select count(*)::int from connections where id = ?) as connections`,
    `(select count(*)::int from credentials where owner_id = ?) as credentials`,
    ...tables.map((table) => `(select count(*)::int from ${table} where connection_id = ?) as ${table}`),
  ];
  const [row] = await rows<Record<string, number>>(
    `select ${counts.join(', ')}`,
    counts.map(() => connectionId),
  );
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, count]) => count > 0));
}

/** Jobs of the person that have not ended. */
const openJobs = () => rows(`select type from jobs where user_id = ? and finished_at is null`, [stage.person.userId]);

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

const sizeOf = (shape: ReturnType<typeof shapeOf>) =>
  shape.likes.length + shape.albums.length + shape.follows.length + Object.values(shape.playlists).flat().length;

/** How many items the library has. */
const size = async () => sizeOf(shapeOf(await stage.library()));

/** Whether an action's item is in the library. */
function isPresent(shape: ReturnType<typeof shapeOf>, { uri, item_type: type, playlist_id: list }: ActionRow): boolean {
  const id = uri.split(':').at(-1) ?? '';
  if (type === 'liked_track') return shape.likes.includes(id);
  if (type === 'saved_album') return shape.albums.includes(id);
  if (type === 'followed_artist') return shape.follows.includes(id);
  if (type === 'followed_playlist') return id in shape.playlists;
  return (shape.playlists[list ?? ''] ?? []).includes(uri);
}

/**
 * Takes the connection away and gives what its run had not begun once that was committed: whenever that is looked at, the
 * provider must be told nothing about any of it any more.
 */
async function takenAwayIn(runId: string, beforeItsEnd = async () => {}): Promise<ActionRow[]> {
  const { jobId, start } = await takeAway(system, stage.person);
  const notBegun = (await stage.actions(runId)).filter(({ status }) => status === 'pending');
  await beforeItsEnd();
  await start();
  expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
  expect(notBegun.length).toBeGreaterThan(0);
  return notBegun;
}

/** Calls that change something, also those of an activity that nobody waits for any more. */
async function writesFromNowOn(): Promise<number> {
  await system.admin.clearFaults();
  await system.admin.forgetCalls();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const writes = (await system.admin.calls()).filter((call) => call.service === 'spotify' && call.method !== 'GET');
  return writes.reduce((sum, call) => sum + call.count, 0);
}

/** What a run's job says of its actions. */
async function told(jobId: string): Promise<{ applied: number; skipped: number; failed: number }> {
  const [milestone] = await rows<{ params: { applied: number; skipped: number; failed: number } }>(
    `select params from job_milestones where job_id = ? order by seq desc limit 1`,
    [jobId],
  );
  return milestone?.params ?? { applied: 0, skipped: 0, failed: 0 };
}

test('in the middle of a run: what had begun is on record, nothing is written after, and nothing is left here', async () => {
  const { plan } = await stage.scene(many);
  const all = await size();
  await fault({ times: 10_000, delayMs: 150 });
  const run = await stage.person.execute(plan.id);
  await stage.until(`select id from actions where run_id = ? and status = 'applied'`, [run.runId]);
  // Nobody asks the run to end: it finds out by itself.
  const notBegun = await takenAwayIn(run.runId, async () => void (await system.jobEnd(run.jobId)));
  const kept = shapeOf(await stage.library());
  expect(notBegun.filter((action) => !isPresent(kept, action))).toEqual([]);
  const after = sizeOf(kept);
  expect(after).toBeLessThan(all);
  expect(await left(stage.person.connectionId)).toEqual({});
  expect(await openJobs()).toEqual([]);
  const end = await system.jobEnd(run.jobId);
  expect(end.failure_code).toBe('connection_disconnected');
  const { applied, skipped, failed } = await told(run.jobId);
  expect(applied).toBeGreaterThan(0);
  expect(skipped).toBeGreaterThan(0);
  // An action in a playlist may stand for several places; one of unknown outcome may have been done.
  if (failed === 0) expect(all - after).toBeGreaterThanOrEqual(applied);
  expect(await writesFromNowOn()).toBe(0);
  expect(shapeOf(await stage.library())).toEqual(kept);
}, 120_000);

test('in the middle of a rollback: it ends, what is back is back, and nothing is left here', async () => {
  const { plan } = await stage.scene(many);
  const { runId } = await stage.enforce(plan);
  const removed = await size();
  await fault({ times: 10_000, delayMs: 150 });
  const ended = stage.undo(runId);
  await stage.until(`select id from actions where run_id = ? and status = 'undone'`, [runId]);
  const { id: undoRun } = await stage.until<{ id: string }>(
    `select id from runs where ? = any(rollback_of) and finished_at is null`,
    [runId],
  );
  const notBegun = await takenAwayIn(undoRun);
  const undo = await ended;
  const back = shapeOf(await stage.library());
  expect(notBegun.filter((action) => isPresent(back, action))).toEqual([]);
  expect(sizeOf(back)).toBeGreaterThan(removed);
  expect((await system.jobEnd(undo.jobId)).failure_code).toBe('connection_disconnected');
  expect(await left(stage.person.connectionId)).toEqual({});
  expect(await openJobs()).toEqual([]);
  expect(await writesFromNowOn()).toBe(0);
  expect(shapeOf(await stage.library())).toEqual(back);
}, 120_000);

test('while a run waits for hours at a closed gate: it ends at once, and everything not begun is skipped', async () => {
  const { small, plan } = await stage.scene();
  await fault({ method: 'DELETE', times: 20, status: 429, retryAfter: 3_600 });
  const run = await stage.person.execute(plan.id);
  await stage.until(`select id from runs where id = ? and status = 'waiting' and waiting_until > now()`, [run.runId]);
  await disconnected(system, stage.person);
  expect(await system.jobEnd(run.jobId)).toMatchObject({
    status: 'cancelled',
    failure_code: 'connection_disconnected',
  });
  expect(await told(run.jobId)).toMatchObject({ applied: 0, failed: 0 });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  expect(await left(stage.person.connectionId)).toEqual({});
}, 120_000);

test('what a run had not begun is skipped for that reason before it goes', async () => {
  const { plan } = await stage.scene();
  await fault({ method: 'DELETE', times: 20, status: 429, retryAfter: 3_600 });
  const run = await stage.person.execute(plan.id);
  await stage.until(`select id from runs where id = ? and status = 'waiting'`, [run.runId]);
  const { start, jobId } = await takeAway(system, stage.person);
  await system.client.workflow
    .getHandle(`run:${run.runId}`)
    .executeUpdate('cancel', { args: [{ rollback: true, actorId: stage.person.userId }] });
  await system.jobEnd(run.jobId);
  expect(new Set((await stage.actions(run.runId)).map((action) => action.outcome_code))).toEqual(
    new Set(['connection_disconnected']),
  );
  // The rollback that was asked for with it could do nothing any more.
  expect(await rows(`select id from runs where ? = any(rollback_of)`, [run.runId])).toEqual([]);
  await start();
  await system.jobEnd(jobId);
}, 120_000);

test('in the middle of a sync: no library is published, and nothing is left here', async () => {
  await stage.scene();
  await rows(`update connections set generation_id = null where id = ?`, [stage.person.connectionId]);
  await fault({ route: '/me/playlists', times: 1_000, delayMs: 3_000 });
  const sync = stage.person.sync().catch(() => 'failed');
  await stage.until(
    `select id from jobs where user_id = ? and type = 'library_sync' and finished_at is null and phase = 'reading_playlists'`,
    [stage.person.userId],
  );
  await disconnected(system, stage.person);
  expect(await sync).toBe('failed');
  expect(await left(stage.person.connectionId)).toEqual({});
  expect(await openJobs()).toEqual([]);
}, 120_000);

test('in the middle of a plan: it fails, and nothing is left here', async () => {
  await stage.scene();
  await fault({ route: '/me/playlists', times: 1_000, delayMs: 3_000 });
  const planning = stage.person.plan().catch(() => 'failed');
  await stage.until(`select id from plans where connection_id = ? and status = 'preparing'`, [
    stage.person.connectionId,
  ]);
  await disconnected(system, stage.person);
  expect(await planning).toBe('failed');
  expect(await left(stage.person.connectionId)).toEqual({});
  expect(await openJobs()).toEqual([]);
}, 120_000);

test('while its token is renewed: the late answer brings no credential back', async () => {
  await stage.scene();
  await system.admin.expireTokens(stage.user);
  await system.admin.fault({ service: 'spotify-accounts', route: '/api/token', delayMs: 2_000 });
  const sync = stage.person.sync().catch(() => 'failed');
  const refresh = `refresh:${stage.person.connectionId}:1`;
  for (;;) {
    const known = await system.client.workflow
      .getHandle(refresh)
      .describe()
      .then(
        () => true,
        () => false,
      );
    if (known) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await disconnected(system, stage.person);
  expect(await system.client.workflow.getHandle(refresh).result()).toEqual({ outcome: 'gone' });
  expect(await sync).toBe('failed');
  expect(await left(stage.person.connectionId)).toEqual({});
  const store = createCredentialStore(system.orm, createVault(system.config.VAULT_KEYS));
  const late = { accessToken: 'late', refreshToken: null, expiresInSeconds: 3_600 };
  expect(await store.replace(stage.person.connectionId, 1, late)).toBe(false);
}, 120_000);

test('the same account connects anew while the old connection is still going, and keeps what is its own', async () => {
  await stage.scene();
  const { jobId, start } = await takeAway(system, stage.person);
  const anew = await openStage(system);
  const { small, plan } = await anew.scene();
  await start();
  expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
  expect(await left(stage.person.connectionId)).toEqual({});
  await anew.enforce(plan);
  expect(shapeOf(await anew.library())).toEqual(shapeOf(small.without));
  await disconnected(system, anew.person);
}, 120_000);

test('terminated from outside in its middle: the sweep has the same job begun again, and it comes to its end', async () => {
  const { plan } = await stage.scene(many);
  await fault({ times: 10_000, delayMs: 150 });
  const run = await stage.person.execute(plan.id);
  await stage.until(`select id from actions where run_id = ? and status = 'applied'`, [run.runId]);
  await fault({ method: 'DELETE', times: 10_000, delayMs: 3_000 });
  const { jobId, start } = await takeAway(system, stage.person);
  await start();
  const { connectionId, userId } = stage.person;
  await stage.until(`select id from jobs where id = ? and phase = 'stopping'`, [jobId]);
  await system.client.workflow.getHandle(`disconnect:${connectionId}`).terminate('from the Temporal UI');
  expect(await left(connectionId)).toMatchObject({ connections: 1 });
  const sweep = createSweepActivities({
    ...system,
    onFlowEnd: () => undefined,
    emails: { sending: false, onDropped: () => undefined },
  });
  expect(await sweep.reconcile({ olderThanSeconds: 0 })).toEqual({ closed: 0 });
  // Whoever asks again meanwhile joins it.
  expect(await disconnectionOf(system.orm.em.fork(), userId, connectionId)).toBe(jobId);
  expect(await sweep.reconcile({ olderThanSeconds: 0 })).toEqual({ closed: 0 });
  expect(await sweep.startLeftovers({ olderThanSeconds: 0 })).toEqual({ started: 1 });
  expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
  expect(await left(connectionId)).toEqual({});
  expect(await openJobs()).toEqual([]);
  expect(
    await rows(`select id from audit_entries where event = 'connection.deleted' and subject_id = ?`, [connectionId]),
  ).toHaveLength(1);
}, 120_000);

test('a disconnecting that was ended from outside is begun again by asking again', async () => {
  await stage.scene();
  const { jobId } = await takeAway(system, stage.person);
  await rows(`update jobs set status = 'failed', finished_at = now() where id = ?`, [jobId]);
  await rows(`delete from outbox where workflow_id = ?`, [`disconnect:${stage.person.connectionId}`]);
  await disconnected(system, stage.person);
  expect(await left(stage.person.connectionId)).toEqual({});
}, 60_000);
