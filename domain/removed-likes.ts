import type { PlannedItem } from './planned-item';

/** Stands for the playlist in a plan and in a journal, where it has no URI yet. */
export const removedLikesUri = 'do-not-play:removed-likes';

/** What the playlist of a run that began at this time is called; the date is UTC's. */
export const removedLikesName = (startedAt: Date): string => `Removed on ${startedAt.toISOString().slice(0, 10)}`;

/** Tells the person what the playlist is, and us which action made it. */
export const removedLikesDescription = (actionId: string): string =>
  `Likes that Do Not Play removed for you, in their order. ${actionId}`;

/** One playlist for all likes that a plan can take out; none where there are none. */
export function planRemovedLikes(likes: readonly PlannedItem[]): PlannedItem[] {
  if (likes.every(({ action }) => action === 'none')) return [];
  return [
    {
      itemType: 'removed_likes',
      uri: removedLikesUri,
      playlistProviderId: null,
      playlistName: null,
      positions: null,
      name: 'Removed on DATE',
      artists: [],
      album: null,
      url: null,
      imageUrl: null,
      matches: [],
      action: 'list_removed_likes',
      losses: [],
      included: true,
      needsReview: false,
      notEnforceable: null,
    },
  ];
}

/** Whether what a playlist holds is some of these likes in their order, and nothing else. */
export function holdsOnly(entries: readonly (string | null)[], likes: readonly string[]): boolean {
  let from = 0;
  return entries.every((uri) => {
    from = uri === null ? 0 : likes.indexOf(uri, from) + 1;
    return from > 0;
  });
}
