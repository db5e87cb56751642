import { readLibraryFile } from '../../../adapters/files/library-file';
import { DomainError } from '../../../domain/errors';
import type { LibraryRecord } from '../../../domain/library-file';

const encoder = new TextEncoder();

/** Read in pieces of seven bytes, so that nothing depends on where they are cut. */
async function read(text: string, format: 'csv' | 'json'): Promise<LibraryRecord[]> {
  async function* pieces() {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length; at += 7) yield await Promise.resolve(bytes.subarray(at, at + 7));
  }
  const records: LibraryRecord[] = [];
  for await (const batch of readLibraryFile(pieces(), format, 'spotify')) records.push(...batch);
  return records;
}

async function fault(text: string, format: 'csv' | 'json') {
  const error: unknown = await read(text, format).catch((reason: unknown) => reason);
  return error instanceof DomainError ? [error.code, error.extras.params?.place] : error;
}

const item = (uri: string | null, about: object = {}) => ({
  position: 0,
  uri,
  name: 'Bóreas',
  artists: ['A', 'B'],
  album: null,
  ...about,
});
const document = {
  format: 'do-not-play/library',
  formatVersion: 1,
  provider: 'spotify',
  accountName: 'Listener',
  syncedAt: '2026-11-01T10:00:00.000Z',
  likes: [item('spotify:track:one', { addedAt: '2020-01-01T00:00:00Z' })],
  albums: [],
  follows: [item('spotify:artist:a')],
  playlists: [
    {
      id: 'mine',
      position: 0,
      name: 'Mix',
      ownerId: 'me',
      own: true,
      length: 2,
      items: [item(null), item('spotify:episode:e', { addedBy: 'me' })],
    },
    { id: 'theirs', position: 1, name: 'Not mine', ownerId: 'them', own: false, length: 9, readable: false, items: [] },
  ],
};
const texts = { name: 'Bóreas', artists: ['A', 'B'], album: null };
const records: LibraryRecord[] = [
  { kind: 'about', syncedAt: '2026-11-01T10:00:00.000Z' },
  { kind: 'likes', item: { uri: 'spotify:track:one', addedAt: '2020-01-01T00:00:00Z', addedBy: null, texts } },
  { kind: 'follows', item: { uri: 'spotify:artist:a', addedAt: null, addedBy: null, texts } },
  { kind: 'playlist', id: 'mine', name: 'Mix', ownerId: 'me' },
  { kind: 'playlist_item', item: { uri: null, addedAt: null, addedBy: null, texts } },
  { kind: 'playlist_item', item: { uri: 'spotify:episode:e', addedAt: null, addedBy: 'me', texts } },
  { kind: 'playlist', id: 'theirs', name: 'Not mine', ownerId: 'them' },
];
const csv = [
  'kind,playlist_id,playlist_name,position,uri,name,artists,album,added_at,added_by',
  'library,,,,,Listener,,,2026-11-01T10:00:00.000Z,',
  'like,,,0,spotify:track:one,Bóreas,A; B,,2020-01-01T00:00:00Z,',
  'follow,,,0,spotify:artist:a,Bóreas,A; B,,,',
  'playlist,mine,Mix,0,spotify:playlist:mine,Mix,,,,me',
  'playlist_item,mine,Mix,0,,Bóreas,A; B,,,',
  'playlist_item,mine,Mix,1,spotify:episode:e,Bóreas,A; B,,,me',
  'playlist,theirs,Not mine,1,spotify:playlist:theirs,Not mine,,,,them',
];

test('a library in JSON and in CSV is read to the same records', async () => {
  expect(await read(JSON.stringify(document), 'json')).toEqual(records);
  expect(await read(csv.join('\r\n'), 'csv')).toEqual(records);
});

test.each([
  ['no JSON', '{"format":', 'JSON'],
  ['text behind it', `${JSON.stringify(document)}x`, 'JSON'],
  ['another document', '{"blocks":[]}', 'JSON'],
  ['another version', JSON.stringify({ ...document, formatVersion: 2 }), 'formatVersion'],
  ['an item that is none', JSON.stringify({ ...document, likes: [item('spotify:track:a'), 7] }), 'likes[1]'],
  ['an album among the likes', JSON.stringify({ ...document, likes: [item('spotify:album:a')] }), 'likes[0]'],
  ['a like without an address', JSON.stringify({ ...document, likes: [item(null)] }), 'likes[0]'],
  ['an address with more in it', JSON.stringify({ ...document, likes: [item('spotify:track:a,b')] }), 'likes[0]'],
  ['a playlist without an id', JSON.stringify({ ...document, playlists: [{ length: 0, items: [] }] }), 'playlists[0]'],
])('JSON that is no library is refused with the place: %s', async (_what, text, place) => {
  expect(await fault(text, 'json')).toEqual(['library_file_invalid', place]);
});

test.each([
  ['another table', ['name,note', 'A,B'], 'row 1'],
  ['a line of no kind', [csv[0], 'song,,,0,spotify:track:a,,,,,'], 'row 2'],
  ['a place of another playlist', [...csv.slice(0, 5), 'playlist_item,other,Mix,0,spotify:track:a,,,,,'], 'row 6'],
])('CSV that is no library is refused with the row: %s', async (_what, lines, place) => {
  expect(await fault(lines.join('\n'), 'csv')).toEqual(['library_file_invalid', place]);
});

test('a library of another provider is told from a damaged one', async () => {
  const ofApple = { ...document, provider: 'apple_music' };
  expect(await fault(JSON.stringify(ofApple), 'json')).toEqual(['library_file_of_other_provider', 'provider']);
  const line = 'like,,,0,apple-music:song:1,,,,,';
  expect(await fault([csv[0], line].join('\n'), 'csv')).toEqual(['library_file_of_other_provider', 'row 2']);
});
