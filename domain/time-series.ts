import { dayMs, dayOf, type DayRange } from './day-range';
import { type Figure, successRate } from './figures';

/**
 * What a series tells: `flow`, how many there were within each stretch of days; `stock`, how many there are when it ends; `share`, which part
 * of what was tried within it was done.
 */
export const metrics = {
  runs: { kind: 'flow', figure: 'runs', unit: 'count' },
  actions: { kind: 'flow', figure: 'actions', unit: 'count' },
  success_rate: { kind: 'share', figure: 'actions', unit: 'share' },
  items_kept_out: { kind: 'stock', figure: 'items_kept_out', unit: 'count' },
  seconds_kept_out: { kind: 'stock', figure: 'ms_kept_out', unit: 'seconds' },
  blocks: { kind: 'stock', figure: 'blocks', unit: 'count' },
} as const satisfies Record<string, { kind: 'flow' | 'stock' | 'share'; figure: Figure; unit: string }>;
export type Metric = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as [Metric, ...Metric[]];

export const granularities = ['day', 'week', 'month'] as const;
export type Granularity = (typeof granularities)[number];

/** What a series is told apart by. */
export const partings = ['none', 'type', 'outcome', 'type_and_outcome'] as const;
export type Parting = (typeof partings)[number];

/** Which partings a metric has: only what was done has an outcome, and a block has no type either. */
export const partingsOf: Readonly<Record<Metric, readonly Parting[]>> = {
  runs: partings,
  actions: partings,
  success_rate: ['none', 'type'],
  items_kept_out: ['none', 'type'],
  seconds_kept_out: ['none', 'type'],
  blocks: ['none'],
};

export const mostYears = 5;
export const mostPoints = 400;

/** Why a range of days is none that can be told of. */
export type RangeFault = 'before_from' | 'too_long' | 'too_many_points' | 'out_of_range';

/** What is wrong with a range of days, if anything: at most 5 years, and 400 points by its granularity. */
export function rangeFault({ from, to }: DayRange, granularity: Granularity): RangeFault | null {
  if (from < '1970' || to > '9998') return 'out_of_range';
  if (to < from) return 'before_from';
  // A year later on the same day would be a day too many; what is no day (29 February) compares as one just the same.
  if (to >= `${Number(from.slice(0, 4)) + mostYears}${from.slice(4)}`) return 'too_long';
  return stretches({ from, to }, granularity).length > mostPoints ? 'too_many_points' : null;
}

/** How many days back a series begins where nobody says. */
export const usualDays: Readonly<Record<Granularity, number>> = { day: 30, week: 182, month: 365 };

/** The last day of the stretch that a day is in: that day, its week's Sunday (ISO 8601), its month's last. */
function endOf(date: string, granularity: Granularity): string {
  const moment = new Date(`${date}T00:00:00Z`);
  if (granularity === 'day') return date;
  if (granularity === 'week') return dayOf(moment.getTime() + ((7 - moment.getUTCDay()) % 7) * dayMs);
  return dayOf(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0));
}

/** The days, weeks or months of a range, in order; the first and the last are cut where the range begins and ends. */
export function stretches({ from, to }: DayRange, granularity: Granularity): DayRange[] {
  const found: DayRange[] = [];
  for (let at = from; at <= to;) {
    const end = endOf(at, granularity);
    found.push({ from: at, to: end < to ? end : to });
    at = dayOf(Date.parse(end) + dayMs);
  }
  return found;
}

/** Figures of some days, summed: those of a stretch under the day it begins with; null for all that were before the range. */
export interface SummedFigure {
  from: string | null;
  type: string;
  outcome: string;
  n: number;
}

/** A value of a series: null for a share of nothing, and for days that are yet to come. */
export interface Point extends DayRange {
  type: string | null;
  outcome: string | null;
  value: number | null;
}

/**
 * The points of a series, none left out: by type and outcome as parted, each of them over all stretches. Where it is not parted there is
 * one such row of points even if nothing ever happened.
 */
export function pointsOf(
  sums: readonly SummedFigure[],
  {
    metric,
    parting,
    range,
    granularity,
    today,
  }: {
    metric: Metric;
    parting: Parting;
    range: DayRange;
    granularity: Granularity;
    /** By UTC. */
    today: string;
  },
): Point[] {
  const byType = parting === 'type' || parting === 'type_and_outcome';
  const byOutcome = parting === 'outcome' || parting === 'type_and_outcome';
  const parts = new Map<string, Pick<Point, 'type' | 'outcome'> & { sums: SummedFigure[] }>();
  if (parting === 'none') parts.set('', { type: null, outcome: null, sums: [] });
  for (const sum of sums) {
    const [type, outcome] = [byType ? sum.type : null, byOutcome ? sum.outcome : null];
    const name = parting === 'none' ? '' : `${type ?? ''}/${outcome ?? ''}`;
    const part = parts.get(name) ?? { type, outcome, sums: [] };
    part.sums.push(sum);
    parts.set(name, part);
  }
  const all = stretches(range, granularity);
  const sorted = [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
  return sorted.flatMap(({ type, outcome, sums: own }) => {
    const values = valuesOf(own, all, metric);
    return all.map((stretch, n) => ({
      ...stretch,
      type,
      outcome,
      value: stretch.from > today ? null : (values[n] ?? null),
    }));
  });
}

function valuesOf(sums: readonly SummedFigure[], all: readonly DayRange[], metric: Metric): (number | null)[] {
  const within = new Map<string | null, { all: number; applied: number; failed: number }>();
  for (const { from, outcome, n } of sums) {
    const so = within.get(from) ?? { all: 0, applied: 0, failed: 0 };
    so.all += n;
    if (outcome === 'applied' || outcome === 'failed') so[outcome] += n;
    within.set(from, so);
  }
  const { kind, unit } = metrics[metric];
  let stock = within.get(null)?.all ?? 0;
  return all.map(({ from }) => {
    const { all: n, applied, failed } = within.get(from) ?? { all: 0, applied: 0, failed: 0 };
    if (kind === 'flow') return n;
    if (kind === 'share') return successRate({ applied, failed });
    stock += n;
    return unit === 'seconds' ? Math.round(stock / 1000) : stock;
  });
}
