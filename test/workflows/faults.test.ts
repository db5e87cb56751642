import { andBack, answerScenes, runsThere } from '../support/answer-scenes';
import { faultScenes } from '../support/fault-scenes';
import { shapeOf } from '../support/sandbox-admin';
import type { SmallLibrary } from '../support/small-library';
import { openStage, type Stage } from '../support/stage';

/** Spotify is slow, silent, out of breath or not willing while a run or a rollback is under way. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(() => stage?.system.close());

const at = 'Spotify, development';
const scenes = faultScenes('faults.test.ts', () => stage.system);
const { scene, untruths } = scenes;
const completed = { status: 'completed', receipt: { unexplained: 0 } };
const fault = (fields: Record<string, unknown>) => stage.system.admin.fault({ service: 'spotify', ...fields });

const waiting = (jobId: string) =>
  stage.until<{ waiting_reason: string; minutes: number; hours: number; run_status: string }>(
    `select j.waiting_reason, ceil(extract(epoch from j.waiting_until - now()) / 60)::int as minutes,
       round(extract(epoch from j.waiting_until - now()) / 3600)::int as hours, r.status as run_status
     from jobs j join runs r on r.job_id = j.id where j.id = ? and j.status = 'waiting'`,
    [jobId],
  );

scene('a rate limit', at, 'the job waits until a time, and the run goes on by itself', async () => {
  const { small, plan } = await stage.scene();
  await fault({ method: 'DELETE', route: '/me/library', skip: 1, status: 429, retryAfter: 3 });
  const run = await stage.person.execute(plan.id);
  expect(await waiting(run.jobId)).toMatchObject({
    waiting_reason: 'rate_limited',
    minutes: 1,
    run_status: 'waiting',
  });
  await stage.system.jobEnd(run.jobId);
  await runsThere(stage, run.runId, small);

  await fault({ method: 'POST', route: '/playlists/{id}/items', skip: 1, status: 429, retryAfter: 2 });
  await fault({ method: 'GET', route: '/me/library/contains', skip: 2, status: 429, retryAfter: 2 });
  const undo = await stage.undo(run.runId);
  await andBack(stage, undo.runId, small);
  return { user: stage.user, runIds: [run.runId, undo.runId] };
});

scene(
  'a rate limit of hours',
  at,
  'it is sat out and not tried meanwhile, in the run and in its rollback',
  async () => {
    const { small, plan } = await stage.scene();
    const seconds = 6 * 3_600;
    const sixHours = { waiting_reason: 'rate_limited', hours: 6 };
    await fault({ method: 'DELETE', route: '/me/library', skip: 1, status: 429, retryAfter: seconds });
    const run = await stage.person.execute(plan.id);
    expect(await waiting(run.jobId)).toMatchObject(sixHours);
    await stage.hoursLater(run.runId, seconds);
    await stage.system.jobEnd(run.jobId);
    await runsThere(stage, run.runId, small);
    // Four kinds, the one that was refused, and what else was on its way then; once a minute would be hundreds.
    expect(await stage.countCalls('DELETE', '/me/library')).toBeLessThan(10);

    await fault({ method: 'POST', route: '/playlists/{id}/items', status: 429, retryAfter: seconds });
    const undo = await stage.person.rollback(run.runId);
    expect(await waiting(undo.jobId)).toMatchObject(sixHours);
    await stage.hoursLater(undo.runId, seconds);
    await stage.system.jobEnd(undo.jobId);
    await andBack(stage, undo.runId, small);
    return { user: stage.user, runIds: [run.runId, undo.runId] };
  },
  { onlyLong: true },
);

answerScenes(scenes, () => stage, at, ['lost', 'late', 'lag']);

scene(
  'a late write',
  at,
  'an insertion lands beside its own repetition: the surplus goes, order and multiplicity stay',
  async () => {
    const { small, plan } = await stage.scene();
    const run = await stage.enforce(plan);
    await fault({ method: 'POST', route: '/playlists/{id}/items', times: 2, landLateMs: 11_500 });
    await fault({ method: 'POST', route: '/playlists/{id}/items', times: 2, delayMs: 4_000 });
    const undo = await stage.undo(run.runId);
    await andBack(stage, undo.runId, small);
    expect(await stage.countCalls('DELETE', '/playlists/{id}/items')).toBeGreaterThan(2);
    return { user: stage.user, runIds: [run.runId, undo.runId] };
  },
  { onlyLong: true },
);

/** Twelve playlists, each with a track of the artist. */
const twelve = (small: SmallLibrary): SmallLibrary => {
  const [list] = small.library.playlists;
  const [listWithout] = small.without.playlists;
  if (!list || !listWithout) throw new Error('There is no playlist.');
  const copies = <T extends { id: string }>(one: T) =>
    Array.from({ length: 12 }, (_, n): T => ({ ...one, id: `${one.id}-of-twelve-${n}` }));
  return {
    ...small,
    library: { ...small.library, playlists: copies(list) },
    without: { ...small.without, playlists: copies(listWithout) },
  };
};

