import type { GenreCounts } from './genre-counts';
import { genreKey, wordsOf } from './genre-key';
import { addTo, type GenrePlaces, unit } from './places';

/** What is known of how an artist sounds. */
export interface StyleFacts {
  genres: readonly string[];
  /** As "UK grime MC": genres of the catalog that it names count too. */
  disambiguation: string | null;
}

/** A genre that only the disambiguation names counts so much. */
const describedWeight = 0.5;
const longestGenre = 4;

/**
 * An artist's style as a vector of length 1; its cosine with another's says how alike their genres are. Rare genres say more
 * than common ones. Null where nothing is known of the artist's genres.
 */
export function styleVector(facts: StyleFacts, places: GenrePlaces, counts: GenreCounts): Float32Array | null {
  const sum = new Float32Array(places.dimensions);
  for (const [key, weight] of descriptorsOf(facts, counts))
    addTo(sum, places.placeOf(key), weight * Math.log(1 + counts.artists / (counts.genres.get(key) ?? 1)));
  return unit(sum);
}

/** Keys of the genres that an artist is given, or described by, with how much each counts. */
export function descriptorsOf({ genres, disambiguation }: StyleFacts, counts: GenreCounts): Map<string, number> {
  const found = new Map<string, number>();
  for (const key of genresNamedIn(disambiguation ?? '', counts)) found.set(key, describedWeight);
  for (const genre of genres) found.set(genreKey(genre), 1);
  found.delete('');
  return found;
}

/** Of "melodic death metal" that genre alone, not "metal" too. */
function genresNamedIn(text: string, counts: GenreCounts): string[] {
  const words = wordsOf(genreKey(text));
  const found: string[] = [];
  for (let at = 0; at < words.length;) {
    let length = Math.min(longestGenre, words.length - at);
    while (length > 0 && !counts.genres.has(words.slice(at, at + length).join(' '))) length -= 1;
    if (length > 0) found.push(words.slice(at, at + length).join(' '));
    at += Math.max(1, length);
  }
  return found;
}
