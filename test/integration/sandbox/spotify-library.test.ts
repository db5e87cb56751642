import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { admin, caller, connectSpotify } from './visitor';

interface Track {
  id: string;
  albumId: string;
  artists: { id: string; name: string }[];
}

let sandbox: Sandbox;
let spotify: ReturnType<typeof caller>;
let tracks: Track[];
beforeAll(async () => {
  sandbox = await startSandbox();
  const { access_token: token } = await connectSpotify(sandbox.url, 'second-listener');
  spotify = caller(`${sandbox.url}/spotify/v1`, token);
  tracks = (await admin(sandbox.url)('GET', '/catalog/tracks?limit=400'))['items'] as Track[];
});
afterAll(() => sandbox.close());

const track = (n: number) => tracks[n] as Track;
const put = (library: object) =>
  admin(sandbox.url)('PUT', '/users/second-listener/spotify/library', {
    likes: [],
    albums: [],
    follows: [],
    playlists: [],
    ...library,
  });
const library = () => admin(sandbox.url)('GET', '/users/second-listener/spotify/library');
const uris = (kind: string, ids: string[]) =>
  `uris=${encodeURIComponent(ids.map((id) => `spotify:${kind}:${id}`).join(','))}`;
const like = (n: number, year: number) => ({ trackId: track(n).id, addedAt: `${year}-01-02T03:04:05Z` });

