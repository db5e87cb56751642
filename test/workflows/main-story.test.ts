import { leastRollbackCalls } from '../../domain/rollback-calls';
import { shapeOf } from '../support/sandbox-admin';
import { type Person, startSystem, type System } from '../support/system';

let system: System;
let person: Person;

beforeAll(async () => {
  system = await startSystem();
  await system.startWorkers();
  person = await system.connect('listener');
});
afterAll(() => system?.close());

test('a ten-year library comes back as it was after a run and its rollback', async () => {
  const before = await system.admin.library('listener');
  await person.sync();
  const counts = new Map<string, number>();
  const tracks = new Map((await system.admin.tracks(100_000)).map((track) => [track.id, track]));
  const held = [
    ...before.likes.map((like) => like.trackId),
    ...before.playlists.flatMap((playlist) =>
      playlist.items.flatMap((item) => item.uri?.match(/^spotify:track:(.+)$/)?.[1] ?? []),
    ),
  ];
  for (const id of held)
    for (const artist of tracks.get(id)?.artists ?? []) counts.set(artist.id, (counts.get(artist.id) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 5);
  for (const [artistId] of most) await person.block(artistId);

  const plan = await person.plan();
  expect(plan.status).toBe('ready');
  expect(shapeOf(await system.admin.library('listener'))).toEqual(shapeOf(before));
  const { runId, jobId } = await person.execute(plan.id);
  expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
  const run = await person.run(runId);
  expect(run).toMatchObject({ status: 'completed', receipt: { unexplained: 0 }, providerCalls: plan.providerCalls });
  const blocked = new Set(most.map(([id]) => id));
  const after = await system.admin.library('listener');
  expect(
    after.likes.filter((like) => tracks.get(like.trackId)?.artists.some((artist) => blocked.has(artist.id))),
  ).toEqual([]);
  expect(after.likes.length).toBeLessThan(before.likes.length);

  await system.admin.forgetCalls();
  const undo = await person.rollback(runId);
  expect(await system.jobEnd(undo.jobId)).toMatchObject({ status: 'completed' });
  const calls = (await system.admin.calls()).filter(({ service }) => service === 'spotify');
  const missing = (kind: 'likes' | 'albums' | 'follows') => before[kind].length - after[kind].length;
  const least = leastRollbackCalls(
    [missing('likes'), missing('albums'), missing('follows')],
    before.playlists.map(({ items }, n) => ({ live: after.playlists[n]?.items ?? [], target: items })),
  );
  // For likes, albums and follows also one look before the first batch and one after the last.
  expect(calls.reduce((sum, { count }) => sum + count, 0) - least).toBeLessThanOrEqual(6);
  expect(await person.run(undo.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0, removed: 0 } });
  expect(shapeOf(await system.admin.library('listener'))).toEqual(shapeOf(before));
});
