import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { admin, caller, connectSpotify } from './visitor';

let sandbox: Sandbox;
let spotify: ReturnType<typeof caller>;
let uris: string[];
beforeAll(async () => {
  sandbox = await startSandbox();
  spotify = caller(`${sandbox.url}/spotify/v1`, (await connectSpotify(sandbox.url, 'listener'))['access_token']);
  const { items } = await admin(sandbox.url)('GET', '/catalog/tracks?limit=200');
  uris = (items as { id: string }[]).map(({ id }) => `spotify:track:${id}`);
});
afterAll(() => sandbox.close());

const local = 'spotify:local:A:B:C:60';
const at = '2020-01-01T00:00:00Z';
const [a, b, c] = [0, 1, 2].map((n) => () => uris[n] ?? '') as [() => string, () => string, () => string];

async function put(lists: { id: string; ownerId?: string; collaborative?: boolean; uris: (string | null)[] }[]) {
  await admin(sandbox.url)('PUT', '/users/listener/spotify/library', {
    likes: [],
    albums: [],
    follows: [],
    playlists: lists.map(({ id, ownerId = 'listener', collaborative = false, uris: list }) => {
      const items = list.map((uri) => ({ uri, addedAt: at, addedBy: ownerId }));
      return { id, name: id, ownerId, collaborative, items };
    }),
  });
}

async function sequence(id: string): Promise<(string | null)[]> {
  const { playlists } = (await admin(sandbox.url)('GET', '/users/listener/spotify/library')) as {
    playlists: { id: string; items: { uri: string | null }[] }[];
  };
  return playlists.find((playlist) => playlist.id === id)?.items.map((item) => item.uri) ?? [];
}

const snapshot = async (id: string) =>
  (await spotify('GET', `/playlists/${id}?fields=snapshot_id`)).body['snapshot_id'];

describe('playlists over the Web API', () => {
  it('shows unavailable items as null, local files without an id, and keeps their places', async () => {
    await put([{ id: 'mixed', uris: [a(), null, local, b()] }]);
    const { body } = await spotify('GET', '/playlists/mixed/items?limit=50');
    expect(body['items']).toMatchObject([
      { is_local: false, item: { uri: a() }, added_by: { id: 'listener' }, added_at: at },
      { is_local: false, item: null },
      { is_local: true, item: { id: null, uri: local } },
      { item: { uri: b() } },
    ]);
  });

  it('removes every occurrence, answers a new snapshot, and takes them back at their positions', async () => {
    await put([{ id: 'own', uris: [a(), b(), null, a(), c(), a()] }]);
    const first = await snapshot('own');
    const removed = await spotify('DELETE', '/playlists/own/items', { items: [{ uri: a() }], snapshot_id: first });
    expect(removed.status).toBe(200);
    expect(removed.body['snapshot_id']).not.toBe(first);
    expect(await snapshot('own')).toBe(removed.body['snapshot_id']);
    expect(await sequence('own')).toEqual([b(), null, c()]);
    for (const position of [0, 3, 5]) {
      expect((await spotify('POST', '/playlists/own/items', { uris: [a()], position })).status).toBe(201);
    }
    expect(await sequence('own')).toEqual([a(), b(), null, a(), c(), a()]);
  });

  it('reorders and replaces, but not both at once', async () => {
    await put([{ id: 'own', uris: [a(), b(), c()] }]);
    await spotify('PUT', '/playlists/own/items', { range_start: 2, insert_before: 0 });
    expect(await sequence('own')).toEqual([c(), a(), b()]);
    expect(
      (await spotify('PUT', '/playlists/own/items', { uris: [a()], range_start: 0, insert_before: 1 })).status,
    ).toBe(400);
    await spotify('PUT', '/playlists/own/items', { uris: [b(), b()] });
    expect(await sequence('own')).toEqual([b(), b()]);
  });

  it('refuses local files, more than a hundred items and positions beyond the end', async () => {
    await put([{ id: 'own', uris: [a(), local] }]);
    const refused = [
      await spotify('DELETE', '/playlists/own/items', { items: [{ uri: local }] }),
      await spotify('DELETE', '/playlists/own/items', { tracks: [{ uri: a() }] }),
      await spotify('POST', '/playlists/own/items', { uris: uris.slice(0, 101) }),
      await spotify('POST', '/playlists/own/items', { uris: [a()], position: 9 }),
      await spotify('POST', '/playlists/own/items', { uris: [local] }),
      await spotify('GET', '/playlists/own/items?limit=51'),
    ];
    expect(refused.map((answer) => answer.status)).toEqual([400, 400, 400, 400, 400, 400]);
    expect(await sequence('own')).toEqual([a(), local]);
  });

  it('lists a foreign playlist but shows its items to collaborators only', async () => {
    await put([
      { id: 'foreign', ownerId: 'reviewer', uris: [a(), b()] },
      { id: 'shared', ownerId: 'reviewer', collaborative: true, uris: [a(), b()] },
    ]);
    const { body } = await spotify('GET', '/me/playlists');
    expect(body['items']).toMatchObject([
      { id: 'foreign', owner: { id: 'reviewer' }, items: { total: 2 } },
      { id: 'shared', collaborative: true },
    ]);
    expect((await spotify('GET', '/playlists/foreign/items')).status).toBe(403);
    expect((await spotify('GET', '/playlists/foreign')).body).not.toHaveProperty('items');
    expect((await spotify('GET', '/playlists/shared/items')).body['total']).toBe(2);
    expect(await spotify('DELETE', '/playlists/foreign/items', { items: [{ uri: a() }] })).toMatchObject({
      status: 403,
      body: { error: { message: "You cannot remove tracks from a playlist you don't own." } },
    });
    expect((await spotify('DELETE', '/playlists/shared/items', { items: [{ uri: a() }] })).status).toBe(200);
  });

  it('changes the snapshot with each edit in the person’s own app, a rename included', async () => {
    await put([{ id: 'own', uris: [a(), b(), c()] }]);
    const seen = new Set([await snapshot('own')]);
    for (const edit of [
      { op: 'insert', uris: [c()], position: 1 },
      { op: 'remove', position: 0 },
      { op: 'move', from: 0, to: 2 },
      { op: 'rename', name: 'Ebb' },
    ]) {
      await admin(sandbox.url)('POST', '/users/listener/spotify/playlists/own/edit', edit);
      seen.add(await snapshot('own'));
    }
    expect(seen.size).toBe(5);
    expect(await sequence('own')).toEqual([b(), c(), c()]);
    expect((await spotify('GET', '/playlists/own?fields=name')).body).toEqual({ name: 'Ebb' });
  });

  it('keeps the snapshot of a playlist that was put again unchanged', async () => {
    await put([{ id: 'own', uris: [a()] }]);
    const before = await snapshot('own');
    await put([{ id: 'own', uris: [a()] }]);
    expect(await snapshot('own')).toBe(before);
  });

  it('creates a playlist and deletes an own one by taking it out of the library', async () => {
    const { status, body } = await spotify('POST', '/me/playlists', { name: 'Fresh', public: false });
    expect(status).toBe(201);
    expect((await spotify('GET', '/me/playlists')).body['items']).toMatchObject([{ id: body['id'] }, {}]);
    await spotify('DELETE', `/me/library?uris=spotify:playlist:${String(body['id'])}`);
    expect((await spotify('GET', '/me/playlists')).body['total']).toBe(1);
  });
});
