import fc from 'fast-check';
import { removalOf, spotifyItemTypes } from '../../../domain/capabilities';
import { estimateCalls, estimateSeconds, itemCounts, leastCalls } from '../../../domain/planning';

type Type = (typeof spotifyItemTypes)[number];
const some = (count: number, itemType: Type, playlistProviderId: string | null = null, included = true) =>
  Array.from({ length: count }, (_, n) => ({
    itemType,
    uri: `${itemType}-${n}`,
    playlistProviderId,
    action: removalOf(itemType),
    included,
  }));

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
    ['a playlist: a write between two snapshot checks', some(100, 'playlist_track', 'p'), 3],
    ['a playlist of more than a hundred tracks to remove', some(101, 'playlist_track', 'p'), 4],
    ['two playlists', [...some(1, 'playlist_track', 'p'), ...some(1, 'playlist_track', 'q')], 6],
    ['excluded items', some(500, 'liked_track', null, false), 0],
    [
      'items nothing can be done about',
      some(3, 'liked_track').map((item) => ({ ...item, action: 'none' as const })),
      0,
    ],
  ])('calls for %s', (_story, items, calls) => {
    expect(leastCalls(items)).toBe(calls);
    expect(estimateCalls(items)).toBe(calls);
  });

  test('no run takes more calls than the least, in whatever order its items come', () => {
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
        action: removalOf(itemType),
      }));
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 300, size: 'max' }),
        (items) => estimateCalls(items) === leastCalls(items),
      ),
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
    ['latency decides', 100, 500, 4, 100, 13],
    ['the quota decides', 100, 50, 4, 5, 20],
    ['no quota is known', 100, 50, 1, 0, 5],
    ['there is nothing to do', 0, 50, 4, 5, 0],
    ['concurrency makes no sense', 10, 100, 0, 100, 1],
  ])('time when %s', (_story, calls, latency, concurrency, perSecond, seconds) => {
    expect(estimateSeconds(calls, latency, concurrency, perSecond)).toBe(seconds);
  });
});
