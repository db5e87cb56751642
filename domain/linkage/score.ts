/** What a score leads to: taken for one; asked about; taken for two. */
export type Band = 'accept' | 'review' | 'new';

export const bandsFrom = { accept: 0.85, review: 0.7 } as const;

const oddsOf = (chance: number) => Math.log(chance / (1 - chance));

/**
 * Log odds as the score that people see, from 0 to 1: even odds are where the review band begins, `acceptOdds` where it ends.
 * @param acceptOdds log odds from which none, or next to none, of the pairs that weights were tried on was wrong
 */
export function scoreOf(odds: number, acceptOdds: number): number {
  const [low, high] = [oddsOf(bandsFrom.review), oddsOf(bandsFrom.accept)];
  return logistic(low + ((high - low) * odds) / acceptOdds);
}

export function bandOf(score: number): Band {
  if (score >= bandsFrom.accept) return 'accept';
  return score >= bandsFrom.review ? 'review' : 'new';
}

export const logistic = (odds: number): number => 1 / (1 + Math.exp(-odds));
