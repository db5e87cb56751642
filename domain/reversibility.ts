/** What a run does. Each has an inverse that a rollback does. */
export const actionTypes = [
  'unlike_track',
  'unsave_album',
  'unfollow_artist',
  'unfollow_playlist',
  'remove_playlist_track',
  'dislike_song',
  'dislike_album',
  'list_removed_likes',
] as const;
export type ActionType = (typeof actionTypes)[number];

export const restoreTypes = [
  'relike_track',
  'resave_album',
  'refollow_artist',
  'refollow_playlist',
  'restore_playlist_track',
  'rerate_song',
  'rerate_album',
  'unlist_removed_likes',
] as const;
export type RestoreType = (typeof restoreTypes)[number];

/**
 * Which way an action goes: something leaves the library (or is rated down), or comes into it. A run and each of its rollbacks go
 * opposite ways: one that carries out a plan by blocks takes out, one that restores from a file puts back.
 */
export type Direction = 'take_out' | 'put_back';

const puttingBack: ReadonlySet<string> = new Set(restoreTypes);

/** `copy_playlist`, which makes something of its own, goes with what is taken out. */
export const directionOf = (actionType: string): Direction => (puttingBack.has(actionType) ? 'put_back' : 'take_out');

/** What undoing an action can't bring back. `unrecorded`: something changed between our look and our write. */
export const losses = ['date_added', 'added_by', 'position', 'not_restorable', 'unrecorded'] as const;
export type Loss = (typeof losses)[number];

/** Which of Spotify's two sets of calls an app may use: development mode, or extended quota. */
export const spotifyDialects = ['development', 'extended'] as const;
export type SpotifyDialect = (typeof spotifyDialects)[number];

const inverses: Readonly<Record<ActionType, RestoreType>> = {
  unlike_track: 'relike_track',
  unsave_album: 'resave_album',
  unfollow_artist: 'refollow_artist',
  unfollow_playlist: 'refollow_playlist',
  remove_playlist_track: 'restore_playlist_track',
  dislike_song: 'rerate_song',
  dislike_album: 'rerate_album',
  list_removed_likes: 'unlist_removed_likes',
};

const bothWays = {
  ...inverses,
  ...Object.fromEntries(Object.entries(inverses).map(([takeOut, putBack]) => [putBack, takeOut])),
} as Readonly<Record<ActionType | RestoreType, ActionType | RestoreType>>;

/** The action that undoes this one; the inverse of that is this one again. */
export const inverseOf = (action: ActionType | RestoreType): ActionType | RestoreType => bothWays[action];

/** The action that puts back what this one takes out. */
export const putBackOf = (action: ActionType): RestoreType => inverses[action];

/**
 * What putting back loses that this action takes out: in a plan that takes out, what undoing the action will lose; in one that
 * restores from a file, what is lost at once. An empty list means exact. A rating at Apple Music comes back as it was.
 *
 * `PUT /me/library` stamps the present time, so a restored like rises to the top; only an extended-quota app may still
 * send `PUT /me/tracks` with its dates. An item put back into a playlist is dated now and counts as the person's. A playlist
 * followed again stands on top of the person's list, which no call can sort.
 * @param addedByOther somebody else had added the playlist item
 */
export function lossesOf(
  action: ActionType,
  { dialect, addedByOther }: { dialect: SpotifyDialect; addedByOther: boolean },
): Loss[] {
  if (action === 'unlike_track') return dialect === 'extended' ? [] : ['date_added', 'position'];
  if (action === 'unsave_album') return ['date_added'];
  if (action === 'unfollow_playlist') return ['position'];
  if (action === 'remove_playlist_track') return addedByOther ? ['date_added', 'added_by'] : ['date_added'];
  return [];
}

/** Newest first, as likes are listed; what has no date counts as oldest. Equal dates keep their order. */
export function newestFirst<T extends { addedAt: string | null }>(items: readonly T[]): T[] {
  return [...items].sort((one, other) => timeOf(other) - timeOf(one));
}

/** The reverse of `newestFirst`: restored in this order, one after the other, likes end up in their old order. */
export function restoreOrder<T extends { addedAt: string | null }>(items: readonly T[]): T[] {
  return newestFirst(items).reverse();
}

function timeOf({ addedAt }: { addedAt: string | null }): number {
  const time = addedAt === null ? NaN : Date.parse(addedAt);
  return Number.isNaN(time) ? Number.MIN_SAFE_INTEGER : time;
}
