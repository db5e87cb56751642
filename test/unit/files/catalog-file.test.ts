import { Readable } from 'node:stream';
import { readCatalogFile } from '../../../adapters/files/catalog-file';
import type { CatalogKind, CatalogRow } from '../../../domain/catalog-imports';

const mbid = (n: number) => `0000000${n}-1111-4222-8333-444444444444`;
const spotifyId = '0OdUWJ0sBjDrqHygGUXeCF';
const trackId = '4uLU6hMCjMI75M1A2tKUQC';

async function read(kind: CatalogKind, format: 'csv' | 'json-lines', text: string, pieceLength = text.length) {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceLength) }, (_, n) =>
    bytes.subarray(n * pieceLength, (n + 1) * pieceLength),
  );
  const rows: CatalogRow[] = [];
  for await (const batch of readCatalogFile(Readable.from(pieces), format, kind)) rows.push(...batch);
  return rows;
}
const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');
const url = (resource: string, more = {}) => ({
  type: 'free streaming',
  'target-type': 'url',
  direction: 'forward',
  ended: false,
  url: { id: mbid(9), resource },
  ...more,
});
const by = (type: string, n: number, name: string) => ({
  type,
  'target-type': 'artist',
  direction: 'backward',
  artist: { id: mbid(n), name, 'sort-name': name, disambiguation: '' },
});

test('an artist of a dump comes with aliases, genres, a disambiguation, and the ids of its addresses', async () => {
  const line = {
    id: mbid(1).toUpperCase(),
    name: 'Björk',
    'sort-name': 'Björk',
    disambiguation: 'Icelandic singer',
    aliases: [
      { name: 'ビョーク', locale: 'ja', primary: true, type: 'Artist name' },
      { name: 'Bjork', locale: null, type: 'Search hint' },
      { name: 'a\0b', locale: null },
      { name: 'Guðmundsdóttir', locale: 'x\0' },
      null,
      { locale: 'en' },
    ],
    genres: [{ name: 'art pop', count: 9 }, { name: 'art pop' }, { count: 1 }],
    relations: [
      url(`https://open.spotify.com/artist/${spotifyId}`),
      url('https://music.apple.com/gb/artist/295015', { ended: true }),
      url('https://itunes.apple.com/us/artist/id295015'),
      url('https://bjork.com/'),
      url('https://example.test/a.jpg', { type: 'image' }),
      url('https://commons.wikimedia.org/wiki/File:Bj%C3%B6rk_(2012).jpg', { type: 'image' }),
      { type: 'member of band', artist: { id: mbid(2), name: 'Sugarcubes' } },
      'what is this',
    ],
    'life-span': { begin: '1965-11-21' },
  };
  const entry = {
    name: 'Björk',
    disambiguation: 'Icelandic singer',
    providerIds: { musicbrainz: [mbid(1)], spotify: [spotifyId], apple_music: ['295015'] },
    aliases: [
      { name: 'ビョーク', locale: 'ja' },
      { name: 'Guðmundsdóttir', locale: '' },
    ],
    genres: ['art pop'],
    imageUrl: 'https://commons.wikimedia.org/wiki/Special:FilePath/Bj%C3%B6rk_(2012).jpg?width=300',
  };
  for (const length of [1, 7, 10_000])
    expect(await read('artists', 'json-lines', `\ufeff${lines(line)}\r\n`, length)).toEqual([{ row: 1, entry }]);
});

