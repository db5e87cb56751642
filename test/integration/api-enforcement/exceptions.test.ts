import { rememberArtists, rememberTracks } from '../../../adapters/postgres/catalog';
import { allPages, itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let serial = 0;
/** A track by its own artist, in the person's library: `track` and `artist` are catalog ids. */
let song: { uri: string; track: string; artist: string; artistUri: string };
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  person = await harness.person();
  serial += 1;
  const id = `song${serial}x`;
  const artistId = `singer${serial}x`;
  const connectionId = await harness.rows.connection(person.id);
  await harness.rows.library(connectionId, {
    tracks: [{ id, name: `Song ${serial}`, artistId, artist: `Singer ${serial}` }],
    likes: [id],
    playlists: [],
  });
  const [row] = await harness.rows.em.execute<{ id: string; artist_id: string }[]>(
    `select t.id, a.artist_id from tracks t join track_artists a on a.track_id = t.id where t.uri = ?`,
    [`spotify:track:${id}`],
  );
  song = {
    uri: `spotify:track:${id}`,
    track: row?.id ?? '',
    artist: row?.artist_id ?? '',
    artistUri: `spotify:artist:${artistId}`,
  };
});
afterAll(() => harness.api.close());

const check = async (...uris: string[]) => itemsOf(await person.send('POST', 'blocks/check', { uris }));
const blocked = async (uri: string) => (await check(uri))[0]?.blocked;

describe('checking', () => {
  it('tells a track, an artist and an address that are kept out from those that are not or are not known', async () => {
    expect(await blocked(song.uri)).toBe(false);
    await person.send('PUT', `blocks/${song.artist}`, {});
    const address = song.uri.replace('spotify:track:', 'https://open.spotify.com/track/') + '?si=1';
    const answers = await check(song.uri, 'spotify:track:nobodyknows', song.artistUri, address, 'nonsense');
    expect(answers).toMatchObject([
      {
        uri: song.uri,
        known: true,
        blocked: true,
        matches: [{ artistId: song.artist, role: 'primary', source: 'own' }],
      },
      { known: false, blocked: false, matches: [] },
      { known: true, blocked: true },
      { uri: address, known: true, blocked: true },
      { uri: 'nonsense', known: false, blocked: false },
    ]);
    expect(itemsOf(await (await harness.person()).send('POST', 'blocks/check', { uris: [song.uri] }))).toMatchObject([
      { known: true, blocked: false },
    ]);
  });

  it('knows what is Apple Music’s by its addresses', async () => {
    const { em } = harness.rows;
    const artists = await rememberArtists(em, 'apple_music', [{ providerId: `77${serial}`, name: `Singer ${serial}` }]);
    const uri = `apple-music:song:88${serial}`;
    await rememberTracks(em, 'apple_music', [
      {
        uri,
        name: `Song ${serial}`,
        durationMs: null,
        isrc: null,
        artists: [{ providerId: `77${serial}`, name: `Singer ${serial}` }],
        album: null,
      },
    ]);
    const asked = [
      uri,
      `https://music.apple.com/de/album/a-name/9?i=88${serial}`,
      `https://music.apple.com/de/artist/a-name/77${serial}`,
    ];
    expect(await check(...asked)).toMatchObject(asked.map((each) => ({ uri: each, known: true, blocked: false })));
    const artistId = artists.get(`77${serial}`);
    await person.send('PUT', `blocks/${artistId}`, {});
    const because = [{ artistId, evidence: { kind: 'provider_id', detail: `77${serial}` } }];
    expect(await check(...asked)).toMatchObject(asked.map(() => ({ blocked: true, matches: because })));
  });

  it('takes 200 and no more', async () => {
    const uris = Array.from({ length: 200 }, (_, n) => `spotify:track:t${n}`);
    expect(await check(...uris)).toHaveLength(200);
    for (const bad of [{ uris: [...uris, song.uri] }, { uris: [] }, { uris: [''] }, { uris: song.uri }, {}])
      expect(outcome(await person.send('POST', 'blocks/check', bad))).toEqual([400, 'invalid_request']);
  });
});

