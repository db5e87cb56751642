/**
 * A song that somebody keeps. `catalogId` is null for what they uploaded, and may name a song that the catalog has
 * withdrawn. `id` is the library's own, of the shape `i.`.
 */
export interface AppleSong {
  id: string;
  catalogId: string | null;
  name: string;
  artistName: string;
  albumName: string;
  addedAt: string;
}

/** A kept album, `l.`. */
export interface AppleAlbum {
  id: string;
  catalogId: string | null;
  name: string;
  artistName: string;
  addedAt: string;
}

/** An artist of kept songs, `r.`; nobody follows artists here. */
export interface AppleArtist {
  id: string;
  catalogId: string | null;
  name: string;
}

/** A playlist, `p.`; its items are songs of their own, kept or not. One that Apple keeps up can't be edited. */
export interface ApplePlaylist {
  id: string;
  name: string;
  description: string;
  canEdit: boolean;
  addedAt: string;
  items: readonly AppleSong[];
}

/**
 * What one person has at Apple Music. Ratings are by `songs/{catalogId}` and `albums/{catalogId}`, and by
 * `library-songs/{id}` and `library-albums/{id}` only where there is no catalog id: so both ratings of a thing are one.
 */
export interface AppleAccount {
  storefront: string;
  subscribed: boolean;
  songs: readonly AppleSong[];
  albums: readonly AppleAlbum[];
  artists: readonly AppleArtist[];
  playlists: readonly ApplePlaylist[];
  ratings: Readonly<Record<string, 1 | -1>>;
}

/** Everybody's accounts by person at one moment; never changed in place. */
export type AppleAccounts = Readonly<Record<string, AppleAccount>>;
