/** What a call acts with: a person's Music User Token, and the quota that the call counts against. */
export interface AppleMusicAuth {
  /** The Music User Token. The developer token beside it is ours and the same for everybody. */
  accessToken: string;
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

export interface AppleMusicPageRequest {
  offset: number;
  /** 1 to 100. */
  limit: number;
}

/** One page of a list read by offset. Null in `nextOffset` ends the list; `total` is null where Apple tells none. */
export interface AppleMusicPage<T> {
  items: T[];
  total: number | null;
  nextOffset: number | null;
}

/** What a library item is in the catalog of the person's storefront. */
export interface CatalogRef {
  id: string;
  name: string | null;
  artistName: string | null;
  isrc: string | null;
  url: string | null;
}

/** A song of the library, or a place in one of its playlists. */
export interface LibrarySong {
  /** `i.…`, the library's own; another one after each time that the song is added. */
  id: string;
  kind: 'song' | 'music_video';
  name: string;
  /** All artists in one text, as Apple prints it: "A & B feat. C". */
  artistName: string;
  albumName: string | null;
  durationMs: number | null;
  dateAdded: string | null;
  /** Null for uploads, and for what the catalog no longer has. */
  catalogId: string | null;
  /** Only where the catalog still has it. */
  catalog: CatalogRef | null;
}

export interface LibraryAlbum {
  /** `l.…` */
  id: string;
  name: string;
  artistName: string;
  trackCount: number | null;
  dateAdded: string | null;
  catalogId: string | null;
  catalog: CatalogRef | null;
}

export interface LibraryArtist {
  /** `r.…` */
  id: string;
  name: string;
  catalogId: string | null;
}

export interface LibraryPlaylist {
  /** `p.…` */
  id: string;
  name: string;
  description: string | null;
  /** Whether tracks can be appended. */
  canEdit: boolean;
  dateAdded: string | null;
}

export interface CatalogArtist {
  id: string;
  name: string;
}

/** An artist as their own resource tells of them. */
export interface WholeCatalogArtist extends CatalogArtist {
  imageUrl: string | null;
  genres: string[];
}

/** A song or album of the catalog with its main artists; artists that a title only features are not among them. */
export interface CatalogItem {
  id: string;
  name: string;
  artistName: string;
  albumName: string | null;
  isrc: string | null;
  url: string | null;
  imageUrl: string | null;
  artists: CatalogArtist[];
  /** The album that a song is on; null for an album. */
  albumId: string | null;
  releaseDate: string | null;
  durationMs: number | null;
}

/** A like or a dislike ("Suggest Less"). */
export type Rating = 1 | -1;
export const ratedTypes = ['songs', 'albums', 'library-songs', 'library-albums'] as const;
export type RatedType = (typeof ratedTypes)[number];

export interface TrackRef {
  id: string;
  type: 'songs' | 'library-songs' | 'music-videos' | 'library-music-videos';
}

/**
 * Apple Music's official API. It removes nothing from a library and changes no playlist but by appending; the only thing it
 * takes back is a rating. Every failure is a ProviderError: `unavailable` and `rate_limited` mean that nothing was done,
 * `outcome_unknown` (writes only) that it may have been. Of its own kind are `unauthorized` code `music_token_rejected` (only
 * the person can give another token; a second try is wise), `forbidden` code `subscription_missing`, and `unavailable` code
 * `developer_token_rejected`: our own key is not taken, whoever asks.
 */
export interface AppleMusicClient {
  /** The person's storefront, e.g. `de`; the least that shows a Music User Token to be good. */
  storefront(auth: AppleMusicAuth): Promise<string>;
  librarySongs(auth: AppleMusicAuth, page: AppleMusicPageRequest): Promise<AppleMusicPage<LibrarySong>>;
  libraryAlbums(auth: AppleMusicAuth, page: AppleMusicPageRequest): Promise<AppleMusicPage<LibraryAlbum>>;
  libraryArtists(auth: AppleMusicAuth, page: AppleMusicPageRequest): Promise<AppleMusicPage<LibraryArtist>>;
  libraryPlaylists(auth: AppleMusicAuth, page: AppleMusicPageRequest): Promise<AppleMusicPage<LibraryPlaylist>>;
  /** In the playlist's order. */
  playlistTracks(
    auth: AppleMusicAuth,
    playlistId: string,
    page: AppleMusicPageRequest,
  ): Promise<AppleMusicPage<LibrarySong>>;
  /** At most 300; ids that the storefront does not have are missing in the answer. */
  catalogSongs(auth: AppleMusicAuth, storefront: string, ids: readonly string[]): Promise<CatalogItem[]>;
  /** At most 100; likewise. */
  catalogAlbums(auth: AppleMusicAuth, storefront: string, ids: readonly string[]): Promise<CatalogItem[]>;
  /** At most 25 artists of the storefront's catalog, best first. */
  searchArtists(auth: AppleMusicAuth, storefront: string, term: string, limit: number): Promise<WholeCatalogArtist[]>;
  /** Throws `not_found` where the storefront does not have the artist. */
  catalogArtist(auth: AppleMusicAuth, storefront: string, id: string): Promise<WholeCatalogArtist>;
  /** Of at most 100 ids those that are rated; a catalog item and the same item in the library have one rating. */
  ratings(auth: AppleMusicAuth, type: RatedType, ids: readonly string[]): Promise<Map<string, Rating>>;
  rate(auth: AppleMusicAuth, type: RatedType, id: string, value: Rating): Promise<void>;
  /** Afterwards the item is not rated, whether it was or not. */
  unrate(auth: AppleMusicAuth, type: RatedType, id: string): Promise<void>;
  /** Not idempotent, and seen in the list of playlists only some time later. The first 100 tracks may come along. */
  createPlaylist(
    auth: AppleMusicAuth,
    playlist: { name: string; description: string; tracks: readonly TrackRef[] },
  ): Promise<{ id: string }>;
  /** Puts at most 100 tracks at the end. Not idempotent. */
  appendTracks(auth: AppleMusicAuth, playlistId: string, tracks: readonly TrackRef[]): Promise<void>;
}
