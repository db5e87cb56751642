import { createPersonalToken } from '../../adapters/postgres/personal-tokens';
import { type ApiUnderTest, startApi } from '../integration/api/api-under-test';
import { type SandboxLibrary, type SandboxTrack, shapeOf } from '../support/sandbox-admin';
import type { SmallLibrary } from '../support/small-library';
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
  const other = await stage.enforce(await stage.plan());
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));

  const back = await bringBack(block!.artist_id);
  expect(back).toMatchObject({ skipped: 0, run: { rollbackOf: [one.runId, other.runId].sort() } });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  const statuses = (await Promise.all([one, other].map(({ runId }) => stage.actions(runId)))).flat();
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['undone']));
}, 180_000);

describe('from a backup', () => {
  const call = async (method: string, path: string, options: { body?: unknown; raw?: string; type?: string } = {}) => {
    const { body, raw, type } = options;
    const headers = type === undefined ? {} : { headers: { 'content-type': type } };
    const answer = await api.call(method, `/api/v1/${path}`, {
      token,
      body,
      ...(raw === undefined ? {} : { raw }),
      ...headers,
    });
    if (answer.status >= 400) throw new Error(`${path}: ${answer.text}`);
    return answer;
  };
  const ended = async ({ body }: Awaited<ReturnType<typeof call>>): Promise<Record<string, unknown>> => {
    expect(await stage.system.jobEnd(String(body.jobId))).toMatchObject({ status: 'completed' });
    return body;
  };
  const connection = () => `connections/${stage.person.connectionId}/library`;

  /** A person loses all of a few tracks, an album and a follow by hand, and has put something into a playlist meanwhile. */
  function losing({ library, blockedArtistId }: SmallLibrary): SandboxLibrary {
    const [first, second] = library.playlists as [
      SandboxLibrary['playlists'][number],
      SandboxLibrary['playlists'][number],
    ];
    const own = { ...first.items[0]!, uri: `spotify:track:${stage.catalog.at(-1)!.id}` };
    const withoutUris = (list: typeof first, uris: unknown[]) => list.items.filter(({ uri }) => !uris.includes(uri));
    return {
      likes: library.likes.slice(1),
      albums: library.albums.slice(0, 1),
      follows: library.follows.filter((id) => id === blockedArtistId),
      playlists: [
        { ...first, items: [...withoutUris(first, [first.items[0]!.uri, first.items[5]!.uri]), own] },
        { ...second, items: withoutUris(second, [second.items[0]!.uri, second.items[4]!.uri]) },
      ],
    };
  }

  async function lostWithBackup(format: 'json' | 'csv') {
    const { small } = await stage.scene();
    const file = (await call('GET', `${connection()}/export?format=${format}`)).text;
    const lost = losing(small);
    await stage.system.admin.setLibrary(stage.user, lost);
    return { small, file, lost, own: lost.playlists[0]!.items.at(-1)! };
  }

  async function planFrom(file: string, type: string): Promise<string> {
    return String((await ended(await call('POST', `${connection()}/restore`, { raw: file, type }))).planId);
  }

  test('what a person lost by hand comes back to its places and out again, and nothing that a block wants out comes unasked', async () => {
    const { small, file, lost, own } = await lostWithBackup('json');
    const planId = await planFrom(file, 'application/json');
    const plan = `enforcement/plans/${planId}`;
    const items = (await call('GET', `${plan}/items?limit=100`)).body.items as Record<string, unknown>[];
    const blocked = items.filter(({ needsReview }) => needsReview);
    expect(
      blocked.map(({ itemType, included, reason }) => [itemType, included, (reason as { code: string }).code]),
    ).toEqual([
      ['liked_track', false, 'still_blocked'],
      ['followed_playlist', false, 'still_blocked'],
      ['playlist_track', false, 'still_blocked'],
    ]);
    expect(items.map(({ losses }) => losses)).toEqual([
      ['date_added', 'position'],
      ['date_added'],
      [],
      ['position'],
      ...Array.from({ length: 4 }, () => ['date_added']),
    ]);
    const { body: before } = await call('GET', plan);
    expect(before).toMatchObject({ planType: 'restore', status: 'ready', counts: { total: 8, included: 5 } });
    await call('PATCH', `${plan}/items`, { body: { filter: { needsReview: true }, included: true } });
    const { body: chosen } = await call('GET', plan);
    const preview = (await call('GET', `${plan}/playlists/${small.library.playlists[0]!.id}`)).body.items;
    const after = (preview as { uri: string; after: number | null }[]).map(({ uri }) => uri);

    await stage.system.admin.forgetCalls();
    const run = await ended(await call('POST', `${plan}/execute`, { body: { confirm: true } }));
    const done = await call('GET', `enforcement/runs/${String(run.runId)}`);
    expect(done.body).toMatchObject({
      runType: 'restore',
      status: 'completed',
      counts: { applied: 8, failed: 0 },
      receipt: { restored: 11, removed: 0, unexplained: 0 },
      providerCalls: chosen.providerCalls,
    });
    const wanted = shapeOf(small.library);
    const firstId = small.library.playlists[0]!.id;
    wanted.playlists[firstId] = [...wanted.playlists[firstId]!, own.uri];
    expect(shapeOf(await stage.library())).toEqual(wanted);
    expect(wanted.playlists[firstId]).toEqual(after);

    const undo = await ended(await call('POST', `enforcement/runs/${String(run.runId)}/rollback`, { body: {} }));
    expect((await call('GET', `enforcement/runs/${String(undo.runId)}`)).body).toMatchObject({
      status: 'completed',
      counts: { applied: 8 },
      receipt: { restored: 0, removed: 11, unexplained: 0 },
    });
    expect((await call('GET', `enforcement/runs/${String(run.runId)}`)).body).toMatchObject({ undone: 'fully' });
    expect(shapeOf(await stage.library())).toEqual(shapeOf(lost));
  }, 180_000);

  test('answers that get lost double nothing, and what the person has put back meanwhile is theirs', async () => {
    const { small, file, lost } = await lostWithBackup('csv');
    const fault = (fields: Record<string, unknown>) => stage.system.admin.fault({ service: 'spotify', ...fields });
    const planId = await planFrom(file, 'text/csv');
    await call('PATCH', `enforcement/plans/${planId}/items`, { body: { filter: {}, included: true } });
    const [first, second] = small.library.playlists;
    const [like] = small.library.likes;
    // The like comes back by hand.
    await stage.system.admin.setLibrary(stage.user, { ...lost, likes: small.library.likes });
    await fault({ method: 'POST', route: '/playlists/{id}/items', dropAnswer: true });
    await fault({ method: 'PUT', route: '/me/library', dropAnswer: true });
    const run = await ended(await call('POST', `enforcement/plans/${planId}/execute`, { body: { confirm: true } }));
    const library = await stage.library();
    expect(shapeOf(library).playlists[second!.id]).toEqual(shapeOf(small.library).playlists[second!.id]);
    expect(shapeOf(library).playlists[first!.id]?.slice(0, -1)).toEqual(shapeOf(small.library).playlists[first!.id]);
    const liked = (await stage.actions(String(run.runId))).find(({ uri }) => uri === `spotify:track:${like!.trackId}`);
    expect(liked).toMatchObject({ status: 'skipped', outcome_code: 'already_present' });
    await ended(await call('POST', `enforcement/runs/${String(run.runId)}/rollback`, { body: {} }));
    expect(shapeOf(await stage.library())).toEqual({ ...shapeOf(lost), likes: shapeOf(small.library).likes });
  }, 180_000);
});
