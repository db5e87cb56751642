import type { ItemType } from './capabilities';
import { itemKey } from './plan-choices';
import type { PlannedItem } from './planned-item';

/** What a source would newly speak against in one library. */
export interface LibraryImpact {
  /** What it would take out, in the order of a plan. */
  items: PlannedItem[];
  byType: Partial<Record<ItemType, number>>;
  /** Places in playlists, of which one track may have several. */
  playlistPlaces: number;
  /** Further items that it would only have the person look at. */
  forReview: number;
}

/** What a plan makes of others, and nothing of the library's own. */
const made: readonly ItemType[] = ['playlist_copy', 'removed_likes'];

/** Compares what a plan would hold by a source with what it would hold anyway. */
export function impactOf(anyway: readonly PlannedItem[], bySource: readonly PlannedItem[]): LibraryImpact {
  const ownItems = ({ itemType }: PlannedItem) => !made.includes(itemType);
  const known = new Map(anyway.map((item) => [itemKey(item), item.matches.some(isFirm)]));
  const items = bySource.filter(
    (item) => ownItems(item) && item.matches.some(isFirm) && known.get(itemKey(item)) !== true,
  );
  const forReview = bySource.filter(
    (item) => ownItems(item) && !item.matches.some(isFirm) && !known.has(itemKey(item)),
  ).length;
  const byType: LibraryImpact['byType'] = {};
  for (const { itemType } of items) byType[itemType] = (byType[itemType] ?? 0) + 1;
  const playlistPlaces = items.reduce((sum, { positions }) => sum + (positions?.length ?? 0), 0);
  return { items, byType, playlistPlaces, forReview };
}

const isFirm = ({ needsReview }: PlannedItem['matches'][number]): boolean => !needsReview;
