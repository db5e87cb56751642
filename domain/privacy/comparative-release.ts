import { type ComparedGroup, comparedGroups, type ComparedMetric, comparedMetrics, type Counts } from './comparison';
import type { Noise } from './discrete-laplace';
import { sharesOf } from './isotone';
import { fewestOf, noisedCounts, together } from './noised-counts';
import { type SuppressionReason, suppressedCells } from './suppression';

/** How what is released was made; whoever changes that gives it another name. */
export const mechanism = 'discrete-laplace-histograms-1';

/** A group as everybody is told of it, or why they aren't. */
export type ReleasedGroup = { group: ComparedGroup | 'all' } & (
  | { suppressed: SuppressionReason; people: null; shares: null }
  /** Shares by class of each metric are thousandths. */
  | { suppressed: null; people: number; shares: Record<ComparedMetric, number[]> }
);

/**
 * What is released of a day: all groups together, which is their sum, and each. All of it is made from noised counts, so that it is as private as they are:
 * (ε, 0), with ε in thousandths, for one person's whole presence.
 */
export function comparativeRelease(
  counts: Counts,
  { epsilonMilli, threshold }: { epsilonMilli: number; threshold: number },
  noise: Noise,
): ReleasedGroup[] {
  const noised = noisedCounts(counts, epsilonMilli, noise);
  const all = together(noised);
  const hidden = suppressedCells(
    comparedGroups.map((key) => ({ key, people: noised[key].people, fewest: fewestOf(noised[key]) })),
    threshold,
  );
  const told = (group: ReleasedGroup['group'], suppressed: SuppressionReason | null): ReleasedGroup => {
    if (suppressed) return { group, suppressed, people: null, shares: null };
    const { people, metrics } = group === 'all' ? all : noised[group];
    const [blocks, items_kept_out] = comparedMetrics.map((metric) => sharesOf(metrics[metric])) as [number[], number[]];
    return { group, suppressed: null, people, shares: { blocks, items_kept_out } };
  };
  return [
    told('all', fewestOf(all) < threshold ? 'too_few_people' : null),
    ...comparedGroups.map((group) => told(group, hidden.get(group) ?? null)),
  ];
}
