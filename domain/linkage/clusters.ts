export interface ScoredPair {
  one: number;
  other: number;
  /** Log odds that both are one. */
  odds: number;
}

/**
 * Joins pairs into groups, the surest first.
 * @param threshold log odds below which nothing is joined
 * @param sourceOf where each source holds one copy at most, no group gets two of one source; null where sources may
 * @returns the number of each item's group, in the items' order
 */
export function cluster(
  items: number,
  pairs: readonly ScoredPair[],
  threshold: number,
  sourceOf: ((item: number) => string) | null,
): number[] {
  const groupOf = Array.from({ length: items }, (_, item) => item);
  const members = groupOf.map((item) => [item]);
  const sources = groupOf.map((item) => new Set(sourceOf ? [sourceOf(item)] : []));
  const sure = pairs.filter(({ odds }) => odds >= threshold).sort((a, b) => b.odds - a.odds);
  for (const { one, other } of sure) {
    const [into, from] = [groupOf[one] ?? one, groupOf[other] ?? other];
    const [stays, goes] = [sources[into] ?? new Set(), sources[from] ?? new Set()];
    if (into === from || [...goes].some((source) => stays.has(source))) continue;
    goes.forEach((source) => stays.add(source));
    for (const member of members[from] ?? []) {
      groupOf[member] = into;
      members[into]?.push(member);
    }
    members[from] = [];
  }
  return groupOf;
}