describe('an exception', () => {
  it('for a song keeps it though its artist is blocked; withdrawn, the block counts again', async () => {
    await person.send('PUT', `blocks/${song.artist}`, {});
    expect((await person.send('PUT', `exceptions/tracks/${song.track}`)).status).toBe(204);
    expect(await check(song.uri, song.artistUri)).toMatchObject([{ blocked: false }, { blocked: true }]);
    expect(itemsOf(await person.get('exceptions'))).toMatchObject([
      { subjectType: 'track', subjectId: song.track, name: `Song ${serial}` },
    ]);
    expect((await person.send('DELETE', `exceptions/tracks/${song.track}`)).status).toBe(204);
    expect(await blocked(song.uri)).toBe(true);
    expect(outcome(await person.send('DELETE', `exceptions/tracks/${song.track}`))).toEqual([404, 'not_found']);
  });

  it('for an artist and a block of the same one: the later holds', async () => {
    await person.send('PUT', `blocks/${song.artist}`, {});
    await person.send('PUT', `exceptions/artists/${song.artist}`);
    expect(await blocked(song.uri)).toBe(false);
    expect(itemsOf(await person.get('blocks/effective'))).toEqual([]);
    await person.send('DELETE', `blocks/${song.artist}`);
    await person.send('PUT', `blocks/${song.artist}`, {});
    expect(await blocked(song.uri)).toBe(true);
    await person.send('PUT', `exceptions/artists/${song.artist}`);
    expect(await blocked(song.uri)).toBe(false);
  });

  it('makes plans stale that would take out what it keeps, and leaves others', async () => {
    const connectionId = await harness.rows.connection(person.id);
    const plan = () => harness.rows.plan(person.id, connectionId);
    const [mine, other] = [await plan(), await plan()];
    await harness.rows.items(mine, [{ uri: song.uri, artistId: song.artist }]);
    await harness.rows.items(other, [{ uri: 'spotify:track:another', artistId: song.artist }]);
    await person.send('PUT', `exceptions/tracks/${song.track}`);
    expect((await person.get(`enforcement/plans/${mine}`)).body).toMatchObject({
      status: 'stale',
      staleReasons: ['exception_made'],
    });
    expect((await person.get(`enforcement/plans/${other}`)).body).toMatchObject({ status: 'ready' });
  });

  it('is of its person alone, of what the catalog has, and listed page by page', async () => {
    for (const kind of ['tracks', 'albums', 'artists'])
      expect(outcome(await person.send('PUT', `exceptions/${kind}/${unknownId}`))).toEqual([404, 'not_found']);
    await person.send('PUT', `exceptions/tracks/${song.track}`);
    await person.send('PUT', `exceptions/artists/${song.artist}`);
    const all = await allPages(person, 'exceptions', 1);
    expect(all.map(({ subjectType }) => subjectType)).toEqual(['artist', 'track']);
    expect(itemsOf(await person.get('exceptions?subjectType=artist'))).toHaveLength(1);
    expect((await (await harness.person()).get('exceptions')).body).toMatchObject({
      items: [],
      emptyReason: 'no_exceptions',
    });
  });
});

describe('a block of one track', () => {
  it('keeps it out though nobody on it is blocked, until it ends or is withdrawn', async () => {
    const path = `track-blocks/${song.track}`;
    expect((await person.send('PUT', path, {})).status).toBe(204);
    expect(await check(song.uri, song.artistUri)).toMatchObject([
      { blocked: true, matches: [{ evidence: { kind: 'blocked_track' } }] },
      { blocked: false },
    ]);
    await person.send('PUT', path, { expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await blocked(song.uri)).toBe(true);
    await harness.rows.em.execute(`update track_blocks set expires_at = now() where track_id = ?`, [song.track]);
    expect(await blocked(song.uri)).toBe(false);
    expect((await person.send('DELETE', path)).status).toBe(204);
    expect(outcome(await person.send('DELETE', path))).toEqual([404, 'not_found']);
    expect(outcome(await person.send('PUT', `track-blocks/${unknownId}`, {}))).toEqual([404, 'not_found']);
    expect(outcome(await person.send('PUT', path, { expiresAt: '2001-01-01T00:00:00Z' }))).toEqual([
      400,
      'invalid_request',
    ]);
  });
});
