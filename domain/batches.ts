import { actionTypes, restoreTypes, type ActionType, type RestoreType } from './reversibility';

/** Most URIs in one call to Spotify's `/me/library`, which takes one kind at a time. */
export const LIBRARY_BATCH = 40;
/** Most URIs in one write to a Spotify playlist. */
export const PLAYLIST_BATCH = 100;

/** Most items that a Spotify playlist holds. */
export const LONGEST_PLAYLIST = 10_000;

/** Most items that one read of a Spotify playlist shows. */
export const PLAYLIST_PAGE = 50;

/** Most ratings that one look at Apple Music asks about; each write names one. */
export const RATINGS_LOOK = 100;

/** Items on the first page of likes, albums or follows, by which a run tells whether they are as it knows them. */
export const HEAD_LENGTH = 50;

/** Ratings that are written, looked at and saved together. */
export const RATING_BATCH = 50;

/** An action that waits to be done. `playlistProviderId` is set for playlist actions only. */
export interface PendingAction {
  id: string;
  actionType: ActionType | RestoreType;
  uri: string;
  playlistProviderId: string | null;
}

/** Actions that go to the provider in one write; `actionIds` and `uris` run in parallel. */
export interface Batch {
  /** Named after its first action, so that it stays the same while the actions of other batches are settled. */
  key: string;
  actionType: ActionType | RestoreType;
  playlistProviderId: string | null;
  actionIds: string[];
  uris: string[];
}

/**
 * Groups actions into batches: the library's by kind, then each playlist's, playlists by first appearance. Within a batch
 * and from one batch to the next the given order is kept, so likes to be restored oldest first stay so.
 */
export function batchActions(actions: readonly PendingAction[]): Batch[] {
  const groups = new Map<string, PendingAction[]>();
  for (const kind of [...actionTypes, ...restoreTypes]) {
    for (const action of actions) {
      if (action.actionType !== kind) continue;
      const group = `${kind} ${action.playlistProviderId ?? ''}`;
      const members = groups.get(group);
      if (members) members.push(action);
      else groups.set(group, [action]);
    }
  }
  return [...groups.values()].flatMap(splitGroup);
}

const ratingActions: ReadonlySet<string> = new Set(['dislike_song', 'dislike_album', 'rerate_song', 'rerate_album']);

/** Whether an action writes a rating at Apple Music. */
export const isRating = (actionType: ActionType | RestoreType): boolean => ratingActions.has(actionType);

function sizeOf(first: PendingAction | undefined): number {
  if (first && isRating(first.actionType)) return RATING_BATCH;
  return first?.playlistProviderId == null ? LIBRARY_BATCH : PLAYLIST_BATCH;
}

/** Cuts a list into pieces of `size`, the last one shorter. */
export function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

function splitGroup(actions: readonly PendingAction[]): Batch[] {
  const size = sizeOf(actions[0]);
  const batches: Batch[] = [];
  for (let from = 0; from < actions.length; from += size) {
    const members = actions.slice(from, from + size);
    const [first] = members as [PendingAction, ...PendingAction[]];
    batches.push({
      key: `${first.actionType}:${first.id}`,
      actionType: first.actionType,
      playlistProviderId: first.playlistProviderId,
      actionIds: members.map((action) => action.id),
      uris: members.map((action) => action.uri),
    });
  }
  return batches;
}
