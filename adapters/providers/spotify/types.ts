/** What a call acts with: the person's access token, and the quota (a developer account's) that the call counts against. */
export interface SpotifyAuth {
  accessToken: string;
  /** The app that the token was given to. */
  clientId: string;
  quota: string;
  /** Whose turn it takes at the gate; a call without one has a place with all such. */
  connectionId?: string;
  /**
   * Ends a call early. A read then rejects with the signal's reason; a write on its way with `outcome_unknown`, so leave
   * it out where a write must be seen through.
   */
  signal?: AbortSignal;
  /** Asked once the gate lets a write through; where it throws, nothing is sent. */
  beforeWrite?: () => Promise<void>;
}

/** One page of a list read by offset. `more` says whether Spotify named a next page. */
export interface Page<T> {
  items: T[];
  total: number;
  offset: number;
  more: boolean;
}

export interface PageRequest {
  offset: number;
  /** 1 to 50. */
  limit: number;
}

export interface SpotifyArtistRef {
  id: string;
  name: string;
}

export interface SpotifyArtist extends SpotifyArtistRef {
  imageUrl: string | null;
  genres: string[];
}

export interface SpotifyAlbum {
  id: string;
  uri: string;
  name: string;
  imageUrl: string | null;
  /** As Spotify gives it: a year, a month or a day. */
  releaseDate: string | null;
  artists: SpotifyArtistRef[];
}

export interface SpotifyTrack {
  id: string;
  uri: string;
  name: string;
  durationMs: number | null;
  isrc: string | null;
  artists: SpotifyArtistRef[];
  album: SpotifyAlbum | null;
}

/** One place in a playlist. Places without a track keep their position in the list. */
export interface SpotifyPlaylistEntry {
  /** Null where Spotify shows nothing of the item. */
  uri: string | null;
  kind: 'track' | 'episode' | 'local' | 'unavailable';
  addedAt: string | null;
  /** The user id of who added it. */
  addedBy: string | null;
  /** Only for `kind: 'track'`. */
  track: SpotifyTrack | null;
  name: string | null;
}

export interface SpotifyPlaylistSummary {
  id: string;
  name: string;
  ownerId: string;
  collaborative: boolean;
  snapshotId: string;
  length: number;
  /** As somebody wrote it; Spotify may show special characters as HTML entities. */
  description: string | null;
}

export interface SpotifyProfile {
  /** `account_id` (immutable), or `id` where an app does not get that field. */
  accountId: string;
  /** The id that playlists name as their owner. */
  userId: string;
  displayName: string;
}

export interface SpotifyLikedTrack {
  addedAt: string;
  track: SpotifyTrack;
}

export interface SpotifySavedAlbum {
  addedAt: string;
  album: SpotifyAlbum;
}

/** A like to be put back; `addedAt` as Spotify gave it. */
export interface SpotifyLike {
  uri: string;
  addedAt: string;
}

export interface SpotifyPlaylistState {
  snapshotId: string;
  length: number;
  name: string;
}

/**
 * Spotify's Web API. Where development mode and extended quota have different calls, those of the app are made that the
 * token was given to. Every failure is a ProviderError: `unavailable` and `rate_limited` mean that nothing was done,
 * `outcome_unknown` (writes only) that it may have been.
 */
export interface SpotifyClient {
  profile(auth: SpotifyAuth): Promise<SpotifyProfile>;
  /** Newest first. */
  likedTracks(auth: SpotifyAuth, page: PageRequest): Promise<Page<SpotifyLikedTrack>>;
  /** Newest first. */
  savedAlbums(auth: SpotifyAuth, page: PageRequest): Promise<Page<SpotifySavedAlbum>>;
  /** `after` is the cursor of the page before, null for the first; a null in the answer ends the list. */
  followedArtists(
    auth: SpotifyAuth,
    page: { after: string | null; limit: number },
  ): Promise<{ items: SpotifyArtist[]; total: number; after: string | null }>;
  playlists(auth: SpotifyAuth, page: PageRequest): Promise<Page<SpotifyPlaylistSummary>>;
  /** `forbidden` for a playlist that the person may not edit: an app in development mode does not see what is on it. */
  playlistState(auth: SpotifyAuth, playlistId: string): Promise<SpotifyPlaylistState>;
  playlistItems(auth: SpotifyAuth, playlistId: string, page: PageRequest): Promise<Page<SpotifyPlaylistEntry>>;
  /** At most 40 URIs of tracks, albums, artists or playlists; one boolean each, in their order. */
  libraryContains(auth: SpotifyAuth, uris: readonly string[]): Promise<boolean[]>;
  /**
   * Puts likes back, at most 40, in the order in which they are to come in. `dated`: with their dates, which extended quota
   * alone allows; else they count as added now.
   */
  restoreLikes(auth: SpotifyAuth, likes: readonly SpotifyLike[]): Promise<{ dated: boolean }>;
  /** Whether likes put back through this app have their dates, as far as is known. No call. */
  datesLikes(auth: SpotifyAuth): Promise<boolean>;
  /** At most 40 URIs of artists. */
  followArtists(auth: SpotifyAuth, uris: readonly string[]): Promise<void>;
  /**
   * At most 40 URIs of artists. `invalid` where one is refused, code `artists_refused` where the app's call takes no artists
   * at all: then nobody is asked again for a month.
   */
  unfollowArtists(auth: SpotifyAuth, uris: readonly string[]): Promise<void>;
  /** At most 40 URIs of tracks or albums. A saved track counts as added now. */
  saveToLibrary(auth: SpotifyAuth, uris: readonly string[]): Promise<void>;
  /** At most 40 URIs of tracks, albums or playlists. A playlist of the person's own is deleted by that. */
  removeFromLibrary(auth: SpotifyAuth, uris: readonly string[]): Promise<void>;
  /** Makes an empty playlist that only the person sees, on top of theirs. Not idempotent. */
  createPrivatePlaylist(
    auth: SpotifyAuth,
    playlist: { name: string; description: string },
  ): Promise<{ id: string; snapshotId: string }>;
  /** Removes every occurrence of each of at most 100 URIs. */
  removePlaylistItems(
    auth: SpotifyAuth,
    playlistId: string,
    uris: readonly string[],
    snapshotId: string | null,
  ): Promise<{ snapshotId: string }>;
  /** Inserts at most 100 URIs from `position` (zero-based). Not idempotent. */
  insertPlaylistItems(
    auth: SpotifyAuth,
    playlistId: string,
    uris: readonly string[],
    position: number,
  ): Promise<{ snapshotId: string }>;
  /** At most 10. */
  searchArtists(auth: SpotifyAuth, query: string, limit: number): Promise<SpotifyArtist[]>;
  artist(auth: SpotifyAuth, id: string): Promise<SpotifyArtist>;
  album(auth: SpotifyAuth, id: string): Promise<SpotifyAlbum>;
  track(auth: SpotifyAuth, id: string): Promise<SpotifyTrack>;
}
