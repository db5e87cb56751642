import { lossesOf, spotifyDialects, type ActionType, type SpotifyDialect } from './reversibility';

export const providers = ['spotify', 'apple_music'] as const;
export type StreamingProvider = (typeof providers)[number];

export const spotifyItemTypes = [
  'liked_track',
  'saved_album',
  'followed_artist',
  'followed_playlist',
  'playlist_track',
] as const;
export type SpotifyItemType = (typeof spotifyItemTypes)[number];

export const itemTypes = [
  ...spotifyItemTypes,
  'rated_song',
  'rated_album',
  'manual',
  'playlist_copy',
  'removed_likes',
] as const;
export type ItemType = (typeof itemTypes)[number];

/**
 * What can be done with one kind of item at one provider. `canRemove`: a run can act on it; `canRestore`: a rollback can
 * take that back; `exact`: and then nothing is lost; `canRestoreFromFile`: a plan can put it back from a backup, and a rollback takes
 * it out again.
 */
export interface Capability {
  provider: StreamingProvider;
  /** Which calls the Spotify app may use; null at Apple Music, which knows only one kind of app. */
  dialect: SpotifyDialect | null;
  itemType: ItemType;
  canRead: boolean;
  canRemove: boolean;
  canRestore: boolean;
  exact: boolean;
  canRestoreFromFile: boolean;
  note: string;
}

export const ratedItemTypes = ['rated_song', 'rated_album'] as const;
/** What a run changes at Apple Music: ratings. */
export type RatedItemType = (typeof ratedItemTypes)[number];

const removals: Readonly<Record<SpotifyItemType | RatedItemType, ActionType>> = {
  liked_track: 'unlike_track',
  saved_album: 'unsave_album',
  followed_artist: 'unfollow_artist',
  followed_playlist: 'unfollow_playlist',
  playlist_track: 'remove_playlist_track',
  rated_song: 'dislike_song',
  rated_album: 'dislike_album',
};

/** The action that takes an item of this type out of a Spotify library, or says at Apple Music that it is not wanted. */
export function removalOf(itemType: SpotifyItemType | RatedItemType): ActionType {
  return removals[itemType];
}

const spotifyNotes: Readonly<Record<SpotifyItemType, string>> = {
  liked_track:
    'Apps in development mode restore likes with the present date, oldest first; extended-quota apps restore the date.',
  saved_album: 'A restored album carries the present date.',
  followed_artist: 'Spotify does not document this for artists; where it is refused, the item is skipped and reported.',
  followed_playlist:
    'Playlists of others, by a name in their title or by their tracks where those can be read; only where the person includes it, and never one of their own. One followed again stands on top of the list; whether a collaborative one can then be edited is up to its owner.',
  playlist_track:
    'Only in playlists the person may edit. All copies of a track leave together and come back to their places; dates are lost, and local files cannot be removed.',
};

type AppleMusicRow = Omit<Capability, 'provider' | 'dialect'>;

// Apple Music's official API deletes nothing but ratings: a dislike ("Suggest Less") affects recommendations only. It can add to a
// library, but since it cannot take that out again, nothing is restored from a file there.
const appleMusic: readonly AppleMusicRow[] = [
  appleReadOnly('liked_track', 'Apple Music lets no app remove a song from the library.'),
  appleReadOnly('saved_album', 'Apple Music lets no app remove an album from the library.'),
  appleReadOnly('followed_artist', 'Apple Music lets no app unfollow or rate an artist.'),
  appleReadOnly('followed_playlist', 'Apple Music lets no app remove a playlist from the library.'),
  appleReadOnly('playlist_track', 'Apple Music lets no app remove or reorder the tracks of a playlist.'),
  appleRating('rated_song', 'The song is rated "Suggest Less"; it is neither hidden nor removed.'),
  appleRating('rated_album', 'The album is rated "Suggest Less"; it is neither hidden nor removed.'),
  appleReadOnly(
    'manual',
    'A track in a playlist: the person removes it by hand, from the checklist, and ticks it off. No run does it or says that it did.',
  ),
  {
    itemType: 'playlist_copy',
    canRead: true,
    canRemove: true,
    canRestore: false,
    exact: false,
    canRestoreFromFile: false,
    note: 'Where the person includes it, a run makes a new playlist without those tracks and leaves the old one. No app can delete a playlist, so a rollback leaves both.',
  },
  appleReadOnly('removed_likes', 'Nothing is removed at Apple Music, so there is nothing to list.'),
];

