import { rememberArtists } from '../../../adapters/postgres/catalog';
import type { ArtistSource, FoundArtist } from '../../../adapters/providers/spotify/artist-source';
import { ProviderError } from '../../../domain/errors';
import { itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

const asked: string[] = [];
let answer: (question: string) => FoundArtist[] = () => [];
const source: ArtistSource = {
  search: (_connection, query) => ask(`search ${query}`),
  artist: async (_connection, id) => (await ask(`artist ${id}`))[0]!,
  credits: (_connection, kind, id) => ask(`${kind} ${id}`),
};
async function ask(question: string): Promise<FoundArtist[]> {
  asked.push(question);
  return answer(question);
}
const found = (providerId: string, name: string): FoundArtist => ({ providerId, name, imageUrl: null });

let harness: Harness;
let person: Caller;
beforeAll(async () => {
  harness = await startHarness({ artistSource: source });
});
beforeEach(async () => {
  person = await harness.person();
  asked.length = 0;
  answer = () => [];
});
afterAll(() => harness.api.close());

const search = (query: string, limit = 20) => person.get(`artists?query=${encodeURIComponent(query)}&limit=${limit}`);
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

  it('finds whom an address of Apple Music’s names in the catalog, and nowhere else', async () => {
    const ids = await rememberArtists(harness.rows.em, 'apple_music', [{ providerId: '1369750', name: 'Appleby' }]);
    const at = (id: string) => search(`https://music.apple.com/us/artist/appleby/${id}`);
    expect(itemsOf(await at('1369750'))).toMatchObject([{ id: ids.get('1369750'), name: 'Appleby' }]);
    const unknown = { items: [], emptyReason: 'address_unknown', providerSkipped: 'not_searchable' };
    expect((await at('1369751')).body).toMatchObject(unknown);
  });

  it('says when nobody knows the name', async () => {
    expect((await search('Xyzzyx')).body).toMatchObject({
      items: [],
      nextCursor: null,
      emptyReason: 'no_artist_found',
    });
  });

  it.each(['', '?query=', '?query=%20', `?query=${'x'.repeat(2_049)}`, '?query=a&limit=0'])(
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
