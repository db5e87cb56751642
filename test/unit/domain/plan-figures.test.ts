import fc from 'fast-check';
import { removalOf, spotifyItemTypes } from '../../../domain/capabilities';
import { itemCounts, leastCalls } from '../../../domain/planning';
import { removedLikesUri } from '../../../domain/removed-likes';
import { estimateSeconds, runCalls, totalCalls } from '../../../domain/run-calls';

type Type = (typeof spotifyItemTypes)[number];
const some = (count: number, itemType: Type, playlistProviderId: string | null = null, included = true) =>
  Array.from({ length: count }, (_, n) => ({
    itemType,
    uri: `${itemType}-${n}`,
    playlistProviderId,
    positions: null,
    action: removalOf(itemType),
    included,
  }));

const list = {
  itemType: 'removed_likes' as const,
  uri: removedLikesUri,
  playlistProviderId: null,
  positions: null,
  action: 'list_removed_likes' as const,
  included: true,
};

describe('figures of a plan', () => {
  test.each([
    ['nothing', [], 0],
    ['one like: a write and a look', some(1, 'liked_track'), 2],
    ['forty likes', some(40, 'liked_track'), 2],
    ['forty-one likes', some(41, 'liked_track'), 4],
    [
      'a like, an album and a follow: one kind a call',
      [...some(1, 'liked_track'), ...some(1, 'saved_album'), ...some(1, 'followed_artist')],
      6,
    ],
    ['followed playlists', some(41, 'followed_playlist'), 4],
    ['a playlist: a write between two snapshot checks', some(100, 'playlist_track', 'p'), 3],
    ['a playlist of more than a hundred tracks to remove', some(101, 'playlist_track', 'p'), 4],
    ['two playlists', [...some(1, 'playlist_track', 'p'), ...some(1, 'playlist_track', 'q')], 6],
    [
      'ratings: a write each, and a look before and after',
      Array.from({ length: 3 }, (_, n) => ({
        itemType: 'rated_song' as const,
        uri: `apple-music:song:${n}`,
        playlistProviderId: null,
        positions: null,
        action: removalOf('rated_song'),
        included: true,
      })),
      5,
    ],
    ['a list of removed likes: its making, two writes, three looks', [...some(101, 'liked_track'), list], 6 + 6],
    ['a list where no like is removed', [...some(1, 'saved_album'), list], 2],
    ['excluded items', some(500, 'liked_track', null, false), 0],
    [
      'items nothing can be done about',
      some(3, 'liked_track').map((item) => ({ ...item, action: 'none' as const })),
      0,
    ],
  ])('the least calls for %s', (_story, items, calls) => {
    expect(leastCalls(items)).toBe(calls);
  });

  test.each([
    ['nothing', [], []],
    [
      'likes: a look at the top before and after, a write and a look a batch',
      some(41, 'liked_track'),
      [{ liked_tracks: 2 }, ...Array(2).fill({ library_remove: 1, library_contains: 1 })],
    ],
    [
      'an album and a follow',
      [...some(1, 'saved_album'), ...some(1, 'followed_artist')],
      [{ saved_albums: 2 }, { followed_artists: 2 }, ...Array(2).fill({ library_remove: 1, library_contains: 1 })],
    ],
    [
      'ratings: looks at all of them, and a write each',
      ['1', '2'].map((id) => ({
        itemType: 'rated_song' as const,
        uri: `apple-music:song:${id}`,
        playlistProviderId: null,
        positions: null,
        action: removalOf('rated_song'),
        included: true,
      })),
      [{ ratings: 3 }, { rate: 1 }, { rate: 1 }],
    ],
    [
      'playlists: a look, then a write and a look a batch',
      [...some(1, 'playlist_track', 'p'), ...some(101, 'playlist_track', 'q')],
      [
        { playlist_state: 2, playlist_remove: 1 },
        { playlist_state: 3, playlist_remove: 2 },
      ],
    ],
    [
      'what comes back: a write and a look a batch, an insertion for each place in a playlist',
      [
        ...some(41, 'liked_track').map((item) => ({ ...item, action: 'relike_track' as const })),
        ...[[0, 1, 5], [2]].map((positions, n) => ({
          ...some(1, 'playlist_track', 'p')[0]!,
          uri: `track-${n}`,
          action: 'restore_playlist_track' as const,
          positions,
        })),
      ],
      [
        { liked_tracks: 2 },
        ...Array(2).fill({ library_save: 1, library_contains: 1 }),
        { playlist_state: 2, playlist_insert: 2, playlist_items: 1 },
      ],
    ],
    [
      'a list of removed likes: made, filled, read, and a look whether that was all',
      [...some(40, 'liked_track'), list],
      [
        { liked_tracks: 2 },
        { library_remove: 1, library_contains: 1 },
        { playlist_create: 1, playlist_insert: 1, playlist_items: 1, playlist_state: 1 },
      ],
    ],
    ['what is excluded', some(500, 'liked_track', null, false), []],
    [
      'what nothing can be done about',
      some(3, 'liked_track').map((item) => ({ ...item, action: 'none' as const })),
      [],
    ],
  ])('calls of a run for %s', (_story, items, pieces) => {
    expect(runCalls(items, { follows: 50, playlists: 50 })).toEqual(pieces);
  });

  test('follows that one page does not show are looked at before each batch', () => {
    const items = [...some(41, 'followed_artist'), ...some(1, 'liked_track')];
    expect(runCalls(items, { follows: 51, playlists: 0 })).toEqual([
      { liked_tracks: 2 },
      { followed_artists: 2 },
      { library_remove: 1, library_contains: 1 },
      ...Array(2).fill({ library_remove: 1, library_contains: 2 }),
    ]);
  });

  test('followed playlists are found by looking at all playlists, before and after', () => {
    expect(runCalls(some(1, 'followed_playlist'), { follows: 0, playlists: 101 })).toEqual([
      { playlists: 6 },
      { library_remove: 1, library_contains: 1 },
    ]);
  });

  test('beyond the least, a run only looks at each part twice and after each further batch, in whatever order its items come', () => {
    const item = fc
      .record({
        itemType: fc.constantFrom<Type>(...spotifyItemTypes),
        playlist: fc.constantFrom('p', 'q', 'r'),
        uri: fc.string({ maxLength: 3 }),
        included: fc.boolean(),
      })
      .map(({ itemType, playlist, uri, included }) => ({
        itemType,
        uri,
        included,
        playlistProviderId: itemType === 'playlist_track' ? playlist : null,
        positions: null,
        action: removalOf(itemType),
      }));
    fc.assert(
      fc.property(fc.array(item, { maxLength: 300, size: 'max' }), (items) => {
        const pieces = runCalls(items, { follows: 50, playlists: 50 });
        const heads = pieces.filter((piece) => !piece.library_remove && !piece.playlist_remove).length;
        const further = pieces.reduce((sum, { playlist_remove: batches = 1 }) => sum + batches - 1, 0);
        return totalCalls(pieces) === leastCalls(items) + 2 * heads + further && heads <= 4;
      }),
      { numRuns: 200 },
    );
  });

  test('losses are counted over the included items, types over all', () => {
    const item = (itemType: Type, included: boolean) => ({
      itemType,
      included,
      losses: ['date_added' as const, 'position' as const],
    });
    const items = [item('liked_track', true), item('liked_track', false), item('saved_album', true)];
    expect(itemCounts(items)).toEqual({
      total: 3,
      included: 2,
      byType: { liked_track: 2, saved_album: 1 },
      byLoss: { date_added: 2, position: 2 },
    });
    expect(itemCounts([])).toEqual({ total: 0, included: 0, byType: {}, byLoss: {} });
  });

  test.each([
    ['latency decides', Array(100).fill({ a: 1 }), 4, 100, 13],
    ['each kind has its own', [...Array(10).fill({ a: 1 }), ...Array(10).fill({ slow: 1 })], 1, 100, 25],
    ['one long piece decides', [{ a: 20 }, { a: 1 }], 4, 100, 10],
    ['the quota decides', Array(100).fill({ a: 1 }), 4, 2, 50],
    ['no quota is known', Array(10).fill({ a: 1 }), 1, 0, 5],
    ['there is nothing to do', [], 4, 5, 0],
    ['concurrency makes no sense', [{ a: 1 }, { a: 1 }], 0, 100, 1],
  ])('time when %s', (_story, pieces: Record<string, number>[], callsAtOnce, callsPerSecond, seconds) => {
    const latencyOf = (kind: string) => (kind === 'slow' ? 2_000 : 500);
    expect(estimateSeconds(pieces, latencyOf, { callsAtOnce, callsPerSecond })).toBe(seconds);
  });
});
