import { wordsOf } from './genre-key';
import { addTo, type GenrePlaces, randomDirection, unit } from './places';

/**
 * Places by the vectors of words, as somebody trained them: of the whole genre where the vectors have it ("hip_hop"), else the
 * middle of its words. A genre of which no word is known has a place of its own, far from all others.
 */
export function wordPlaces(dimensions: number, words: ReadonlyMap<string, Float32Array>): GenrePlaces {
  const wordPlace = (word: string) => {
    const vector = words.get(word);
    return vector ? unit(vector) : null;
  };
  return {
    dimensions,
    placeOf(key) {
      const whole = wordPlace(key.replaceAll(' ', '_'));
      if (whole) return whole;
      const sum = new Float32Array(dimensions);
      for (const word of wordsOf(key)) addTo(sum, wordPlace(word), 1);
      return unit(sum) ?? (key === '' ? null : randomDirection(key, dimensions));
    },
  };
}

/** Words that vectors are needed of, where these genres are to have places. */
export function neededWords(keys: Iterable<string>): Set<string> {
  const needed = new Set<string>();
  for (const key of keys) for (const word of [key.replaceAll(' ', '_'), ...wordsOf(key)]) needed.add(word);
  return needed;
}
