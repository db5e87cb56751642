import { loadContents } from '../../../adapters/postgres/library-content';
import { loadParts, publishedGeneration } from '../../../adapters/postgres/library-generations';
import { stopJob } from '../../../adapters/postgres/job-cancel';
import { loadJobs } from '../../../adapters/postgres/job-reads';
import { readExecution } from '../../../adapters/temporal/job-execution';
import { cancelWorkflow } from '../../../adapters/temporal/cancel-workflow';
import { onDatabase } from '../../../dev/engines/postgres/statements';
import { type SandboxLibrary, type SandboxTrack, shapeOf } from '../../support/sandbox-admin';
import { type Person, startSystem, type System } from '../../support/system';
import type { KillPoint, Step } from '../../support/kill-points';
import { startVictim } from '../../support/victim';

let system: System;
let stopWorkers: () => Promise<void>;
let person: Person;
let catalog: SandboxTrack[];
const user = 'listener';
/** LONG takes more of the places at which a sync can die. */
const long = Boolean(process.env.LONG);

beforeAll(async () => {
  system = await startSystem();
  stopWorkers = await system.startWorkers();
  person = await system.connect(user);
  catalog = await system.admin.tracks(5000);
}, 60_000);
afterAll(() => system?.close());

/** The library as our rows show it: what was published last. */
async function published(): Promise<ReturnType<typeof shapeOf> & { generationId: string | null }> {
  const em = system.orm.em.fork();
  const generationId = await publishedGeneration(em, person.connectionId);
  const parts = generationId ? await loadParts(em, generationId) : [];
  const contents = await loadContents(em, [...new Set(parts.flatMap((part) => part.contentId ?? []))]);
  const entries = (contentId: string | null | undefined) => (contents.get(contentId ?? '') ?? []) as [string | null][];
  const ids = (kind: string) =>
    entries(parts.find((part) => part.kind === kind)?.contentId).map(([uri]) => uri?.split(':').at(-1) ?? '');
  return {
    generationId,
    likes: ids('likes').sort(),
    albums: ids('albums').sort(),
    follows: ids('follows').sort(),
    playlists: Object.fromEntries(
      parts
        .filter((part) => part.kind === 'playlist' && part.contentId)
        .map((part) => [part.providerId, entries(part.contentId).map(([uri]) => uri)]),
    ),
  };
}

/** The sandbox's library as far as this person's app may read it. */
async function readable(): Promise<ReturnType<typeof shapeOf>> {
  const library = await system.admin.library(user);
  return shapeOf({
    ...library,
    playlists: library.playlists.filter((playlist) => playlist.ownerId === user || playlist.collaborative),
  });
}

async function callCount(): Promise<number> {
  const calls = await system.admin.calls();
  return calls.filter((call) => call.service === 'spotify').reduce((sum, call) => sum + call.count, 0);
}

async function expectInStep(): Promise<void> {
  const { generationId, ...shape } = await published();
  expect(generationId).not.toBeNull();
  expect(shape).toEqual(await readable());
}

test('a first sync has everything in its place: null items, local files, episodes, copies', async () => {
  await person.sync();
  await expectInStep();
  const uris = Object.values((await published()).playlists).flat();
  for (const kind of [null, 'local', 'episode'])
    expect(uris.some((uri) => (kind ? uri?.startsWith(`spotify:${kind}:`) : uri === null))).toBe(true);
});

test('a second sync with nothing changed takes ten calls at most', async () => {
  await system.admin.forgetCalls();
  await person.sync();
  expect(await callCount()).toBeLessThanOrEqual(10);
  await expectInStep();
});

test('only what changed is read again', async () => {
  const library = await system.admin.library(user);
  const own = library.playlists.filter((playlist) => playlist.ownerId === user);
  await system.admin.edit(user, own[0]?.id ?? '', { op: 'move', from: 0, to: 2 });
  await system.admin.edit(user, own[1]?.id ?? '', { op: 'rename', name: 'By another name' });
  await system.admin.forgetCalls();
  await person.sync();
  await expectInStep();
  const read = (await system.admin.calls()).filter((call) => call.route === '/playlists/{id}/items');
  const pages = [own[0], own[1]].map((playlist) => Math.ceil((playlist?.items.length ?? 0) / 50));
  expect(read.reduce((sum, call) => sum + call.count, 0)).toBe((pages[0] ?? 0) + (pages[1] ?? 0));
});

