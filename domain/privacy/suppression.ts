/** `too_few_people`: by the noised counts · `complementary`: another that is suppressed could be worked out from it and the total. */
export const suppressionReasons = ['too_few_people', 'complementary'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** A part of a total that is shown, by its noised counts only. */
export interface Cell<K extends string> {
  key: K;
  people: number;
  /** The fewest that any of its counts speaks of. */
  fewest: number;
}

/**
 * Which parts are not shown, and why. Besides those below the threshold the smallest others are left out until what the total less the shown parts gives
 * is of at least two parts, and of as many people as the threshold.
 */
export function suppressedCells<K extends string>(
  cells: readonly Cell<K>[],
  threshold: number,
): Map<K, SuppressionReason> {
  const few = cells.filter(({ fewest }) => fewest < threshold);
  const hidden = new Map<K, SuppressionReason>(few.map(({ key }) => [key, 'too_few_people']));
  if (few.length === 0) return hidden;
  let people = few.reduce((total, cell) => total + cell.people, 0);
  const others = cells.filter(({ key }) => !hidden.has(key)).sort((a, b) => a.people - b.people);
  for (const { key, people: more } of others) {
    if (hidden.size >= 2 && people >= threshold) break;
    hidden.set(key, 'complementary');
    people += more;
  }
  return hidden;
}
