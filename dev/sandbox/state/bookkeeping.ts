import type { Library, Playlist, Shelves } from './model';

const emptyLibrary: Library = { likes: [], albums: [], follows: [], playlistIds: [] };

/** The libraries as they are, and as a reader sees them while reads lag behind writes. */
export class Bookkeeping {
  #current: Shelves;
  #hidden: { until: number; before: Shelves }[] = [];
  readonly #changed: () => void;

  constructor(shelves: Shelves, changed: () => void) {
    this.#current = shelves;
    this.#changed = changed;
  }

  /** The truth. */
  get current(): Shelves {
    return this.#current;
  }

  /** What a read shows: the state before the oldest write that is not visible yet. */
  visible(now = Date.now()): Shelves {
    this.#hidden = this.#hidden.filter((entry) => entry.until > now);
    return this.#hidden[0]?.before ?? this.#current;
  }

  /** Puts a new state in the place of the old; reads go on showing the old one for `lagMs`. */
  write(next: Shelves, lagMs = 0): void {
    if (lagMs > 0) this.#hidden.push({ until: Date.now() + lagMs, before: this.#current });
    this.#current = next;
    this.#changed();
  }

  writeLibrary(userId: string, library: Library, lagMs = 0): void {
    this.write({ ...this.#current, libraries: { ...this.#current.libraries, [userId]: library } }, lagMs);
  }

  writePlaylist(playlist: Playlist, lagMs = 0): void {
    this.write({ ...this.#current, playlists: { ...this.#current.playlists, [playlist.id]: playlist } }, lagMs);
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
