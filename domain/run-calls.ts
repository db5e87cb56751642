import { batchActions, HEAD_LENGTH, isRating, PLAYLIST_BATCH, PLAYLIST_PAGE } from './batches';
import type { PlannedItem } from './planned-item';
import { type ActionType, directionOf, type RestoreType } from './reversibility';

/** How many calls of each kind; the kinds are named as the provider's client counts them. */
export type CallCounts = Readonly<Record<string, number>>;

export type Countable = Pick<PlannedItem, 'uri' | 'playlistProviderId' | 'action' | 'included' | 'positions'>;

/** How long two lists of a library are. */
export interface ListLengths {
  follows: number;
  playlists: number;
}

/** What shows the length and the top of a part: looked at before its first batch and after its last. */
const headOf: Partial<Record<ActionType | RestoreType, string>> = {
  unlike_track: 'liked_tracks',
  relike_track: 'liked_tracks',
  unsave_album: 'saved_albums',
  resave_album: 'saved_albums',
  unfollow_artist: 'followed_artists',
  refollow_artist: 'followed_artists',
  unfollow_playlist: 'playlists',
  refollow_playlist: 'playlists',
};

/**
 * The calls that a run over the included items makes when nothing goes wrong and nothing has changed, in pieces that may
 * be worked on side by side; the calls of one piece follow one another. A batch of the library is a write and a look, and
 * a playlist a look at its snapshot, then for each batch a write and another look. Follows that one page doesn't show are
 * looked at before each batch, too. Each rating is a write, looked at with the others of its batch. A playlist of the likes
 * that were removed is made, filled and read.
 * @param lengths how many artists the person follows, and how many playlists are listed, which are all looked at
 */
export function runCalls(items: readonly Countable[], { follows, playlists: listed }: ListLengths): CallCounts[] {
  const due = items.flatMap(({ uri, playlistProviderId, action, included }, index) =>
    included && action !== 'none' && action !== 'copy_playlist' && action !== 'list_removed_likes'
      ? [{ id: String(index), actionType: action, uri, playlistProviderId }]
      : [],
  );
  const copies = items.filter(({ included, action }) => included && action === 'copy_playlist');
  const likesListed = items.some(({ included, action }) => included && action === 'list_removed_likes')
    ? due.filter(({ actionType }) => actionType === 'unlike_track').length
    : 0;
  const heads = new Set<string>();
  const saved: CallCounts[] = [];
  const playlists = new Map<string, number>();
  for (const { actionType, uris, playlistProviderId } of batchActions(due)) {
    if (playlistProviderId !== null) {
      if (directionOf(actionType) === 'take_out')
        playlists.set(playlistProviderId, (playlists.get(playlistProviderId) ?? 0) + 1);
      continue;
    }
    if (isRating(actionType)) {
      // Written a few at a time, so each is a piece of its own; looked at before, after, and at the run's end.
      saved.push({ ratings: 3 }, ...uris.map(() => ({ rate: 1 })));
      continue;
    }
    const isFollow = actionType === 'unfollow_artist' || actionType === 'refollow_artist';
    const write = directionOf(actionType) === 'put_back' ? 'library_save' : 'library_remove';
    saved.push({ [write]: 1, library_contains: isFollow && follows > HEAD_LENGTH ? 2 : 1 });
    const head = headOf[actionType];
    if (head) heads.add(head);
  }
  return [
    ...[...heads].map((head) => ({
      [head]: head === 'playlists' ? 2 * Math.max(1, Math.ceil(listed / HEAD_LENGTH)) : 2,
    })),
    ...saved,
    // At least: a page of the one, the other made and looked at.
    ...copies.map(() => ({ playlist_tracks: 2, playlist_create: 1 })),
    ...insertions(items).map((gaps) => ({ playlist_state: 2, playlist_insert: gaps, playlist_items: 1 })),
    ...(likesListed > 0 ? [listCalls(likesListed)] : []),
    ...[...playlists.values()].map((batches) => ({ playlist_state: 1 + batches, playlist_remove: batches })),
  ];
}

/** In how many gaps each playlist gets tracks back, one insertion for each; what stands side by side in the file goes into one. */
function insertions(items: readonly Countable[]): number[] {
  const places = new Map<string, number[]>();
  for (const { playlistProviderId, action, included, positions } of items) {
    if (!included || playlistProviderId === null || action !== 'restore_playlist_track') continue;
    places.set(playlistProviderId, [...(places.get(playlistProviderId) ?? []), ...(positions ?? [])]);
  }
  return [...places.values()].map((all) => {
    const sorted = new Set(all);
    return Math.max(1, [...sorted].filter((place) => !sorted.has(place - 1)).length);
  });
}

const listCalls = (likes: number): CallCounts => ({
  playlist_create: 1,
  playlist_insert: Math.ceil(likes / PLAYLIST_BATCH),
  playlist_items: Math.ceil(likes / PLAYLIST_PAGE),
  playlist_state: 1,
});

/** All calls of all pieces. */
export function totalCalls(pieces: readonly CallCounts[]): number {
  return pieces.reduce((sum, piece) => sum + countsOf(piece).reduce((own, [, count]) => own + count, 0), 0);
}

/**
 * Seconds, rounded up, that the calls take: bounded by their latency over the calls made at once, by the longest piece, and
 * by the calls a second that the provider's quota allows.
 * @param latencyOf milliseconds that a call of a kind takes
 */
export function estimateSeconds(
  pieces: readonly CallCounts[],
  latencyOf: (kind: string) => number,
  { callsAtOnce, callsPerSecond }: { callsAtOnce: number; callsPerSecond: number },
): number {
  const seconds = pieces.map((piece) =>
    countsOf(piece).reduce((sum, [kind, count]) => sum + (count * latencyOf(kind)) / 1000, 0),
  );
  const atOnce = seconds.reduce((sum, own) => sum + own, 0) / Math.max(1, callsAtOnce);
  const longest = seconds.reduce((most, own) => Math.max(most, own), 0);
  const byQuota = callsPerSecond > 0 ? totalCalls(pieces) / callsPerSecond : 0;
  return Math.ceil(Math.max(atOnce, longest, byQuota));
}

const countsOf = (piece: CallCounts): [string, number][] => Object.entries(piece);
