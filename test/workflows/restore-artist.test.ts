import { createPersonalToken } from '../../adapters/postgres/personal-tokens';
import { type ApiUnderTest, startApi } from '../integration/api/api-under-test';
import { type SandboxLibrary, type SandboxTrack, shapeOf } from '../support/sandbox-admin';
import { openStage, type Stage } from '../support/stage';

let stage: Stage;
let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  stage = await openStage();
  const { system, person } = stage;
  api = await startApi({ environment: system.environment });
  const expiresAt = new Date(Date.now() + 86_400_000);
  const scopes = ['read', 'write'] as const;
  ({ token } = await createPersonalToken(system.orm.em.fork(), {
    userId: person.userId,
    name: 'test',
    scopes: [...scopes],
    expiresAt,
  }));
}, 120_000);
afterAll(async () => {
  await api?.close();
  await stage?.system.close();
});

/** Two artists who share a song, each with songs of their own, and songs of others. */
function cast(catalog: readonly SandboxTrack[]) {
  const alone = (artistId: string) =>
    catalog.filter(({ artists }) => artists.length === 1 && artists[0]?.id === artistId);
  for (const shared of catalog) {
    const [first, second] = shared.artists;
    if (!first || !second || shared.artists.length > 2) continue;
    const [mine, mineToo] = alone(first.id);
    const [theirs] = alone(second.id);
    if (!mine || !mineToo || !theirs) continue;
    const others = catalog.filter(({ artists }) => artists.every(({ id }) => id !== first.id && id !== second.id));
    const [kept, keptToo] = others;
    if (kept && keptToo) return { first, second, shared, mine, mineToo, theirs, kept, keptToo };
  }
  throw new Error('The catalog has no such two.');
}

function libraryOf({ first, second, shared, mine, mineToo, theirs, kept, keptToo }: ReturnType<typeof cast>) {
  let time = Date.UTC(2024, 0, 1);
  const dated = <T extends object>(entry: T) => ({ ...entry, addedAt: new Date((time += 60_000)).toISOString() });
  const playlist = (id: string, tracks: SandboxTrack[]) => ({
    id: `restore-${id}`,
    name: id,
    ownerId: stage.user,
    collaborative: false,
    items: tracks.map((track) => dated({ uri: `spotify:track:${track.id}`, addedBy: stage.user })),
  });
  return {
    likes: [mineToo, theirs, kept, shared, mine].map(({ id }) => dated({ trackId: id })).reverse(),
    albums: [kept, mine].map(({ albumId }) => dated({ albumId })).reverse(),
    follows: [first.id, second.id, kept.artists[0]!.id],
    playlists: [
      playlist('first', [mine, kept, shared, theirs, mine, keptToo, shared]),
      playlist('second', [shared, mineToo, kept, theirs]),
    ],
  };
}

const without = (library: SandboxLibrary, tracks: SandboxTrack[], artistIds: string[]): SandboxLibrary => {
  const gone = new Set(tracks.map(({ id }) => `spotify:track:${id}`));
  return {
    likes: library.likes.filter(({ trackId }) => !gone.has(`spotify:track:${trackId}`)),
    albums: library.albums,
    follows: library.follows.filter((id) => !artistIds.includes(id)),
    playlists: library.playlists.map((list) => ({
      ...list,
      items: list.items.filter(({ uri }) => !gone.has(uri ?? '')),
    })),
  };
};

/** Unblocks an artist and brings back what was taken out, and waits for the end of it. */
async function bringBack(artistId: string) {
  const path = `/api/v1/blocks/${artistId}`;
  const preview = await api.call('POST', `${path}/restore-preview`, { token, body: { unblock: true } });
  const { body, status } = await api.call('POST', `${path}/restore`, { token, body: { unblock: true } });
  if (status !== 202) throw new Error(JSON.stringify(body));
  const [started] = body.runs as { runId: string; jobId: string; actions: number }[];
  expect(started?.actions).toBe(preview.body.total);
  expect(await stage.system.jobEnd(started!.jobId)).toMatchObject({ status: 'completed' });
  const run = await stage.person.run(started!.runId);
  expect(run).toMatchObject({ status: 'completed', receipt: { unexplained: 0, removed: 0 } });
  return { run, skipped: body.skipped };
}

test('an artist comes back over two runs, but for the song that another blocked artist is on', async () => {
  const { person, system } = stage;
  const roles = cast(stage.catalog);
  const library = libraryOf(roles);
  const { first, second, shared, theirs } = roles;
  await system.admin.setLibrary(stage.user, library);
  await person.sync();
  const blockAndRun = async (spotifyId: string) => {
    const artistId = await person.block(spotifyId);
    const { runId } = await stage.enforce(await person.plan());
    expect(await person.run(runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
    await person.sync();
    return { artistId, runId };
  };
  const one = await blockAndRun(first.id);
  const other = await blockAndRun(second.id);
  // The song of both went with the first run, in which nobody knew of the second artist's block.
  const back = await bringBack(one.artistId);
  expect(back).toMatchObject({ skipped: 3, run: { rollbackOf: [one.runId] } });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(without(library, [shared, theirs], [second.id])));

  const all = await bringBack(other.artistId);
  expect(all).toMatchObject({ skipped: 0, run: { rollbackOf: [one.runId, other.runId].sort() } });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(library));
}, 180_000);

test('what two runs took out, since the person had put it back between them, comes back once', async () => {
  const { person, system } = stage;
  const { small, plan } = await stage.scene();
  const [block] = await system.orm.em
    .fork()
    .execute<{ artist_id: string }[]>(`select artist_id from blocks where user_id = ?`, [person.userId]);
  const one = await stage.enforce(plan);
  await system.admin.setLibrary(stage.user, small.library);
  await person.sync();
  const other = await stage.enforce(await person.plan());
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));

  const back = await bringBack(block!.artist_id);
  expect(back).toMatchObject({ skipped: 0, run: { rollbackOf: [one.runId, other.runId].sort() } });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  const statuses = (await Promise.all([one, other].map(({ runId }) => stage.actions(runId)))).flat();
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['undone']));
}, 180_000);
