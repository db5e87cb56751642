import { type Counts, type ComparedMetric, comparedGroups, comparedMetrics, type GroupCounts } from './comparison';
import type { Fraction, Noise } from './discrete-laplace';

/** Tenths of a release's ε. Who is shown at all hangs on the number of people, so that one is the most exact. */
const tenths: Readonly<Record<'people' | ComparedMetric, number>> = { people: 4, blocks: 3, items_kept_out: 3 };

/** The ε of one part of a release whose ε is given in thousandths. */
export const epsilonOf = (part: keyof typeof tenths, epsilonMilli: number): Fraction => ({
  numerator: epsilonMilli * tenths[part],
  denominator: 10_000,
});

/**
 * Every count with noise. A person who comes or goes changes one group's number of people by one, and of each metric one class of that group
 * by one: each part has sensitivity 1, and the three together cost the release's ε. Nothing that is made from this costs more.
 */
export function noisedCounts(counts: Counts, epsilonMilli: number, noise: Noise): Counts {
  const noised = ({ people, metrics }: GroupCounts): GroupCounts => {
    const withNoise = (metric: ComparedMetric) =>
      metrics[metric].map((count) => count + noise(epsilonOf(metric, epsilonMilli)));
    return {
      people: people + noise(epsilonOf('people', epsilonMilli)),
      metrics: { blocks: withNoise('blocks'), items_kept_out: withNoise('items_kept_out') },
    };
  };
  const [spotify, apple_music, both] = comparedGroups.map((group) => noised(counts[group])) as [
    GroupCounts,
    GroupCounts,
    GroupCounts,
  ];
  return { spotify, apple_music, both };
}

/** All groups as one. */
export function together(counts: Counts): GroupCounts {
  const groups = comparedGroups.map((group) => counts[group]);
  const sum = (metric: ComparedMetric) =>
    counts.spotify.metrics[metric].map((_, place) =>
      groups.reduce((total, { metrics }) => total + (metrics[metric][place] ?? 0), 0),
    );
  return {
    people: groups.reduce((total, { people }) => total + people, 0),
    metrics: { blocks: sum('blocks'), items_kept_out: sum('items_kept_out') },
  };
}

/** The fewest people that any of a group's noised counts speaks of. */
export const fewestOf = ({ people, metrics }: GroupCounts): number =>
  Math.min(people, ...comparedMetrics.map((metric) => metrics[metric].reduce((total, count) => total + count, 0)));
