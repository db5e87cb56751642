import type { GenreCounts } from './genre-counts';
import { wordsOf } from './genre-key';
import { addTo, type GenrePlaces, randomDirection, unit } from './places';

export const relatedGenreDimensions = 128;

/** Of a genre's place: itself, the words of its name, and the genres that stand beside it on artists. */
const parts = { itself: 1, words: 1, beside: 1 } as const;
/** Being seen together once or twice may be chance: with so many artists, half of it counts. */
const halfTrust = 2;

/**
 * Places made of what the catalog says: each word and genre has a random direction of its own, always the same, and a genre's
 * place is its own direction with those of its words and of the genres it is seen with more often than by chance (positive
 * pointwise mutual information). So a genre that came later has a place too, and counts that change a little move places
 * a little: vectors of yesterday and of today can stand in one table.
 */
export function relatedGenres(counts: GenreCounts): GenrePlaces {
  const places = new Map<string, Float32Array | null>();
  const directions = new Map<string, Float32Array>();
  const wordGenres = genresPerWord(counts.genres.keys());

  function direction(text: string): Float32Array {
    const known = directions.get(text);
    if (known) return known;
    const made = randomDirection(text, relatedGenreDimensions);
    directions.set(text, made);
    return made;
  }

  function make(key: string): Float32Array | null {
    const place = new Float32Array(relatedGenreDimensions);
    addTo(place, direction(key), parts.itself);
    addTo(place, unit(ofWords(key)), parts.words);
    addTo(place, unit(ofNeighbours(key)), parts.beside);
    return unit(place);
  }

  /** A word that many genres share, such as "music", says little. */
  function ofWords(key: string): Float32Array {
    const sum = new Float32Array(relatedGenreDimensions);
    for (const word of wordsOf(key))
      addTo(sum, direction(`${word} *`), Math.log(1 + counts.genres.size / (wordGenres.get(word) ?? 1)));
    return sum;
  }

  function ofNeighbours(key: string): Float32Array {
    const sum = new Float32Array(relatedGenreDimensions);
    const alone = counts.genres.get(key) ?? 0;
    for (const [other, together] of counts.beside.get(key) ?? []) {
      const expected = (alone * (counts.genres.get(other) ?? 0)) / counts.artists;
      const surprise = Math.log(together / expected);
      if (surprise > 0) addTo(sum, direction(other), surprise * (together / (together + halfTrust)));
    }
    return sum;
  }

  return {
    dimensions: relatedGenreDimensions,
    placeOf(key) {
      const known = places.get(key);
      if (known !== undefined) return known;
      const made = key === '' ? null : make(key);
      places.set(key, made);
      return made;
    },
  };
}

function genresPerWord(keys: Iterable<string>): Map<string, number> {
  const genres = new Map<string, number>();
  for (const key of keys) for (const word of new Set(wordsOf(key))) genres.set(word, (genres.get(word) ?? 0) + 1);
  return genres;
}
