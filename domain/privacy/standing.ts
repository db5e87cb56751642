import { classOf, type ComparedMetric, middleOf } from './comparison';
import { epsilonOf } from './noised-counts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Where a number stands among the shares of a release, in percent: those in lower classes, and half of those in its own. */
export function percentileOf(metric: ComparedMetric, shares: readonly number[], own: number): number {
  const place = classOf(metric, own);
  return Math.round((sum(shares.slice(0, place)) + (shares[place] ?? 0) / 2) / 10);
}

/** The average, each class counting by the number that stands for it. */
export function averageOf(metric: ComparedMetric, shares: readonly number[]): number {
  return Math.round(sum(shares.map((share, place) => share * middleOf(metric, place))) / 100) / 10;
}

/**
 * How far the noise alone may put a released figure wrong, about nineteen times out of twenty: a number of people, and a percentile (which adds
 * up noise of up to all classes), of as many groups as it is the sum of.
 */
export function marginsOf(
  epsilonMilli: number,
  { people, classes, groups }: { people: number; classes: number; groups: number },
): { people: number; percent: number } {
  const spread = (part: 'people' | ComparedMetric, counts: number) => {
    const { numerator, denominator } = epsilonOf(part, epsilonMilli);
    const p = Math.exp(-numerator / denominator);
    return 2.2 * Math.sqrt((2 * p * counts) / (1 - p) ** 2);
  };
  const percent = (100 * spread('blocks', classes * groups)) / Math.max(1, people);
  return { people: Math.ceil(spread('people', groups)), percent: Math.min(100, Math.ceil(percent)) };
}
