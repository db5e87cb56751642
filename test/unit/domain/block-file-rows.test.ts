import { Readable } from 'node:stream';
import { readBlockFile } from '../../../adapters/files/block-file';
import { blockFileHeader, blockFileLine, type FiledBlock } from '../../../domain/block-file';
import { jsonRow, type ReadRow } from '../../../domain/block-file-rows';

const spotifyId = '0OdUWJ0sBjDrqHygGUXeCF';
const ourId = '01890000-0000-7000-8000-000000000001';
const mbid = 'b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d';
const nothing = {
  name: null,
  artistId: null,
  providerIds: {},
  note: null,
  tags: [],
  expiresAt: null,
  onExpiry: 'keep',
};

async function csv(text: string) {
  const rows: ReadRow[] = [];
  for await (const batch of readBlockFile(Readable.from([Buffer.from(text)]), 'csv')) rows.push(...batch);
  return rows;
}

test('what the export writes is read as it was, whatever is in it', async () => {
  const blocks: FiledBlock[] = [
    {
      artistId: ourId,
      name: '=cmd|x',
      providerIds: { spotify: ['a1', 'a2'], apple_music: ['7'], musicbrainz: [] },
      note: '\'@home, "they" said;\r\nno',
      tags: ['a;b', '-x', 'c\\'],
      expiresAt: new Date('2031-01-01T00:00:00.000Z'),
      onExpiry: 'restore',
      createdAt: new Date('2025-01-01T00:00:00.000Z'),
    },
  ];
  const entry = {
    artistId: ourId,
    name: '=cmd|x',
    providerIds: { spotify: ['a1', 'a2'], apple_music: ['7'] },
    note: blocks[0]?.note,
    tags: blocks[0]?.tags,
    expiresAt: blocks[0]?.expiresAt,
    onExpiry: 'restore',
  };
  expect(await csv(blockFileHeader() + blocks.map(blockFileLine).join(''))).toEqual([{ row: 2, entry }]);
  expect(
    blocks.map((block, n) => jsonRow({ row: n + 1, value: JSON.parse(JSON.stringify(block)) as unknown })),
  ).toEqual([{ row: 1, entry }]);
});

test('headers are read however people write them; what is not known is passed by', async () => {
  expect(
    await csv(`Artist Name;Spotify-URL;Colour;TAGS\nX;https://open.spotify.com/artist/${spotifyId}?si=1;red;a; \n`),
  ).toEqual([{ row: 2, entry: { ...nothing, name: 'X', providerIds: { spotify: [spotifyId] }, tags: ['a'] } }]);
  expect(await csv('name,note\nX\n')).toEqual([{ row: 2, entry: { ...nothing, name: 'X' } }]);
  await expect(csv('Some Artist\nAnother\n')).rejects.toThrow('import_no_column');
});

test('a list may hold names alone, or blocks as the list of blocks gives them', () => {
  expect(jsonRow({ row: 1, value: ' X ' })).toEqual({ row: 1, entry: { ...nothing, name: 'X' } });
  const artist = { name: 'X', providerIds: { spotify: [spotifyId] } };
  expect(
    jsonRow({ row: 2, value: { artistId: ourId, artist, note: null, tags: [], expiresAt: '2030-05-01' } }),
  ).toEqual({
    row: 2,
    entry: {
      ...nothing,
      name: 'X',
      artistId: ourId,
      providerIds: { spotify: [spotifyId] },
      expiresAt: new Date('2030-05-01T00:00:00Z'),
    },
  });
});

test.each<[string, object]>([
  [
    `name,MBID\nX,https://musicbrainz.org/artist/${mbid.toUpperCase()}/works`,
    { name: 'X', providerIds: { musicbrainz: [mbid] } },
  ],
  [`musicbrainz\n${mbid};${mbid.toUpperCase()}`, { providerIds: { musicbrainz: [mbid] } }],
  [`artist\nhttps://musicbrainz.org/artist/${mbid}`, { providerIds: { musicbrainz: [mbid] } }],
  [`artist,spotify\nspotify:artist:${spotifyId},s2`, { providerIds: { spotify: ['s2', spotifyId] } }],
  [`artist\nhttps://music.apple.com/us/artist/some/136975`, { providerIds: { apple_music: ['136975'] } }],
  [`artist\n${mbid}`, { name: mbid }],
  [`artist\nspotify:track:${spotifyId}`, { name: `spotify:track:${spotifyId}` }],
  ['artist\nAC/DC', { name: 'AC/DC' }],
])('ids and addresses of artists say who is meant: %j', async (text, entry) => {
  expect(await csv(text)).toEqual([{ row: 2, entry: { ...nothing, ...entry } }]);
});

test.each<[unknown, string, string | null]>([
  [7, 'not_an_object', null],
  [{}, 'no_artist', null],
  [{ name: ' ', note: 'x' }, 'no_artist', null],
  [{ name: 'x'.repeat(301) }, 'bad_name', null],
  [{ name: 7 }, 'bad_name', null],
  [{ name: 'X', artistId: 'x' }, 'bad_artist_id', 'X'],
  [{ name: 'X', providerIds: { spotify: [7] } }, 'bad_provider_id', 'X'],
  [{ providerIds: { spotify: [`spotify:track:${spotifyId}`] } }, 'bad_provider_id', null],
  [{ providerIds: { apple_music: ['a b'] } }, 'bad_provider_id', null],
  [{ providerIds: { musicbrainz: [`https://musicbrainz.org/release/${mbid}`] } }, 'bad_provider_id', null],
  [{ name: 'X', note: 'x'.repeat(2_001) }, 'bad_note', 'X'],
  [{ name: 'X', tags: ['x'.repeat(41)] }, 'bad_tags', 'X'],
  [{ name: 'X', tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, 'bad_tags', 'X'],
  [{ name: 'X', expiresAt: 'soon' }, 'bad_expires_at', 'X'],
  [{ name: 'X', expiresAt: '2030-05-01T00:00:00' }, 'bad_expires_at', 'X'],
  [{ name: 'X', expiresAt: '2030-02-31' }, 'bad_expires_at', 'X'],
  [{ name: 'X', expiresAt: '0000-01-01T00:00:00Z' }, 'bad_expires_at', 'X'],
  [{ name: 'X', onExpiry: 'burn' }, 'bad_on_expiry', 'X'],
  [{ name: 'X', note: 'a\0b' }, 'bad_text', 'X'],
  [{ name: 'X', tags: ['\ud800'] }, 'bad_text', 'X'],
  [{ name: 'a\0b' }, 'bad_text', null],
])('%j is a row with a fault: %s', (value, fault, name) => {
  expect(jsonRow({ row: 1, value })).toEqual({ row: 1, fault, name });
});

test('a line with more cells than the header is a fault', async () => {
  expect(await csv('name,note\nX,y,z\nX,y,,\n')).toMatchObject([
    { row: 2, fault: 'too_many_cells' },
    { row: 3, entry: {} },
  ]);
});
