import { Lagging } from './lagging';
import type { Library, Playlist, Shelves } from './model';

const emptyLibrary: Library = { likes: [], albums: [], follows: [], playlistIds: [] };

/** The Spotify libraries as they are, and as a reader sees them while reads lag behind writes. */
export class Bookkeeping extends Lagging<Shelves> {
  writeLibrary(userId: string, library: Library, lagMs = 0): void {
    this.write({ ...this.current, libraries: { ...this.current.libraries, [userId]: library } }, lagMs);
  }

  writePlaylist(playlist: Playlist, lagMs = 0): void {
    this.write({ ...this.current, playlists: { ...this.current.playlists, [playlist.id]: playlist } }, lagMs);
  }
}

/** A person's library; someone who never kept anything has an empty one. */
export function libraryOf(shelves: Shelves, userId: string): Library {
  return shelves.libraries[userId] ?? emptyLibrary;
}

/** The time now as Spotify writes it: whole seconds, UTC. */
export function wholeSeconds(time: Date | string | number = new Date()): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
