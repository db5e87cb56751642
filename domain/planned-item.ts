import type { ItemType } from './capabilities';
import type { Match } from './matching';
import type { ActionType, Loss, RestoreType } from './reversibility';

/**
 * Why nothing can be done about an item: `local_file` (Spotify refuses), `unsupported` by the provider, or `by_hand`: only the
 * person can do it, from the checklist. `other_copies`: the playlist still has copies of a track that the file has more often; who
 * adds one could not take that one out again alone.
 */
export type NotEnforceable = 'local_file' | 'unsupported' | 'by_hand' | 'other_copies';

/**
 * One thing that a plan would change, or put back: a like, an album, a follow, a rating, or one track in one playlist with all its zero-based
 * `positions` there (or, of one to be put back, in the file); or, at Apple Music, a copy of a playlist without them; or, at Spotify, a playlist of the likes that leave. `action` is `none` and `notEnforceable` says why where nothing can be done.
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
  action: ActionType | RestoreType | 'copy_playlist' | 'none';
  losses: Loss[];
  included: boolean;
  needsReview: boolean;
  notEnforceable: NotEnforceable | null;
}
