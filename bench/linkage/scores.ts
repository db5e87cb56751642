/** How many pairs were linked, and how many of them rightly. */
export interface PairScores {
  linked: number;
  wrong: number;
  precision: number;
  recall: number;
  f1: number;
}

/** Compares groups with the truth, over all pairs of two within one group. */
export function pairScores(groups: readonly number[], truth: readonly string[]): PairScores {
  const linked = pairsWithin(groups.map(String));
  const right = pairsWithin(groups.map((group, at) => `${group} ${truth[at]}`));
  const precision = linked === 0 ? 1 : right / linked;
  const recall = right / pairsWithin(truth);
  return { linked, wrong: linked - right, precision, recall, f1: (2 * precision * recall) / (precision + recall || 1) };
}

/** Pairs of two that have one label. */
export function pairsWithin(labels: readonly string[]): number {
  const sizes = new Map<string, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
}

/** Wilson's interval at 95 % for a share that was seen `hits` times in `trials`. */
export function wilson(hits: number, trials: number): [least: number, most: number] {
  const z = 1.959964;
  if (trials === 0) return [0, 1];
  const share = hits / trials;
  const middle = share + (z * z) / (2 * trials);
  const half = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const whole = 1 + (z * z) / trials;
  return [Math.max(0, (middle - half) / whole), Math.min(1, (middle + half) / whole)];
}