test('a like, an album and an artist that leave from the middle are noticed', async () => {
  const library = await system.admin.library(user);
  const without = <T>(items: readonly T[]) => items.toSpliced(Math.floor(items.length / 2), 1);
  await system.admin.setLibrary(user, {
    ...library,
    likes: without(library.likes),
    albums: without(library.albums),
    follows: without(library.follows),
  });
  await person.sync();
  await expectInStep();
});

test('a playlist that changes while it is read is read until it holds still', async () => {
  const library = await system.admin.library(user);
  const list = library.playlists.find((playlist) => playlist.ownerId === user && playlist.items.length > 60);
  if (!list) throw new Error('There is no long playlist.');
  await system.admin.edit(user, list.id, { op: 'move', from: 0, to: 5 });
  await system.admin.fault({ service: 'spotify', route: '/playlists/{id}/items', times: 20, delayMs: 400 });
  await system.admin.forgetCalls();
  const syncing = person.sync();
  while (!(await system.admin.calls()).some((call) => call.route === '/playlists/{id}/items'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await system.admin.edit(user, list.id, { op: 'insert', uris: [`spotify:track:${catalog[0]?.id}`], position: 0 });
  await syncing;
  await system.admin.clearFaults();
  await expectInStep();
});

test('nothing of a sync is to be seen before it is complete, and a failed one leaves the old library', async () => {
  const before = await published();
  const library = await system.admin.library(user);
  await system.admin.setLibrary(user, { ...library, likes: library.likes.slice(0, 120), follows: [] });
  await system.admin.fault({ service: 'spotify', route: '/me/playlists', delayMs: 1_500, status: 403 });
  await system.admin.forgetCalls();
  const syncing = person.sync().catch((error: Error) => error.message);
  while (!(await system.admin.calls()).some((call) => call.route === '/me/following'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await published()).toEqual(before);
  expect(await Promise.race([syncing, Promise.resolve('still reading')])).toBe('still reading');
  expect(await syncing).toContain('failed forbidden');
  expect(await published()).toEqual(before);
  await system.admin.clearFaults();
  await person.sync();
  expect((await published()).likes).toHaveLength(120);
  await expectInStep();
});

test('a sync that is cancelled in the middle ends its workflow, and leaves the old library and its connection free', async () => {
  const before = await published();
  await system.admin.forgetCalls();
  await system.admin.fault({ service: 'spotify', route: '/me/playlists', delayMs: 3_000 });
  const syncing = person.sync().catch((error: Error) => error.message);
  while (!(await system.admin.calls()).some((call) => call.route === '/me/following'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const em = system.orm.em.fork();
  const [{ id }] = await em.execute<[{ id: string }]>(`select id from jobs where finished_at is null`);
  const [job] = await loadJobs(em, [id]);
  await em.transactional((tx) => stopJob(tx, { ...job!, subjectId: person.connectionId }, null));
  await cancelWorkflow(system.client, job!);
  expect(await syncing).toContain('cancelled');
  const workflow = system.client.workflow.getHandle(job!.workflowId);
  await workflow.result().catch(() => undefined);
  expect((await workflow.describe()).status.name).toBe('CANCELLED');
  expect(await published()).toEqual(before);
  await system.admin.clearFaults();
  await person.sync();
  await expectInStep();
});

test('a sync whose step fails shows which, how often it was tried, why, and when it comes again', async () => {
  const em = system.orm.em.fork();
  const asOwner = (sql: string) => onDatabase(system.database.ownerUrl, (run) => run(sql));
  await asOwner('alter table library_generations rename to library_generations_away');
  const syncing = person.sync();
  const started = () =>
    em.execute<{ workflowId: string; workflowRunId: string }[]>(
      `select workflow_id as "workflowId", workflow_run_id as "workflowRunId" from jobs where finished_at is null and workflow_run_id is not null`,
    );
  let jobs = await started();
  while (jobs.length === 0) jobs = await started();
  const look = async () => (await readExecution(system.client, jobs[0]!)).execution?.activities ?? [];
  let activities = await look();
  while (!activities.some(({ attempt, state }) => attempt > 1 && state === 'scheduled')) activities = await look();
  await asOwner('alter table library_generations_away rename to library_generations');
  expect(activities).toEqual([
    {
      type: 'syncSlice',
      state: 'scheduled',
      attempt: expect.any(Number),
      maximumAttempts: 35,
      startedAt: null,
      lastHeartbeatAt: null,
      nextAttemptAt: expect.any(Date),
      lastFailureCode: 'internal_error',
    },
  ]);
  await syncing;
  await system.client.workflow.getHandle(jobs[0]!.workflowId).result();
  expect(await readExecution(system.client, jobs[0]!)).toMatchObject({
    state: 'closed',
    execution: { status: 'completed', activities: [], workflowTaskAttempt: null },
  });
  await expectInStep();
});

test('many callers at a slow gate wait for their turn instead of beginning again', async () => {
  const slow = await startSystem({ environment: { SPOTIFY_CALLS_PER_SECOND: '8' } });
  try {
    await slow.startWorkers();
    const someone = await slow.connect(user);
    const lists = Array.from({ length: 4 }, (_, n): SandboxLibrary['playlists'][number] => ({
      id: `long-${n}`,
      name: `Long ${n}`,
      ownerId: user,
      collaborative: false,
      items: catalog
        .slice(0, 400)
        .map((track) => ({ uri: `spotify:track:${track.id}`, addedAt: '2024-05-01T00:00:00Z', addedBy: user })),
    }));
    await slow.admin.setLibrary(user, { likes: [], albums: [], follows: [], playlists: lists });
    await slow.admin.forgetCalls();
    await someone.sync();
    const pages = (await slow.admin.calls()).filter((call) => call.route === '/playlists/{id}/items');
    expect(pages.reduce((sum, call) => sum + call.count, 0)).toBe(4 * 8);
  } finally {
    await slow.close();
  }
}, 120_000);

describe('a sync whose worker is killed', () => {
  beforeAll(() => stopWorkers());

  /** Lets one worker begin a sync and die at a point of it, and another end it. Returns what the second one did. */
  async function finishedByAnother(point: KillPoint): Promise<Step[]> {
    const [victim, next] = await Promise.all([startVictim(system), startVictim(system)]);
    try {
      victim.work(point);
      const syncing = person.sync();
      const died = await Promise.race([victim.gone.then(() => true), syncing.then(() => false)]);
      expect(died).toBe(true);
      next.work(null);
      await syncing;
      return next.steps();
    } finally {
      await Promise.all([victim.kill(), next.kill()]);
    }
  }

  const places = ['GET /me/tracks', 'GET /playlists/{id}/items', 'GET /me/albums', 'GET /me/following'];
  test.each(long ? places : places.slice(1, 2))(
    'after %s goes on from where it was, and loses nothing',
    async (label) => {
      const library = await system.admin.library(user);
      // Something of each kind is different each time, so that nothing can be taken over from before.
      const track = catalog.find((one) => !library.likes.some((like) => like.trackId === one.id));
      if (!track) throw new Error('The catalog is too small.');
      await system.admin.setLibrary(user, {
        ...library,
        likes: [...library.likes.slice(1), { trackId: track.id, addedAt: '2015-01-01T00:00:00Z' }],
        albums: library.albums.slice(1),
        follows: library.follows.slice(1),
      });
      const list = library.playlists.find((playlist) => playlist.ownerId === user);
      await system.admin.edit(user, list?.id ?? '', { op: 'insert', uris: [`spotify:track:${track.id}`] });
      const steps = await finishedByAnother({ kind: 'call', when: 'after', label, n: label === places[0] ? 2 : 1 });
      if (label === places[1]) expect(steps.map((step) => step.label)).not.toContain(places[0]);
      await expectInStep();
    },
    120_000,
  );

  test.each((['before', 'after'] as const).flatMap((when) => (long ? [1, 2, 3] : [1]).map((n) => [when, n] as const)))(
    '%s its commit %i of a part still finds all',
    async (when, n) => {
      const library = await system.admin.library(user);
      await system.admin.setLibrary(user, {
        ...library,
        likes: library.likes.slice(1),
        albums: library.albums.slice(1),
        follows: library.follows.slice(1),
      });
      await finishedByAnother({ kind: 'commit', when, label: 'advance', n });
      await expectInStep();
    },
    120_000,
  );
});
