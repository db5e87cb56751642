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

/** A name that a search met, as `foldName` leaves it. */
export interface MetName {
  foldedName: string;
}

/** An artist among a search's answers: whether it met the name, and which other names of theirs. */
export interface AnsweringArtist<Alias extends MetName = MetName> extends MetName {
  nameMet: boolean;
  metAliases: readonly Alias[];
}

/** The alias that answers a search better than the artist's own name does, the first of equals; null where none does. */
export function answeringAlias<Alias extends MetName>(
  query: string,
  { foldedName, nameMet, metAliases }: AnsweringArtist<Alias>,
): Alias | null {
  const rank = (name: string) => matchQualities.indexOf(matchQuality(query, name));
  let best: Alias | null = nameMet ? null : (metAliases[0] ?? null);
  for (const alias of metAliases) if (rank(alias.foldedName) < rank(best?.foldedName ?? foldedName)) best = alias;
  return best;
}

/** How well an artist answers, by the name that does it best. */
export function answerQuality(query: string, artist: AnsweringArtist): MatchQuality {
  return matchQuality(query, (answeringAlias(query, artist) ?? artist).foldedName);
}

/** Best quality first, then by the own name before by an alias, then those in the person's library, else in the order given. */
export function rankArtists<T extends AnsweringArtist & { inLibrary: boolean }>(
  query: string,
  artists: readonly T[],
): T[] {
  const rank = (artist: T) =>
    matchQualities.indexOf(answerQuality(query, artist)) * 4 +
    (answeringAlias(query, artist) ? 2 : 0) +
    (artist.inLibrary ? 0 : 1);
  return [...artists].sort((one, other) => rank(one) - rank(other));
}
