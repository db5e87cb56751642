import { genreKey } from './genre-key';

/** How many artists have each genre, and each two genres together: what a catalog says of which genres are related. */
export interface GenreCounts {
  /** Artists with any genre. */
  artists: number;
  /** By key. */
  genres: ReadonlyMap<string, number>;
  /** By key, both ways: which genres stand beside it, on how many artists. */
  beside: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The same by spelling, each two spellings once; as it comes from the catalog, and goes to a model's thread. */
export interface GenreRows {
  artists: number;
  genres: [genre: string, artists: number][];
  pairs: [one: string, other: string, artists: number][];
}

/**
 * Joins counts of spellings to counts of genres. An artist with two spellings of one genre counts twice there, which their
 * share of all is too small to be seen by.
 */
export function genreCounts({ artists, genres: spellings, pairs }: GenreRows): GenreCounts {
  const genres = new Map<string, number>();
  for (const [genre, count] of spellings) add(genres, genreKey(genre), count);
  genres.delete('');
  const beside = new Map<string, Map<string, number>>();
  for (const [one, other, count] of pairs) {
    const [a, b] = [genreKey(one), genreKey(other)];
    if (a === b || a === '' || b === '') continue;
    add(among(beside, a), b, count);
    add(among(beside, b), a, count);
  }
  return { artists, genres, beside };
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function among(maps: Map<string, Map<string, number>>, key: string): Map<string, number> {
  const known = maps.get(key);
  if (known) return known;
  const made = new Map<string, number>();
  maps.set(key, made);
  return made;
}