const spotifyRemovedLikes: Omit<Capability, 'provider' | 'dialect'> = {
  itemType: 'removed_likes',
  canRead: true,
  canRemove: true,
  canRestore: true,
  exact: true,
  canRestoreFromFile: false,
  note: 'With the switch `removedLikesPlaylist` a run makes a private playlist of the likes that it removed, in their order. A rollback takes it away once they are back, unless the person has changed it.',
};

/**
 * What can be done at a provider, one row an item type.
 * @param refused kinds that Spotify lately refused to take out through that app
 */
export function capabilitiesOf(
  provider: StreamingProvider,
  dialect: SpotifyDialect = 'development',
  refused: readonly SpotifyItemType[] = [],
): Capability[] {
  if (provider === 'apple_music') return appleMusic.map((row) => ({ provider, dialect: null, ...row }));
  const removable = spotifyItemTypes.map((itemType) => ({
    provider,
    dialect,
    itemType,
    canRead: true,
    canRemove: !refused.includes(itemType),
    canRestore: true,
    exact: lossesOf(removals[itemType], { dialect, addedByOther: false }).length === 0,
    canRestoreFromFile: true,
    note: spotifyNotes[itemType],
  }));
  return [...removable, { provider, dialect, ...spotifyRemovedLikes }];
}

/** Whether anything can be put back from a backup of a library at a provider, and taken out again. */
export const restoresFromFile = (provider: StreamingProvider): boolean =>
  capabilitiesOf(provider).some(({ canRestoreFromFile }) => canRestoreFromFile);

/** The whole matrix: all providers, and Spotify as apps in each dialect find it. */
export function capabilityMatrix(): Capability[] {
  return [
    ...spotifyDialects.flatMap((dialect) => capabilitiesOf('spotify', dialect)),
    ...capabilitiesOf('apple_music'),
  ];
}

function appleReadOnly(itemType: ItemType, note: string): AppleMusicRow {
  return {
    itemType,
    canRead: true,
    canRemove: false,
    canRestore: false,
    exact: false,
    canRestoreFromFile: false,
    note,
  };
}

function appleRating(itemType: ItemType, note: string): AppleMusicRow {
  const takenBack = 'The previous rating comes back exactly.';
  return {
    itemType,
    canRead: true,
    canRemove: true,
    canRestore: true,
    exact: true,
    canRestoreFromFile: false,
    note: `${note} ${takenBack}`,
  };
}

/** What ends our access at the provider's side. */
export interface Revocation {
  /** Whether the provider has a call for it. */
  byCall: boolean;
  /** How a person does it by hand. */
  byHand: string;
  /** Where; null where there is no page for it. */
  url: string | null;
}

// Neither has a revocation endpoint (their OpenAPI file and reference name none): our copy goes, the consent stays theirs.
const revocations: Readonly<Record<StreamingProvider, Revocation>> = {
  spotify: {
    byCall: false,
    byHand: 'Remove the app at spotify.com/account/apps.',
    url: 'https://www.spotify.com/account/apps/',
  },
  apple_music: {
    byCall: false,
    byHand: 'In the Music app open your account’s settings, and under Apps with Access remove the app.',
    url: null,
  },
};

/** How access is taken back at a streaming provider. */
export const revocationOf = (provider: StreamingProvider): Revocation => revocations[provider];
