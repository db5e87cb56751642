import { sandboxAppleMusicKey } from '../../../adapters/environment/sandbox-apple-music-key';
import { createAppleMusicArtistSource } from '../../../adapters/providers/apple-music/artist-source';
import { createAppleMusicClient } from '../../../adapters/providers/apple-music/client';
import { createDeveloperTokens } from '../../../adapters/providers/apple-music/developer-token';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { openGate } from '../providers/open-gate';
import { appleMusicVisitor, dataOf, refusal, type Resource } from './apple-music-visitor';
import { admin, type Answer } from './visitor';

let sandbox: Sandbox;
let apple: (method: string, path: string, body?: unknown) => Promise<Answer>;
let control: ReturnType<typeof admin>;
beforeAll(async () => {
  sandbox = await startSandbox();
  const visitor = await appleMusicVisitor(sandbox.url);
  apple = visitor.api(await visitor.userToken());
  control = admin(sandbox.url);
});
afterAll(() => sandbox.close());

/** Follows `next`, with limit and include added again as an app has to. */
async function readAll(path: string, rest: string): Promise<Resource[]> {
  const all: Resource[] = [];
  for (let next: unknown = `${path}?offset=0`; typeof next === 'string';) {
    const answer: Answer = await apple('GET', `${next}&${rest}`);
    expect(answer.status).toBe(200);
    all.push(...dataOf(answer));
    next = answer.body['next'];
  }
  return all;
}

describe('what the Apple Music listener keeps', () => {
  it('is listed page by page, and next is a path with the offset alone', async () => {
    const first = await apple('GET', '/v1/me/library/songs');
    expect(dataOf(first)).toHaveLength(25);
    expect(first.body['next']).toBe('/v1/me/library/songs?offset=25');
    expect((await apple('GET', '/v1/me/library/songs?limit=100&include=catalog')).body['next']).toBe(
      '/v1/me/library/songs?offset=100',
    );
    const songs = await readAll('/v1/me/library/songs', 'limit=100');
    expect(songs.length).toBeGreaterThan(300);
    expect(new Set(songs.map(({ id }) => id)).size).toBe(songs.length);
    expect(songs.every(({ id, type }) => id.startsWith('i.') && type === 'library-songs')).toBe(true);
    expect(songs.every(({ relationships }) => relationships === undefined)).toBe(true);
    expect(refusal(await apple('GET', '/v1/me/library/songs?limit=101'))[0]).toBe(400);
  });

  it('has counterparts in the catalog where asked for, but not for uploads and withdrawn songs', async () => {
    const songs = await readAll('/v1/me/library/songs', 'limit=100&include=catalog');
    const catalogOf = (song: Resource) => song.relationships?.['catalog']?.data ?? [];
    const uploads = songs.filter((song) => song.attributes.playParams.catalogId === undefined);
    const withdrawn = songs.filter((song) => song.attributes.playParams.catalogId && catalogOf(song).length === 0);
    expect([uploads.length, withdrawn.length]).toEqual([6, 3]);
    for (const upload of uploads) expect(catalogOf(upload)).toEqual([]);
    const found = songs.filter((song) => catalogOf(song).length === 1);
    expect(found).toHaveLength(songs.length - 9);
    for (const song of found) expect(catalogOf(song)[0]?.id).toBe(song.attributes.playParams.catalogId);
  });

  it('names guests in titles only: the relationship knows the main artists', async () => {
    const songs = await readAll('/v1/me/library/songs', 'limit=100');
    const featured = songs.filter(({ attributes }) => attributes.name.includes('(feat. '));
    const joint = songs.filter(({ attributes }) => attributes.artistName.includes(' & '));
    expect(Math.min(featured.length, joint.length)).toBeGreaterThan(5);
    const ids = featured.flatMap(({ attributes }) => attributes.playParams.catalogId ?? []);
    const answer = await apple('GET', `/v1/catalog/de/songs?ids=${ids.join(',')}&include=artists`);
    expect(dataOf(answer)).toHaveLength(ids.length);
    for (const song of dataOf(answer)) {
      const artists = song.relationships?.['artists']?.data ?? [];
      expect(artists.map(({ attributes }) => attributes.name)).toEqual([song.attributes.artistName]);
    }
  });

  it('has albums, artists and a dozen playlists, one of them longer than a page and one empty', async () => {
    const albums = await readAll('/v1/me/library/albums', 'limit=100&include=catalog');
    const artists = await readAll('/v1/me/library/artists', 'limit=100&include=catalog');
    const playlists = await readAll('/v1/me/library/playlists', 'limit=100');
    expect(albums.length).toBeGreaterThan(30);
    expect(albums.every(({ id, relationships }) => id.startsWith('l.') && relationships?.['catalog'])).toBe(true);
    expect(artists.every(({ id }) => id.startsWith('r.'))).toBe(true);
    expect(playlists).toHaveLength(12);
    const called = (name: string) => playlists.find(({ attributes }) => attributes.name === name)?.id;
    const long = await readAll(`/v1/me/library/playlists/${called('Everything for the journey')}/tracks`, 'limit=100');
    expect(long).toHaveLength(180);
    const empty = await apple('GET', `/v1/me/library/playlists/${called('For the train')}/tracks`);
    expect(refusal(empty)).toEqual([404, '40403']);
    expect(refusal(await apple('GET', '/v1/me/library/playlists/p.nothing/tracks'))).toEqual([404, '40400']);
  });

  it('can not be deleted by an app', async () => {
    const [song] = dataOf(await apple('GET', '/v1/me/library/songs?limit=1'));
    const [playlist] = dataOf(await apple('GET', '/v1/me/library/playlists?limit=1'));
    for (const path of [`songs/${song?.id}`, `playlists/${playlist?.id}`, `playlists/${playlist?.id}/tracks`]) {
      expect([path, (await apple('DELETE', `/v1/me/library/${path}`)).status]).toEqual([path, 401]);
    }
    expect(dataOf(await apple('GET', '/v1/me/library/songs?limit=1'))).toEqual([song]);
  });
});

