import { foldName } from './names';

/** How well a name answers a search: it is the text, starts with it, has it at the start of a word, or is merely like it. */
export const matchQualities = ['exact', 'prefix', 'word', 'similar'] as const;
export type MatchQuality = (typeof matchQualities)[number];

/** @param foldedName a name as `foldName` leaves it */
export function matchQuality(query: string, foldedName: string): MatchQuality {
  const text = foldName(query);
  if (foldedName === text) return 'exact';
  if (foldedName.startsWith(text)) return 'prefix';
  return foldedName.includes(` ${text}`) ? 'word' : 'similar';
}

/** Whether an answer is good enough for the provider not to be asked too. */
export function isGoodAnswer(quality: MatchQuality): boolean {
  return quality === 'exact' || quality === 'prefix';
}

/** Best quality first, then those in the person's library, else in the order given. */
export function rankArtists<T extends { foldedName: string; inLibrary: boolean }>(
  query: string,
  artists: readonly T[],
): T[] {
  const rank = (artist: T) =>
    matchQualities.indexOf(matchQuality(query, artist.foldedName)) * 2 + (artist.inLibrary ? 0 : 1);
  return [...artists].sort((one, other) => rank(one) - rank(other));
}