test('a recording of a dump, or all of a release, come with ISRCs, ids, and who played, wrote and produced them', async () => {
  const line = {
    id: mbid(1),
    title: 'A Song',
    length: 200_000,
    isrcs: ['us-um7-17-03861', 'USUM71703861', 'nonsense'],
    'artist-credit': [
      { name: 'A', joinphrase: ' feat. ', artist: { id: mbid(2), name: 'A' } },
      { name: 'B', joinphrase: '', artist: { id: mbid(3), name: 'B' } },
    ],
    relations: [
      by('producer', 4, 'P'),
      by('producer', 4, 'P'),
      by('mix', 5, 'M'),
      url(`https://open.spotify.com/track/${trackId}`),
      url('https://music.apple.com/us/album/x/1109714933?uo=4&i=1109715066'),
      {
        type: 'performance',
        'target-type': 'work',
        work: { id: mbid(6), title: 'A Song', relations: [by('composer', 7, 'C'), by('publisher', 8, 'Q')] },
      },
    ],
  };
  const credit = (role: string, n: number, name: string) => ({
    role,
    name,
    id: { provider: 'musicbrainz', value: mbid(n) },
  });
  const recording = {
    sourceId: mbid(1),
    name: 'A Song',
    durationMs: 200_000,
    isrcs: ['USUM71703861'],
    uris: [`spotify:track:${trackId}`, 'apple-music:song:1109715066'],
    credits: [
      credit('performer', 2, 'A'),
      credit('performer', 3, 'B'),
      credit('producer', 4, 'P'),
      credit('writer', 7, 'C'),
    ],
  };
  const other = { ...recording, sourceId: mbid(2), name: 'Hidden', durationMs: null, isrcs: [], uris: [], credits: [] };
  const release = {
    id: mbid(9),
    title: 'An Album',
    date: '1999-03',
    'artist-credit': [{ name: 'A', artist: { id: mbid(2), name: 'A' } }, { name: 'nobody' }],
    'cover-art-archive': { artwork: true, front: true, count: 3 },
    media: [
      { pregap: { recording: { id: mbid(2), title: 'Hidden' } }, tracks: [{ recording: line }, { title: 'x' }, 7] },
      { tracks: [{ recording: { id: 'x', title: 'No Id' } }], 'data-tracks': [] },
      null,
    ],
  };
  const album = {
    sourceId: mbid(9),
    name: 'An Album',
    releaseDate: '1999-03',
    imageUrl: `https://coverartarchive.org/release/${mbid(9)}/front-250`,
    artists: [{ provider: 'musicbrainz', value: mbid(2) }],
  };
  const bare = { id: mbid(8), title: 'Bare', date: 'soon', 'cover-art-archive': 7, media: [] };
  const tooLong = { ...release, media: [{ tracks: Array.from({ length: 2_001 }, () => ({ recording: line })) }] };
  expect(await read('recordings', 'json-lines', lines(line, release, { ...release, id: 'x' }, tooLong, bare))).toEqual([
    { row: 1, entry: { name: 'A Song', recordings: [recording] } },
    { row: 2, entry: { name: 'An Album', recordings: [other, recording], release: album } },
    { row: 3, fault: 'bad_id', name: 'An Album' },
    { row: 4, fault: 'too_long', name: 'An Album' },
    {
      row: 5,
      entry: {
        name: 'Bare',
        recordings: [],
        release: { sourceId: mbid(8), name: 'Bare', releaseDate: null, imageUrl: null, artists: [] },
      },
    },
  ]);
});

test('lines that cannot be read are told, and the others are read', async () => {
  const rows = await read(
    'artists',
    'json-lines',
    [
      '{"id":',
      '',
      '[]',
      lines({ id: 'x', name: 'A' }, { id: mbid(1), name: '' }, { id: mbid(1), name: 'a\ud800' }),
      `"${'x'.repeat(8 * 1024 * 1024)}"`,
      lines({ id: mbid(1), name: 'Good', aliases: 7, genres: null, relations: {} }),
    ].join('\n'),
    100_000,
  );
  const fault = (row: number, code: string, name: string | null = null) => ({ row, fault: code, name });
  expect(rows).toEqual([
    fault(1, 'not_json'),
    fault(3, 'not_an_object'),
    fault(4, 'bad_id', 'A'),
    fault(5, 'bad_name'),
    fault(6, 'bad_text'),
    fault(7, 'too_long'),
    {
      row: 8,
      entry: {
        name: 'Good',
        disambiguation: null,
        providerIds: { musicbrainz: [mbid(1)] },
        aliases: [],
        genres: [],
        imageUrl: null,
      },
    },
  ]);
});

