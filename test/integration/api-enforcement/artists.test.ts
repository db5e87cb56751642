import { addAliases } from '../../../adapters/postgres/artist-aliases';
import { rememberArtists } from '../../../adapters/postgres/catalog';
import { newId } from '../../../adapters/postgres/ids';
import type { ArtistSource, FoundArtist } from '../../../adapters/providers/artist-source';
import { ProviderError } from '../../../domain/errors';
import { itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

const asked: string[] = [];
let answer: (question: string) => FoundArtist[] = () => [];
const source: ArtistSource = {
  search: (_through, query) => ask(`search ${query}`),
  artist: async (_through, id) => (await ask(`artist ${id}`))[0]!,
  credits: (_through, kind, id) => ask(`${kind} ${id}`),
};
let appleAnswer: (question: string) => FoundArtist[] = () => [];
const apple: ArtistSource = {
  search: async ({ storefront }, query) => appleAnswer(`search ${query} in ${storefront}`),
  artist: async (_through, id) => appleAnswer(`artist ${id}`)[0]!,
  credits: async (_through, kind, id) => appleAnswer(`${kind} ${id}`),
};
async function ask(question: string): Promise<FoundArtist[]> {
  asked.push(question);
  return answer(question);
}
const found = (providerId: string, name: string): FoundArtist => ({ providerId, name, imageUrl: null, genres: [] });

let harness: Harness;
let person: Caller;
beforeAll(async () => {
  harness = await startHarness({ artistSources: { spotify: source, apple_music: apple } });
});
beforeEach(async () => {
  person = await harness.person();
  asked.length = 0;
  answer = () => [];
  appleAnswer = () => [];
});
afterAll(() => harness.api.close());

const search = (query: string, limit = 20) => person.get(`artists?query=${encodeURIComponent(query)}&limit=${limit}`);
const withApple = async () => {
  const id = await harness.rows.connection(person.id, { health: 'needs_reconnect' });
  await harness.rows.em.execute(`update connections set provider = 'apple_music', storefront = 'jp' where id = ?`, [
    id,
  ]);
};
const names = async (query: string) => itemsOf(await search(query)).map(({ name }) => name);

describe('finding an artist by name', () => {
  it('ignores case and accents, and puts what fits best first', async () => {
    for (const name of ['Zanzíbar Nights', 'ZANZIBAR', 'New Zanzibar', 'Zanzibr', 'Unrelated'])
      await harness.rows.artist(name);
    expect(await names('zanzibar')).toEqual(['ZANZIBAR', 'Zanzíbar Nights', 'New Zanzibar', 'Zanzibr']);
    expect((await names('  Zanzíbar   nights '))[0]).toBe('Zanzíbar Nights');
    expect(await names('100% _')).toEqual([]);
  });

  it('finds names of other scripts', async () => {
    await harness.rows.artist('椎名林檎');
    await harness.rows.artist('Кино');
    expect(await names('椎名林檎')).toEqual(['椎名林檎']);
    expect(await names('кино')).toEqual(['Кино']);
  });

  it('shows what is in the library, and puts it before equals', async () => {
    const connection = await harness.rows.connection(person.id);
    const elsewhere = await harness.rows.artist('Twin Name', 'twin1');
    const tracks = [1, 2, 3].map((n) => ({ id: `tw${n}`, name: `Song ${n}`, artistId: 'twin2', artist: 'Twin Name' }));
    await harness.rows.library(connection, {
      tracks,
      likes: ['tw1', 'tw2'],
      playlists: [
        { id: 'p1', name: 'Mix', ownerId: 'me', tracks: ['tw1', null, 'tw1', 'tw3'] },
        { id: 'p2', name: 'Other', ownerId: 'me', tracks: ['tw1'] },
      ],
    });
    const items = itemsOf(await search('twin name'));
    expect(items.map(({ inLibrary }) => inLibrary)).toEqual([
      { tracks: 3, playlists: 2 },
      { tracks: 0, playlists: 0 },
    ]);
    expect(items[0]).toMatchObject({
      providerIds: { spotify: ['twin2'] },
      urls: { spotify: 'https://open.spotify.com/artist/twin2' },
    });
    expect(items[1]?.id).toBe(elsewhere);
    const stranger = await harness.person();
    expect((await stranger.get(`artists/${String(items[0]?.id)}`)).body.inLibrary).toEqual({ tracks: 0, playlists: 0 });
  });

  it('asks the provider where the catalog has too little, and remembers what it says', async () => {
    await harness.rows.connection(person.id);
    answer = () => [found('spq1', 'Quixotica'), found('spq2', 'Quixotica Duo')];
    const first = await search('quixotica', 2);
    expect(first.body).toMatchObject({ providerSearched: true, providerSkipped: null });
    expect(itemsOf(first)).toMatchObject([
      { name: 'Quixotica', providerIds: { spotify: ['spq1'] } },
      { name: 'Quixotica Duo' },
    ]);
    const second = await search('quixotica', 2);
    expect(second.body).toMatchObject({ providerSearched: false, providerSkipped: 'not_needed' });
    expect(itemsOf(second)).toEqual(itemsOf(first));
    expect(asked).toEqual(['search quixotica']);
  });

  it('answers from the catalog alone where the provider is away, limited, or not connected', async () => {
    await harness.rows.artist('Catalogued');
    expect((await search('catalogued')).body).toMatchObject({
      providerSearched: false,
      providerSkipped: 'no_connection',
    });
    await harness.rows.connection(person.id, { health: 'needs_reconnect' });
    expect((await search('catalogued')).body).toMatchObject({ providerSkipped: 'no_connection' });
    await harness.rows.connection(person.id);
    for (const failure of ['unavailable', 'rate_limited', 'unauthorized', 'forbidden'] as const) {
      answer = () => {
        throw new ProviderError(failure);
      };
      const got = await search('catalogued');
      expect(got.body).toMatchObject({ providerSearched: false, providerSkipped: 'provider_away' });
      expect(itemsOf(got)).toMatchObject([{ name: 'Catalogued' }]);
    }
  });

  it('finds by aliases too, says by which, and shows what tells namesakes apart', async () => {
    const { em } = harness.rows;
    const [kino, other] = [await harness.rows.artist('Кино Аврора'), await harness.rows.artist('Kino Avrora')];
    await addAliases(em, 'musicbrainz', [
      { artistId: kino, name: 'Kinó Avrora', locale: 'en' },
      { artistId: kino, name: 'Kinó Avrora', locale: 'de' },
      { artistId: kino, name: 'Aurora Cinema', locale: '' },
      { artistId: other, name: 'Kino Avrora', locale: '' },
    ]);
    await em.execute(
      `update artists set disambiguation = 'Leningrad', image_url = 'https://example.test/k.jpg' where id = ?`,
      [kino],
    );
    await em.execute(`insert into artist_genres (artist_id, genre, source) values (?, 'post-punk', 'musicbrainz')`, [
      kino,
    ]);
    const items = itemsOf(await search('kino avrora'));
    expect(items).toMatchObject([
      { id: other, matchedAlias: null, disambiguation: null },
      {
        id: kino,
        matchedAlias: { name: 'Kinó Avrora', locale: 'de', source: 'musicbrainz' },
        disambiguation: 'Leningrad',
        imageUrl: 'https://example.test/k.jpg',
        genres: ['post-punk'],
        aliases: ['Aurora Cinema', 'Kinó Avrora'],
        inLibrary: { tracks: 0, playlists: 0 },
      },
    ]);
    for (const query of ['Aurora Cin', 'the aurora cinemas'])
      expect(itemsOf(await search(query))).toMatchObject([
        { id: kino, matchedAlias: { name: 'Aurora Cinema', locale: null } },
      ]);
    expect(itemsOf(await search('кино аврора'))).toMatchObject([{ id: kino, matchedAlias: null }]);
  });

  it('asks Apple Music where Spotify is not connected or knows nobody, in the person’s storefront', async () => {
    await withApple();
    appleAnswer = (question) =>
      question === 'search applesauce in jp'
        ? [{ ...found('7001', 'Applesauce'), imageUrl: 'https://example.test/a.jpg', genres: ['Pop'] }]
        : [];
    const got = await search('applesauce', 1);
    expect(got.body).toMatchObject({ providerSearched: true, searchedProvider: 'apple_music', providerSkipped: null });
    expect(itemsOf(got)).toMatchObject([
      {
        name: 'Applesauce',
        providerIds: { apple_music: ['7001'] },
        imageUrl: 'https://example.test/a.jpg',
        genres: ['Pop'],
        urls: { apple_music: 'https://music.apple.com/us/artist/7001' },
      },
    ]);
    await harness.rows.connection(person.id);
    expect((await search('applesauce', 5)).body).toMatchObject({ searchedProvider: 'apple_music' });
    answer = () => [found('spsauce', 'Applesauce Two')];
    expect((await search('applesauce', 5)).body).toMatchObject({ searchedProvider: 'spotify' });
    answer = appleAnswer = () => {
      throw new ProviderError('rate_limited');
    };
    const alone = await search('applesauce', 5);
    expect(alone.body).toMatchObject({
      providerSearched: false,
      searchedProvider: null,
      providerSkipped: 'provider_away',
    });
    expect(itemsOf(alone)).toMatchObject([{ name: 'Applesauce' }, { name: 'Applesauce Two' }]);
  });

  it('finds whom an address of Apple Music’s names in the catalog, and asks Apple Music where that has nobody', async () => {
    const ids = await rememberArtists(harness.rows.em, 'apple_music', [{ providerId: '1369750', name: 'Appleby' }]);
    const at = (id: string) => search(`https://music.apple.com/us/artist/appleby/${id}`);
    expect(itemsOf(await at('1369750'))).toMatchObject([{ id: ids.get('1369750'), name: 'Appleby' }]);
    const unknown = { items: [], emptyReason: 'address_unknown', providerSkipped: 'no_connection' };
    expect((await at('1369751')).body).toMatchObject(unknown);
    await withApple();
    appleAnswer = (question) => [found('1369751', `Answer to ${question}`)];
    expect(itemsOf(await at('1369751'))).toMatchObject([{ name: 'Answer to artist 1369751' }]);
    appleAnswer = (question) => [found('1369752', `Answer to ${question}`)];
    const song = await search('https://music.apple.com/us/album/some/1440833098?i=1440833451');
    expect(itemsOf(song)).toMatchObject([{ name: 'Answer to track 1440833451' }]);
  });

  it('finds whom an address or an id of MusicBrainz’s names, and says that it asks nobody else', async () => {
    await withApple();
    const mbid = newId();
    const ids = await rememberArtists(harness.rows.em, 'musicbrainz', [{ providerId: mbid, name: 'Brainy' }]);
    const id = ids.get(mbid)!;
    for (const text of [`https://musicbrainz.org/artist/${mbid}/works`, mbid.toUpperCase(), id])
      expect(itemsOf(await search(text))).toMatchObject([
        { id, urls: { musicbrainz: `https://musicbrainz.org/artist/${mbid}` }, matchedAlias: null },
      ]);
    const recording = { id: newId(), at: newId() };
    await harness.rows.em.execute(
      `insert into recordings (id, source, source_id, name, digest) values (?, 'musicbrainz', ?, 'Song', '')`,
      [recording.id, recording.at],
    );
    await harness.rows.em.execute(
      `insert into recording_credits (recording_id, seq, role, provider, provider_id, name, name_key) values (?, 0, 'performer', 'musicbrainz', ?, '', '')`,
      [recording.id, mbid],
    );
    expect(itemsOf(await search(`https://musicbrainz.org/recording/${recording.at}`))).toMatchObject([{ id }]);
    for (const text of [newId(), `https://musicbrainz.org/artist/${newId()}`])
      expect((await search(text)).body).toMatchObject({
        items: [],
        emptyReason: 'not_imported',
        providerSearched: false,
        providerSkipped: 'not_searchable',
      });
  });

  it('says when nobody knows the name', async () => {
    expect((await search('Xyzzyx')).body).toMatchObject({
      items: [],
      nextCursor: null,
      emptyReason: 'no_artist_found',
    });
  });

  it('takes a hostile search for a name', async () => {
    for (const query of [
      `'; drop table artists; --`,
      `\\' or 1=1`,
      '%_%',
      '?:?',
      '$1',
      `${'\u{1f600}'.repeat(900)}`,
      '(((',
      '"',
    ])
      expect((await search(query)).body).toMatchObject({ items: [], emptyReason: 'no_artist_found' });
  });

  it.each(['', '?query=', '?query=%20', '?query=a%00b', `?query=${'x'.repeat(2_049)}`, '?query=a&limit=0'])(
    'a search for nothing (%s) is a 400',
    async (query) => {
      expect(outcome(await person.get(`artists${query.slice(0, 3_000)}`))).toEqual([400, 'invalid_request']);
    },
  );
});

describe('finding an artist by a pasted address', () => {
  const id = '4Z8W4fKeB5YxbusRsdQVPb';

  it('knows the catalog’s own without asking', async () => {
    await harness.rows.artist('Known By Id', id);
    for (const text of [`https://open.spotify.com/intl-de/artist/${id}?si=x`, `spotify:artist:${id}`, id])
      expect(itemsOf(await search(text))).toMatchObject([{ name: 'Known By Id' }]);
    expect(asked).toEqual([]);
  });

  it('asks the provider about one that the catalog does not have', async () => {
    await harness.rows.connection(person.id);
    answer = () => [found('0000000000000000000new', 'New Here')];
    const got = await search('spotify:artist:0000000000000000000new');
    expect(got.body).toMatchObject({ providerSearched: true });
    expect(itemsOf(got)).toMatchObject([{ name: 'New Here', providerIds: { spotify: ['0000000000000000000new'] } }]);
  });

  it('of a track or an album names everybody credited on it', async () => {
    await harness.rows.connection(person.id);
    answer = () => [found('cr1', 'First Credited'), found('cr2', 'Second Credited')];
    expect(await names('https://open.spotify.com/track/abc')).toEqual(['First Credited', 'Second Credited']);
    expect(await names('spotify:album:def')).toEqual(['First Credited', 'Second Credited']);
    expect(asked).toEqual(['track abc', 'album def']);
  });

  it('that names nobody says so', async () => {
    await harness.rows.connection(person.id);
    answer = () => {
      throw new ProviderError('not_found');
    };
    expect((await search('spotify:artist:gone')).body).toMatchObject({
      emptyReason: 'address_unknown',
      providerSearched: true,
    });
    expect((await search('spotify:playlist:abc')).body).toMatchObject({ emptyReason: 'address_names_no_artist' });
  });
});
