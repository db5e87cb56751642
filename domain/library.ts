import type { LiveItem } from './playlist-sequence';

/** An artist as credited on a track or an album: `id` is the catalogue's, `providerId` the provider's. */
export interface CreditedArtist {
  id: string;
  providerId: string;
  name: string;
}

/** A track known to the catalogue. `id`, `albumId` and `albumArtistIds` are catalogue ids; artists are in credited order. */
export interface LibraryTrack {
  id: string;
  uri: string;
  name: string;
  albumId: string | null;
  albumName: string | null;
  imageUrl: string | null;
  url: string | null;
  durationMs: number | null;
  artists: CreditedArtist[];
  albumArtistIds: string[];
}

export interface LibraryAlbum {
  id: string;
  uri: string;
  name: string;
  imageUrl: string | null;
  url: string | null;
  artists: CreditedArtist[];
}

export interface LibraryArtist extends CreditedArtist {
  uri: string;
  imageUrl: string | null;
  url: string | null;
}

/** `editable`: the provider lets the person change it, as its owner or as a collaborator. */
export interface LibraryPlaylist {
  providerId: string;
  name: string;
  ownedByPerson: boolean;
  collaborative: boolean;
  editable: boolean;
  snapshotId: string;
  items: LiveItem[];
}

/** Somebody else's playlist that a person follows; `items` is null where what is on it may not be read. */
export interface FollowedPlaylist {
  providerId: string;
  uri: string;
  name: string;
  collaborative: boolean;
  items: LiveItem[] | null;
}

/** Something saved, by URI; `addedAt` is RFC 3339, or null where the provider doesn't say. */
export interface SavedItem {
  uri: string;
  addedAt: string | null;
}

/** One person's library at one provider. Likes and albums come newest first; follows are artist URIs. */
export interface Library {
  likes: SavedItem[];
  albums: SavedItem[];
  follows: string[];
  /** Those whose contents are known, the person's own and others. */
  playlists: LibraryPlaylist[];
  followedPlaylists: FollowedPlaylist[];
}
