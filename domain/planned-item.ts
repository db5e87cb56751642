import type { SpotifyItemType } from './capabilities';
import type { Match } from './matching';
import type { ActionType, Loss } from './reversibility';

/** Why nothing can be done about an item: `local_file` (Spotify refuses), or `unsupported` by the provider. */
export type NotEnforceable = 'local_file' | 'unsupported';

/**
 * One thing that a plan would change: a like, an album, a follow, or one track in one playlist with all its zero-based
 * `positions` there. `action` is `none` and `notEnforceable` says why where nothing can be done.
 */
export interface PlannedItem {
  itemType: SpotifyItemType;
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
  action: ActionType | 'none';
  losses: Loss[];
  included: boolean;
  needsReview: boolean;
  notEnforceable: NotEnforceable | null;
}