describe('the catalog', () => {
  it('finds by id, by ISRC and by words, needs no user token, and leaves unknown ids out', async () => {
    const visitor = await appleMusicVisitor(sandbox.url);
    const anybody = visitor.api(null);
    const { items } = await control('GET', '/catalog/tracks?limit=3');
    const [track] = items as { id: string; name: string; appleMusicId: string; artists: { name: string }[] }[];
    const byId = await anybody('GET', `/v1/catalog/us/songs?ids=${track?.appleMusicId},1`);
    expect(dataOf(byId)).toHaveLength(1);
    const isrc = String(dataOf(byId)[0]?.attributes['isrc']);
    expect(dataOf(await anybody('GET', `/v1/catalog/us/songs?filter[isrc]=${isrc}`)).map(({ id }) => id)).toContain(
      track?.appleMusicId,
    );
    const artist = track?.artists[0]?.name ?? '';
    const found = await anybody('GET', `/v1/catalog/us/search?types=artists&term=${encodeURIComponent(artist)}`);
    const { artists } = found.body['results'] as { artists: { data: Resource[] } };
    expect(artists.data[0]?.attributes.name).toBe(artist);
    expect(dataOf(await anybody('GET', `/v1/catalog/us/artists?ids=${artists.data[0]?.id}`))).toHaveLength(1);
    const nothing = await anybody('GET', '/v1/catalog/us/search?types=artists&term=nobody%20of%20this%20name');
    expect(nothing.body['results']).toEqual({});
    expect((await anybody('GET', '/v1/catalog/us/search?term=love')).status).toBe(400);
    expect((await anybody('GET', '/v1/catalog/atlantis/songs?ids=1')).status).toBe(400);
    const many = Array.from({ length: 301 }, (_, place) => place + 1).join(',');
    expect((await anybody('GET', `/v1/catalog/us/songs?ids=${many}`)).status).toBe(400);
    expect(refusal(await anybody('GET', '/v1/catalog/us/songs/1'))).toEqual([404, '40400']);
  });
});