test('a table of artists', async () => {
  const text = [
    'Name,MusicBrainz,spotify,apple music,aliases,genres,image url',
    `'=cmd,https://musicbrainz.org/artist/${mbid(1)},spotify:artist:${spotifyId},7,a; b,art pop,https://example.test/x.jpg`,
    `X,,https://open.spotify.com/track/${trackId},,,,`,
    'X,nonsense,,,,,',
    'X,,,,,,',
    `,${mbid(1)},,,,,`,
    `X,${mbid(1)},,,a\0b,,`,
    `X,${mbid(1)},,,,,,y`,
    `X,${mbid(1)},,,,,javascript:alert(1)`,
  ].join('\n');
  const providerIds = { musicbrainz: [mbid(1)], spotify: [spotifyId], apple_music: ['7'] };
  const aliases = ['a', 'b'].map((name) => ({ name, locale: '' }));
  const fault = (row: number, code: string, name: string | null = 'X') => ({ row, fault: code, name });
  expect(await read('artists', 'csv', text)).toEqual([
    {
      row: 2,
      entry: {
        name: '=cmd',
        disambiguation: null,
        providerIds,
        aliases,
        genres: ['art pop'],
        imageUrl: 'https://example.test/x.jpg',
      },
    },
    fault(3, 'bad_id'),
    fault(4, 'bad_id'),
    fault(5, 'no_id'),
    fault(6, 'bad_name', null),
    fault(7, 'bad_text'),
    fault(8, 'too_many_cells'),
    fault(9, 'bad_image'),
  ]);
  await expect(read('artists', 'csv', 'artist\nX\n')).rejects.toThrow('import_no_column');
});

test('a table of recordings', async () => {
  const text = [
    'name,isrc,spotify,apple_music,duration_ms,artists,writers,producers',
    `S,us-um7-17-03861,${trackId},11,1000,A,${mbid(2)}; Some Body,https://open.spotify.com/artist/${spotifyId}`,
    'S,,,,,,A,',
    'S,nonsense,,,,,A,',
    'S,USUM71703861,,,soon,,,',
    `S,,${trackId},,,,${spotifyId},${'\u{1f3b8}'.repeat(301)}`,
  ].join('\n');
  const [first, ...others] = await read('recordings', 'csv', text);
  const entry = (more: object) => ({ name: 'S', recordings: [expect.objectContaining(more) as unknown] });
  expect(first).toEqual({
    row: 2,
    entry: entry({
      sourceId: 'USUM71703861',
      name: 'S',
      durationMs: 1_000,
      isrcs: ['USUM71703861'],
      uris: [`spotify:track:${trackId}`, 'apple-music:song:11'],
      credits: [
        { role: 'performer', name: 'A', id: null },
        { role: 'writer', name: '', id: { provider: 'musicbrainz', value: mbid(2) } },
        { role: 'writer', name: 'Some Body', id: null },
        { role: 'producer', name: '', id: { provider: 'spotify', value: spotifyId } },
      ],
    }),
  });
  expect(others).toEqual([
    { row: 3, fault: 'no_id', name: 'S' },
    { row: 4, fault: 'bad_id', name: 'S' },
    { row: 5, entry: entry({ durationMs: null, credits: [] }) },
    {
      row: 6,
      entry: entry({
        credits: [
          { role: 'writer', name: spotifyId, id: null },
          { role: 'producer', name: '\u{1f3b8}'.repeat(300), id: null },
        ],
      }),
    },
  ]);
});

test.each([
  [`https://open.spotify.com/artist/${'x'.repeat(101)}`],
  [spotifyId],
  [`spotify:artist:${spotifyId}`],
  ['https://evil.example/music.apple.com/gb/artist/657515'],
  ['javascript:alert(1)'],
])('the address %s names nobody', async (address) => {
  const [row] = await read('artists', 'json-lines', lines({ id: mbid(1), name: 'A', relations: [url(address)] }));
  expect(row).toMatchObject({ entry: { providerIds: { musicbrainz: [mbid(1)] } } });
  expect(Object.keys((row as { entry: { providerIds: object } }).entry.providerIds)).toEqual(['musicbrainz']);
});
