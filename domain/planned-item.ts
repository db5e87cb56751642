import type { ItemType } from './capabilities';
import type { Match } from './matching';
import type { ActionType, Loss } from './reversibility';

/**
 * Why nothing can be done about an item: `local_file` (Spotify refuses), `unsupported` by the provider, or `by_hand`: only the
 * person can do it, from the checklist.
 */
export type NotEnforceable = 'local_file' | 'unsupported' | 'by_hand';

/**
 * One thing that a plan would change: a like, an album, a follow, a rating, or one track in one playlist with all its zero-based
 * `positions` there; or, at Apple Music, a copy of a playlist without them. `action` is `none` and `notEnforceable` says why where nothing can be done.
 */
export interface PlannedItem {
  itemType: ItemType;
  uri: string;
  playlistProviderId: string | null;
  playlistName: string | null;
  positions: number[] | null;
  name: string;
  artists: string[];
  album: string | null;
  url: string | null;
  imageUrl: string | null;
  matches: Match[];
  action: ActionType | 'copy_playlist' | 'none';
  losses: Loss[];
  included: boolean;
  needsReview: boolean;
  notEnforceable: NotEnforceable | null;
}
