import { LIBRARY_BATCH, PLAYLIST_BATCH, PLAYLIST_PAGE, RATINGS_LOOK } from './batches';
import { type ItemType, spotifyItemTypes } from './capabilities';
import type { PlannedItem } from './planned-item';
import type { Loss } from './reversibility';

/** `byType` counts all items; `byLoss` counts the included ones, each under every loss it has. */
export interface ItemCounts {
  total: number;
  included: number;
  byType: Partial<Record<ItemType, number>>;
  byLoss: Partial<Record<Loss, number>>;
}

export function itemCounts(items: readonly Pick<PlannedItem, 'itemType' | 'losses' | 'included'>[]): ItemCounts {
  const counts: ItemCounts = { total: items.length, included: 0, byType: {}, byLoss: {} };
  for (const { itemType, losses, included } of items) {
    counts.byType[itemType] = (counts.byType[itemType] ?? 0) + 1;
    if (!included) continue;
    counts.included += 1;
    for (const loss of losses) counts.byLoss[loss] = (counts.byLoss[loss] ?? 0) + 1;
  }
  return counts;
}

type Countable = Pick<PlannedItem, 'itemType' | 'uri' | 'playlistProviderId' | 'action' | 'included'>;

/**
 * The fewest provider calls that can carry out the included items: a write per 40 URIs of one kind and one look per 40
 * of them afterwards; a write per 100 URIs of a playlist and one snapshot check before and after; a write for each rating, and
 * a look per 100 of them before and after; for the list of removed likes its making, a write per 100 of them and a look per 50.
 */
export function leastCalls(items: readonly Countable[]): number {
  const due = items.filter(({ included, action }) => included && action !== 'none');
  const perKind = spotifyItemTypes.filter((type) => type !== 'playlist_track').map((type) => countType(due, type));
  const perPlaylist = new Map<string, number>();
  for (const { itemType, playlistProviderId } of due) {
    if (itemType !== 'playlist_track' || playlistProviderId === null) continue;
    perPlaylist.set(playlistProviderId, (perPlaylist.get(playlistProviderId) ?? 0) + 1);
  }
  const library = perKind.reduce((sum, count) => sum + 2 * Math.ceil(count / LIBRARY_BATCH), 0);
  const ratings = (['rated_song', 'rated_album'] as const)
    .map((type) => countType(due, type))
    .reduce((sum, count) => sum + count + 2 * Math.ceil(count / RATINGS_LOOK), 0);
  const likes = due.some(({ action }) => action === 'list_removed_likes') ? countType(due, 'liked_track') : 0;
  const list = likes > 0 ? 1 + Math.ceil(likes / PLAYLIST_BATCH) + Math.ceil(likes / PLAYLIST_PAGE) : 0;
  return [...perPlaylist.values()].reduce(
    (sum, count) => sum + 2 + Math.ceil(count / PLAYLIST_BATCH),
    library + ratings + list,
  );
}

function countType(items: readonly Countable[], type: ItemType): number {
  return items.filter(({ itemType }) => itemType === type).length;
}