describe('the library over the Web API', () => {
  it('gives back the library that was put, newest like first', async () => {
    await put({ likes: [like(0, 2019), like(1, 2021)], follows: [track(0).artists[0]?.id] });
    expect(await library()).toEqual({
      likes: [like(1, 2021), like(0, 2019)],
      albums: [],
      follows: [track(0).artists[0]?.id],
      playlists: [],
    });
    const { body } = await spotify('GET', '/me/tracks?limit=1&offset=1');
    expect(body).toMatchObject({ total: 2, limit: 1, offset: 1, next: null });
    expect(body['items']).toMatchObject([{ added_at: '2019-01-02T03:04:05Z', track: { id: track(0).id } }]);
  });

  it('puts a restored like on top with the time now, and leaves one that is there alone', async () => {
    await put({ likes: [like(0, 2019), like(1, 2021)] });
    expect((await spotify('DELETE', `/me/library?${uris('track', [track(0).id, track(5).id])}`)).status).toBe(200);
    expect(await library()).toMatchObject({ likes: [like(1, 2021)] });
    expect((await spotify('PUT', `/me/library?${uris('track', [track(1).id, track(0).id])}`)).status).toBe(200);
    const { likes } = (await library()) as { likes: { trackId: string; addedAt: string }[] };
    expect(likes.map((entry) => entry.trackId)).toEqual([track(0).id, track(1).id]);
    expect(likes[0]?.addedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(likes[1]).toEqual(like(1, 2021));
  });

  it('answers contains in the order of the question, for tracks, albums and artists', async () => {
    const artist = track(0).artists[0]?.id ?? '';
    await put({
      likes: [like(1, 2021)],
      albums: [{ albumId: track(0).albumId, addedAt: '2020-01-01T00:00:00Z' }],
      follows: [artist],
    });
    const asked = [
      `spotify:track:${track(0).id}`,
      `spotify:track:${track(1).id}`,
      `spotify:album:${track(0).albumId}`,
      `spotify:artist:${artist}`,
    ];
    const { body } = await spotify('GET', `/me/library/contains?uris=${asked.join(',')}`);
    expect(body).toEqual([false, true, true, true]);
  });

  it('follows and unfollows artists and pages through them by cursor', async () => {
    const ids = [...new Set(tracks.flatMap((one) => one.artists.map((artist) => artist.id)))].slice(0, 5);
    await put({ follows: ids });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { body } = await spotify('GET', `/me/following?type=artist&limit=2${after ? `&after=${after}` : ''}`);
      const page = body['artists'] as { items: { id: string }[]; cursors: { after?: string }; total: number };
      expect(page.total).toBe(5);
      seen.push(...page.items.map((artist) => artist.id));
      after = page.cursors.after;
    } while (after);
    expect(seen).toEqual(ids);
    await spotify('DELETE', `/me/library?${uris('artist', ids.slice(0, 2))}`);
    expect((await library())['follows']).toEqual(ids.slice(2));
  });

  it.each([
    ['no uris', '/me/library', { uris: ['spotify:track:x'] }, 'Missing required field: uris'],
    ['something that is no URI', '/me/library?uris=tide', undefined, 'Invalid URI: tide'],
    ['an unknown track', '/me/library?uris=spotify:track:tide', undefined, 'Invalid URI: spotify:track:tide'],
  ])('refuses %s', async (_what, path, body, message) => {
    expect(await spotify('PUT', path, body)).toMatchObject({ status: 400, body: { error: { status: 400, message } } });
  });

  it('answers an unknown address in its own words', async () => {
    const answer = await spotify('GET', '/tides');
    expect(answer).toMatchObject({ status: 404, body: { error: { message: 'Service not found' } } });
  });

  it('takes forty URIs and not forty-one', async () => {
    const ids = tracks.map((one) => one.id);
    expect((await spotify('PUT', `/me/library?${uris('track', ids.slice(0, 40))}`)).status).toBe(200);
    expect((await spotify('PUT', `/me/library?${uris('track', ids.slice(0, 41))}`)).status).toBe(400);
  });

  it('keeps development-mode apps away from the old calls and from private data', async () => {
    for (const [method, path] of [
      ['PUT', '/me/tracks'],
      ['DELETE', '/me/albums'],
      ['PUT', '/me/following?type=artist'],
      ['GET', '/playlists/x/tracks'],
    ] as const) {
      expect(await spotify(method, path)).toMatchObject({ status: 403, body: { error: { message: 'Forbidden' } } });
    }
    const { body } = await spotify('GET', '/me');
    expect(body['account_id']).toMatch(/^\w{22}$/);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['email']));
  });

  it('refuses a token without the scope only when it is used', async () => {
    const { access_token: token } = await connectSpotify(sandbox.url, 'second-listener', 'user-library-read');
    const limited = caller(`${sandbox.url}/spotify/v1`, token);
    expect((await limited('GET', '/me/tracks')).status).toBe(200);
    const refused = await limited('DELETE', `/me/library?${uris('track', [track(0).id])}`);
    expect(refused).toMatchObject({ status: 403, body: { error: { message: 'Insufficient client scope' } } });
  });

  it('refuses a library with a track that the catalog does not know', async () => {
    await expect(put({ likes: [{ trackId: 'tide', addedAt: '2020-01-01T00:00:00Z' }] })).rejects.toThrow(
      /tide is not in the catalog/,
    );
  });
});

describe('the extended dialect', () => {
  it('restores likes with their old dates, each at its place', async () => {
    const extended = await startSandbox({ dialect: 'extended' });
    try {
      const { access_token: token } = await connectSpotify(extended.url, 'second-listener');
      const call = caller(`${extended.url}/spotify/v1`, token);
      const before = (await admin(extended.url)('GET', '/users/second-listener/spotify/library'))['likes'] as {
        trackId: string;
        addedAt: string;
      }[];
      const gone = before.slice(3, 6);
      await call('DELETE', '/me/tracks', { ids: gone.map((entry) => entry.trackId) });
      const back = { timestamped_ids: gone.map((entry) => ({ id: entry.trackId, added_at: entry.addedAt })) };
      expect((await call('PUT', '/me/tracks', back)).status).toBe(200);
      const after = (await admin(extended.url)('GET', '/users/second-listener/spotify/library'))[
        'likes'
      ] as typeof before;
      expect(after).toEqual(before);
      expect((await call('GET', '/me/playlists')).body['items']).toMatchObject([
        { tracks: { total: expect.any(Number) } },
        {},
        {},
      ]);
    } finally {
      await extended.close();
    }
  });
});
