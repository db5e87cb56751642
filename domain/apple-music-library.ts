/** A song, album, or place in a playlist, of an Apple Music library. */
export interface AppleMusicItem {
  /** By its catalog id where the catalog has it, else by the library's own. */
  uri: string;
  name: string;
  /** All artists in one text, as Apple prints it. */
  artistName: string;
  albumName: string | null;
}

export interface AppleMusicPlaylist {
  providerId: string;
  name: string;
  /** Whether the person can change it. */
  editable: boolean;
  items: AppleMusicItem[];
}

/** One person's library at Apple Music. */
export interface AppleMusicLibrary {
  songs: AppleMusicItem[];
  albums: AppleMusicItem[];
  /** The names of its artists. */
  artistNames: string[];
  playlists: AppleMusicPlaylist[];
}
