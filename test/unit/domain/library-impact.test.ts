import type { Match } from '../../../domain/matching';
import { impactOf } from '../../../domain/library-impact';
import type { PlannedItem } from '../../../domain/planned-item';

const match = (needsReview: boolean) => ({ artistId: 'x', needsReview }) as Match;
const item = (uri: string, { doubtful = false, ...more }: Partial<PlannedItem> & { doubtful?: boolean } = {}) =>
  ({
    itemType: 'liked_track',
    uri,
    playlistProviderId: null,
    positions: null,
    matches: [match(doubtful)],
    ...more,
  }) as PlannedItem;
const inList = (uri: string, positions: number[]) =>
  item(uri, { itemType: 'playlist_track', playlistProviderId: 'p', positions });

const summary = (anyway: PlannedItem[], bySource: PlannedItem[]) => {
  const { items, ...counts } = impactOf(anyway, bySource);
  return { uris: items.map(({ uri }) => uri), ...counts };
};
const nothing = { uris: [], byType: {}, playlistPlaces: 0, forReview: 0 };

test.each<[string, PlannedItem[], PlannedItem[], ReturnType<typeof summary>]>([
  ['nothing comes of nothing', [], [], nothing],
  ['what leaves anyway is not new', [item('a')], [item('a')], nothing],
  [
    'each kind is counted, and each place in a playlist',
    [],
    [item('a'), item('b'), inList('a', [0, 4, 7])],
    { uris: ['a', 'b', 'a'], byType: { liked_track: 2, playlist_track: 1 }, playlistPlaces: 3, forReview: 0 },
  ],
  [
    'the same track in a playlist is another item',
    [item('a')],
    [item('a'), inList('a', [1])],
    { uris: ['a'], byType: { playlist_track: 1 }, playlistPlaces: 1, forReview: 0 },
  ],
  [
    'what was only for review is new where it becomes firm',
    [item('a', { doubtful: true })],
    [item('a')],
    { uris: ['a'], byType: { liked_track: 1 }, playlistPlaces: 0, forReview: 0 },
  ],
  [
    'what comes for review only is counted apart, once',
    [item('a', { doubtful: true })],
    [item('a', { doubtful: true }), item('b', { doubtful: true })],
    { ...nothing, forReview: 1 },
  ],
  [
    'what a plan would make is none of the library’s',
    [],
    [item('a', { itemType: 'playlist_copy' }), item('b', { itemType: 'removed_likes' })],
    nothing,
  ],
])('%s', (_what, anyway, bySource, expected) => {
  expect(summary(anyway, bySource)).toEqual(expected);
});
