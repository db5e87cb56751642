import { foldName } from '../names';

/** What two spellings of a genre share: "Hip-Hop" is "hip hop". One of nothing but signs keeps them; empty for blank text. */
export function genreKey(genre: string): string {
  const folded = foldName(genre);
  const spoken = folded.replace(/[^\p{L}\p{N}&]+/gu, ' ').trim();
  return spoken === '' ? folded : spoken;
}

export const wordsOf = (key: string): string[] => key.split(' ');