/** Lets a slowed run take its first playlists, then does something. */
async function inTheMiddle(planId: string, deed: () => Promise<unknown>): Promise<{ runId: string; jobId: string }> {
  await fault({ times: 10_000, delayMs: 200 });
  const run = await stage.person.execute(planId);
  await stage.until(`select id from actions where run_id = ? and playlist_id is not null and status = 'applied'`, [
    run.runId,
  ]);
  await deed();
  await stage.system.admin.clearFaults();
  await stage.system.jobEnd(run.jobId);
  return run;
}

scene('a token that ends', at, 'it is refreshed once for all batches that want it', async () => {
  const { small, plan } = await stage.scene(twelve);
  const run = await inTheMiddle(plan.id, () => stage.system.admin.expireTokens(stage.user));
  await runsThere(stage, run.runId, small);
  expect(await stage.countCalls('POST', '/api/token')).toBe(1);
  await andBack(stage, (await stage.undo(run.runId)).runId, small);
  return { user: stage.user, runIds: [run.runId] };
});

scene(
  'a consent that is revoked',
  at,
  'in the middle: the run needs attention, and is undone after a new consent',
  async () => {
    const { small, plan } = await stage.scene(twelve);
    const run = await inTheMiddle(plan.id, () => stage.system.admin.revoke(stage.user));
    expect(await stage.person.run(run.runId)).toMatchObject({
      status: 'needs_attention',
      failureCode: 'needs_reconnect',
    });
    expect(await stage.system.jobEnd(run.jobId)).toMatchObject({ status: 'failed', failure_code: 'needs_reconnect' });
    expect(await untruths(at, { user: stage.user, runIds: [run.runId] })).toEqual([]);
    const actions = await stage.actions(run.runId);
    expect(actions.map((action) => action.status)).toContain('applied');
    expect(actions.map((action) => action.status)).toContain('pending');
    expect(actions.filter((action) => action.status === 'applying')).toEqual([]);

    await stage.reconnect();
    const undo = await stage.undo(run.runId);
    expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'completed' });
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
    return { user: stage.user, runIds: [run.runId, undo.runId] };
  },
);

const onlyFollows = (small: SmallLibrary): SmallLibrary => ({
  ...small,
  library: { ...small.library, likes: [], albums: [], playlists: [] },
  without: { ...small.without, likes: [], albums: [], playlists: [] },
});