describe('questions about artists', () => {
  const through = { connectionId: 'c', storefront: 'jp' };
  const source = () => {
    const gate = openGate();
    const tokens = createDeveloperTokens(sandboxAppleMusicKey());
    const client = createAppleMusicClient({
      apiUrl: `${sandbox.url}/apple-music/v1`,
      tokens,
      gate,
      timeoutSeconds: 10,
    });
    return createAppleMusicArtistSource({ client, quota: 'apple' });
  };
  const fault = (status: number) =>
    control('POST', '/faults', {
      service: 'apple_music',
      method: 'GET',
      route: '/catalog/{storefront}/search',
      times: 1,
      status,
    });

  it('are answered by name, by id and by what an artist is credited on, without anybody’s token', async () => {
    const ask = source();
    const { items } = await control('GET', '/catalog/tracks?limit=1');
    const [track] = items as { appleMusicId: string; artists: { name: string }[] }[];
    const [credited] = await ask.credits(through, 'track', String(track?.appleMusicId));
    expect(credited?.name).toBe(track?.artists[0]?.name);
    const [found] = await ask.search(through, String(credited?.name), 10);
    expect(found).toEqual({
      providerId: credited?.providerId,
      name: credited?.name,
      imageUrl: expect.stringMatching(/-300x300\.jpg$/) as string,
      genres: expect.not.arrayContaining(['Music']) as string[],
    });
    expect(await ask.artist(through, String(found?.providerId))).toEqual(found);
    expect(await ask.search({ ...through, storefront: null }, 'nobody of this name anywhere', 10)).toEqual([]);
    for (const nobody of [ask.artist(through, '1'), ask.credits(through, 'album', '1')])
      await expect(nobody).rejects.toMatchObject({ failure: 'not_found' });
  });

  it.each([
    [429, 'rate_limited'],
    [500, 'unavailable'],
  ])('say what a %i is', async (status, failure) => {
    await fault(status);
    await expect(source().search(through, 'love', 10)).rejects.toMatchObject({ failure });
  });
});

describe('ratings', () => {
  const rate = (path: string, value: number) =>
    apple('PUT', `/v1/me/ratings/${path}`, { type: 'rating', attributes: { value } });
  const rating = async (path: string) => {
    const answer = await apple('GET', `/v1/me/ratings/${path}`);
    return answer.status === 404 ? null : (dataOf(answer)[0]?.attributes['value'] as number);
  };

  it('are the same for a thing of the library and its counterpart in the catalog', async () => {
    const songs = await readAll('/v1/me/library/songs', 'limit=100');
    const song = songs.find(({ attributes: { playParams } }) => playParams.catalogId?.length === 9) ?? songs[0];
    const [library, catalog] = [`library-songs/${song?.id}`, `songs/${song?.attributes.playParams.catalogId}`];
    await apple('DELETE', `/v1/me/ratings/${catalog}`);
    expect(refusal(await apple('GET', `/v1/me/ratings/${library}`))).toEqual([404, '40400']);
    expect((await rate(catalog, -1)).body['data']).toMatchObject([{ type: 'ratings', attributes: { value: -1 } }]);
    expect([await rating(library), await rating(catalog)]).toEqual([-1, -1]);
    await rate(library, 1);
    expect([await rating(library), await rating(catalog)]).toEqual([1, 1]);
    expect((await apple('DELETE', `/v1/me/ratings/${library}`)).status).toBe(204);
    expect([await rating(library), await rating(catalog)]).toEqual([null, null]);
    expect((await apple('DELETE', `/v1/me/ratings/${catalog}`)).status).toBe(204);
  });

  it('can be asked for in a batch that leaves unrated things out', async () => {
    const [first, second] = dataOf(await apple('GET', '/v1/me/library/albums?limit=2'));
    await rate(`library-albums/${first?.id}`, -1);
    const answer = await apple('GET', `/v1/me/ratings/library-albums?ids=${first?.id},${second?.id}`);
    expect(dataOf(answer).map(({ id }) => id)).toEqual([first?.id]);
    const { ratings } = await control('GET', '/users/apple-listener/apple-music/library');
    const id = first?.attributes.playParams.catalogId;
    expect(ratings).toContainEqual({ type: 'albums', id, value: -1 });
  });

  it('exist for uploads under their library id, and for nothing unknown, no artist and no other value', async () => {
    const songs = await readAll('/v1/me/library/songs', 'limit=100');
    const upload = songs.find(({ attributes }) => attributes.playParams.catalogId === undefined);
    await rate(`library-songs/${upload?.id}`, -1);
    expect(await rating(`library-songs/${upload?.id}`)).toBe(-1);
    expect((await rate('songs/1', -1)).status).toBe(404);
    expect((await rate('artists/1', -1)).status).toBe(404);
    expect((await rate(`library-songs/${upload?.id}`, 0)).status).toBe(400);
  });
});

