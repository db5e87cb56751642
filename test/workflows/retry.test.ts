import { lockRun } from '../../adapters/postgres/run-reads';
import { reopenRun } from '../../adapters/postgres/run-retry';
import { shapeOf } from '../support/sandbox-admin';
import { openStage, type Stage } from '../support/stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(() => stage?.system.close());

const fault = (fields: Record<string, unknown>) => stage.system.admin.fault({ service: 'spotify', ...fields });

/** Opens the run again, as `POST …/retry-failed` does, and waits for its end. */
async function retry(runId: string): Promise<{ actions: number } | null> {
  const { userId } = stage.person;
  const reopened = await stage.system.orm.em.fork().transactional(async (tx) => {
    const run = await lockRun(tx, { userId, id: runId });
    if (!run) throw new Error('no such run');
    return reopenRun(tx, { run, userId, epoch: run.epoch, requestId: null });
  });
  if (!reopened) return null;
  await stage.system.dispatcher.start(reopened.outboxId);
  await stage.system.jobEnd(reopened.jobId);
  return reopened;
}
const codesOf = async (runId: string) => (await stage.actions(runId)).map((action) => action.outcome_code);

test('what the provider did not permit is tried again, and nothing that was done is done twice', async () => {
  const { small, plan } = await stage.scene();
  await fault({ method: 'DELETE', route: '/me/library', times: 100, status: 403 });
  const { runId } = await stage.enforce(plan);
  expect(await stage.person.run(runId)).toMatchObject({ status: 'partially_completed' });
  const failed = (await codesOf(runId)).filter((code) => code === 'forbidden').length;
  expect(failed).toBeGreaterThan(0);
  await stage.system.admin.clearFaults();
  await stage.system.admin.forgetCalls();
  expect(await retry(runId)).toMatchObject({ actions: failed });
  expect(await stage.person.run(runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
  expect(await stage.countCalls('DELETE', '/playlists/{id}/items')).toBe(0);
  expect(await retry(runId)).toBeNull();
  await stage.undo(runId);
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
}, 120_000);

test('a list of removed likes takes in what a further try removes, at its place', async () => {
  const { small } = await stage.scene();
  const off = { savedAlbums: false, followedArtists: false, playlistTracks: false };
  const plan = await stage.person.plan('standard', { ...off, removedLikesPlaylist: true });
  const kept = new Set(small.without.likes.map(({ trackId }) => trackId));
  const removed = small.library.likes.flatMap(({ trackId }) => (kept.has(trackId) ? [] : `spotify:track:${trackId}`));
  const listed = async () =>
    (await stage.library()).playlists
      .filter(({ name }) => name.startsWith('Removed on '))
      .map(({ items }) => items.map(({ uri }) => uri));
  await fault({ method: 'DELETE', route: '/me/library', times: 100, status: 403 });
  const { runId } = await stage.enforce(plan);
  expect(await codesOf(runId)).toEqual(['forbidden', 'forbidden', 'nothing_removed']);
  // Both together and the first alone are refused.
  await stage.system.admin.clearFaults();
  await fault({ method: 'DELETE', route: '/me/library', times: 2, status: 400 });
  expect(await retry(runId)).toMatchObject({ actions: 3 });
  expect(await codesOf(runId)).toEqual(['invalid', 'removed', 'listed']);
  expect(await listed()).toEqual([removed.slice(1)]);
  expect(await retry(runId)).toMatchObject({ actions: 2 });
  expect(await codesOf(runId)).toEqual(['removed', 'removed', 'listed']);
  expect(await listed()).toEqual([removed]);
}, 120_000);

test('what a rollback could not bring back is tried again', async () => {
  const { small, plan } = await stage.scene();
  const run = await stage.enforce(plan);
  await fault({ method: 'PUT', route: '/me/library', times: 100, status: 400 });
  const undo = await stage.undo(run.runId);
  expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'needs_attention' });
  await stage.system.admin.clearFaults();
  expect(await retry(undo.runId)).not.toBeNull();
  expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  expect(new Set((await stage.actions(run.runId)).map((action) => action.status))).toEqual(new Set(['undone']));
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
}, 120_000);

test('a run that somebody terminated goes on where it was', async () => {
  const { small, plan } = await stage.scene();
  await fault({ method: 'DELETE', route: '/playlists/{id}/items', times: 100, status: 429, retryAfter: 3_600 });
  const run = await stage.person.execute(plan.id);
  await stage.until(`select id from runs where id = ? and status = 'waiting'`, [run.runId]);
  await stage.system.client.workflow.getHandle(`run:${run.runId}`).terminate();
  await stage.system.orm.em
    .fork()
    .execute(`update outbox set started_at = started_at - interval '1 hour' where workflow_id = ?`, [
      `run:${run.runId}`,
    ]);
  const sweep = () =>
    stage.system.client.workflow.execute('sweep', {
      taskQueue: 'workflows',
      workflowId: `sweep-${process.hrtime.bigint()}`,
    });
  await sweep();
  expect(await stage.person.run(run.runId)).toMatchObject({ status: 'needs_attention', failureCode: 'terminated' });
  await stage.system.admin.clearFaults();
  await stage.system.orm.em.fork().execute(`delete from provider_gates`);
  expect(await retry(run.runId)).not.toBeNull();
  // The sweep sees a job whose first execution was started long ago, and leaves it alone.
  await sweep();
  expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
}, 120_000);