scene(
  'a call that is not supported',
  at,
  'unfollowing by the library call: passed over, said in the next plan, and nothing fails',
  async () => {
    const { small, plan } = await stage.scene(onlyFollows);
    await fault({ method: 'DELETE', route: '/me/library', times: 10, status: 400 });
    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject(completed);
    expect(await stage.actions(run.runId)).toMatchObject([{ status: 'skipped', outcome_code: 'unsupported' }]);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
    // The next plan says so before.
    const next = await stage.plan();
    const planned = `select action_type, not_enforceable, included from plan_items where plan_id = ?`;
    expect(await stage.until(planned, [next.id])).toEqual({
      action_type: 'none',
      not_enforceable: 'unsupported',
      included: false,
    });
    return { user: stage.user, runIds: [run.runId] };
  },
);

scene('a missing scope', at, 'those actions fail with its code, once a kind, and not the others', async () => {
  const { small, plan } = await stage.scene();
  const body = { error: { status: 403, message: 'Insufficient client scope' } };
  await fault({ method: 'DELETE', route: '/me/library', times: 10, status: 403, body });
  const run = await stage.enforce(plan);
  expect(await stage.person.run(run.runId)).toMatchObject({ ...completed, status: 'partially_completed' });
  const ends = (await stage.actions(run.runId)).map((action) => [action.playlist_id === null, action.outcome_code]);
  expect(new Set(ends.map(String))).toEqual(new Set(['true,insufficient_scope', 'false,removed']));
  expect(await stage.countCalls('DELETE', '/me/library')).toBe(4);
  const theirs = small.library.playlists.slice(2);
  expect(shapeOf(await stage.library())).toEqual(
    shapeOf({ ...small.library, playlists: [...small.without.playlists, ...theirs] }),
  );
  await stage.system.admin.clearFaults();
  await stage.undo(run.runId);
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  return { user: stage.user, runIds: [run.runId] };
});

scene(
  'a track that stays (relinked)',
  at,
  'Spotify says that it is removed, and it is there: the run says so',
  async () => {
    const { small } = await stage.scene();
    const plan = await stage.person.plan('standard', { savedAlbums: false, followedArtists: false });
    // However often it is asked.
    const always = { method: 'DELETE', status: 200, times: 100 };
    await fault({ ...always, route: '/playlists/{id}/items', body: { snapshot_id: 'of-no-change' } });
    await fault({ ...always, route: '/me/library', body: {} });
    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject({ ...completed, status: 'failed' });
    const tracks = (await stage.actions(run.runId)).filter(({ item_type: type }) => type.endsWith('_track'));
    expect(new Set(tracks.map((action) => `${action.status} ${action.outcome_code}`))).toEqual(
      new Set(['failed relinked']),
    );
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
    return { user: stage.user, runIds: [run.runId] };
  },
  { onlyLong: true },
);

scene(
  'a track gone from the catalog',
  at,
  'before the rollback: it stays lost by name, the rest comes back',
  async () => {
    const { small, plan } = await stage.scene();
    const run = await stage.enforce(plan);
    const [gone = ''] = (small.library.playlists[0]?.items ?? []).map(({ uri }) => uri);
    const trackId = gone?.split(':').at(-1) ?? '';
    await stage.system.admin.setTrackAvailable(trackId, false);
    const undo = await stage.undo(run.runId);
    await stage.system.admin.setTrackAvailable(trackId, true);
    expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'needs_attention' });
    const lost = (await stage.actions(undo.runId)).filter(({ status }) => status === 'failed');
    expect(new Set(lost.map(({ uri }) => uri))).toEqual(new Set([gone]));
    expect(new Set(lost.map(({ outcome_code: code }) => code))).toEqual(new Set(['invalid']));
    expect(shapeOf(await stage.library())).toEqual(
      shapeOf({
        ...small.library,
        likes: small.library.likes.filter((like) => like.trackId !== trackId),
        // The third is somebody else's, and only followed.
        playlists: small.library.playlists.map((list, n) => ({
          ...list,
          items: n < 2 ? list.items.filter(({ uri }) => uri !== gone) : list.items,
        })),
      }),
    );
    return { user: stage.user, runIds: [run.runId, undo.runId] };
  },
);

scenes.complete();