describe('playlists', () => {
  it('are made with 201, grow at the end only, and show it later where a lag is ordered', async () => {
    const songs = dataOf(await apple('GET', '/v1/me/library/songs?limit=3'));
    const made = await apple('POST', '/v1/me/library/playlists', {
      attributes: { name: 'Without them', description: 'filtered' },
      relationships: { tracks: { data: [{ id: songs[0]?.id, type: 'library-songs' }] } },
    });
    expect(made.status).toBe(201);
    const path = `/v1/me/library/playlists/${dataOf(made)[0]?.id}/tracks`;
    const add = (song?: Resource) =>
      apple('POST', path, { data: [{ id: song?.attributes.playParams.catalogId, type: 'songs' }] });
    const shown = async () => dataOf(await apple('GET', path)).map(({ id }) => id);
    const known = songs.slice(1).filter(({ attributes }) => attributes.playParams.catalogId);
    expect(known.length).toBeGreaterThan(0);
    await control('POST', '/faults', { service: 'apple_music', method: 'POST', readLagMs: 60_000 });
    expect((await add(known[0])).status).toBe(204);
    expect(await shown()).toEqual([songs[0]?.id]);
    const { playlists } = await control('GET', '/users/apple-listener/apple-music/library');
    const [truth] = (playlists as { name: string; items: { id: string }[] }[]).filter((p) => p.name === 'Without them');
    expect(truth?.items.map(({ id }) => id)).toEqual([songs[0]?.id, known[0]?.id]);
  });

  it('that Apple keeps up take nothing', async () => {
    const playlists = await readAll('/v1/me/library/playlists', 'limit=100');
    const fixed = playlists.find(({ attributes }) => attributes['canEdit'] === false);
    const answer = await apple('POST', `/v1/me/library/playlists/${fixed?.id}/tracks`, {
      data: [{ id: '1', type: 'songs' }],
    });
    expect(refusal(answer)).toEqual([403, '40312']);
  });
});

describe('the admin', () => {
  it('puts a library in place of the present one, in the words of the catalog', async () => {
    const { items } = await control('GET', '/catalog/tracks?limit=2');
    const [track, other] = items as { id: string; appleMusicId: string; albumId: string }[];
    await control('PUT', '/users/reviewer/apple-music/library', {
      songs: [{ catalogId: track?.appleMusicId }, { catalogId: null, name: 'Demo', artistName: 'Nobody' }],
      albums: [{ catalogId: other?.albumId }],
      playlists: [{ name: 'One', items: [{ catalogId: other?.id }] }],
      ratings: [{ type: 'songs', id: track?.appleMusicId, value: -1 }],
    });
    const library = await control('GET', '/users/reviewer/apple-music/library');
    expect(library).toMatchObject({
      songs: [{ catalogId: track?.appleMusicId }, { catalogId: null, name: 'Demo' }],
      playlists: [{ name: 'One', items: [{ catalogId: other?.appleMusicId }] }],
      ratings: [{ type: 'songs', id: track?.appleMusicId, value: -1 }],
    });
    await control('PUT', '/users/reviewer/apple-music/library', library);
    expect(await control('GET', '/users/reviewer/apple-music/library')).toEqual(library);
    await expect(control('PUT', '/users/reviewer/apple-music/library', { songs: [{}] })).rejects.toThrow(/400/);
  });

  it('orders faults by service and route, and counts the calls', async () => {
    await control('DELETE', '/faults');
    await control('DELETE', '/calls');
    const song = { service: 'apple_music', route: '/me/library/songs' };
    await control('POST', '/faults', { ...song, status: 500 });
    await control('POST', '/faults', { ...song, status: 429, retryAfter: 7 });
    await control('POST', '/faults', { ...song, status: 403 });
    expect(refusal(await apple('GET', '/v1/me/library/songs'))).toEqual([500, '50001']);
    expect((await apple('GET', '/v1/me/library/songs')).headers.get('retry-after')).toBe('7');
    expect(refusal(await apple('GET', '/v1/me/library/songs'))).toEqual([403, '40300']);
    expect((await apple('GET', '/v1/me/library/songs')).status).toBe(200);
    const { items } = await control('GET', '/calls');
    const read = { service: 'apple_music', method: 'GET', route: '/me/library/songs', count: 1 };
    expect(items).toEqual([500, 429, 403, 200].map((status) => expect.objectContaining({ ...read, status }) as object));
  });
});
