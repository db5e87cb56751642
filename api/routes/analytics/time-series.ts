import type { z } from 'zod';
import { databaseNow } from '../../../adapters/postgres/clock';
import { sumFigures } from '../../../adapters/postgres/figure-sums';
import { dayOf, dayRange, type DayRange } from '../../../domain/day-range';
import { DomainError } from '../../../domain/errors';
import {
  metrics,
  mostPoints,
  mostYears,
  partingsOf,
  pointsOf,
  rangeFault,
  type RangeFault,
  usualDays,
} from '../../../domain/time-series';
import { defineRoute } from '../../route';
import { timeSeriesQuery, timeSeriesSchema } from './time-series-schema';

const messages: Record<RangeFault, string> = {
  before_from: 'Before `from`',
  too_long: `More than ${mostYears} years`,
  too_many_points: `More than ${mostPoints} points; ask for weeks or months`,
  out_of_range: 'Not a time that there are figures of',
};

type Asked = z.output<typeof timeSeriesQuery>;

const fault = (path: string, code: string, message: string) =>
  new DomainError('invalid_request', { errors: [{ path: `query.${path}`, code, message }] });

/** The range that was asked for, or the usual one. Throws `invalid_request` for what cannot be told. */
function rangeOf({ metric, granularity, by, provider, ...asked }: Asked, today: Date): DayRange {
  if (!partingsOf[metric].includes(by)) throw fault('by', 'not_of_this_metric', `\`${metric}\` has no such parts`);
  if (metric === 'blocks' && provider) throw fault('provider', 'not_of_this_metric', 'Blocks hold at every provider');
  const to = asked.to ?? dayOf(today.getTime());
  const from = asked.from ?? dayRange({ to }, { today, usual: usualDays[granularity], most: Infinity })?.from ?? to;
  const wrong = rangeFault({ from, to }, granularity);
  if (wrong) throw fault('to', wrong, messages[wrong]);
  return { from, to };
}

export const timeSeriesRoute = defineRoute({
  method: 'get',
  path: '/analytics/time-series',
  summary: 'What was done and kept out over time',
  description:
    'Your own, counted in the transactions in which it happened; days by UTC. No day, week or month of the range is left out; the first and the last are cut where it begins and ends, as their `from` and `to` say. What was undone counts as applied, and is no longer kept out from then on. What is at several places counts at each.',
  tags: ['Analytics'],
  permission: 'signed_in',
  query: timeSeriesQuery,
  responses: { 200: timeSeriesSchema },
  handler: async ({ user, query, em }) => {
    const { metric, granularity, by } = query;
    const provider = query.provider ?? null;
    const now = await databaseNow(em);
    const range = rangeOf(query, now);
    const sums = await sumFigures(em, { userId: user.userId, metric, range, granularity, provider });
    const { kind, unit } = metrics[metric];
    const today = dayOf(now.getTime());
    const points = pointsOf(sums, { metric, parting: by, range, granularity, today });
    return { status: 200, body: { metric, kind, unit, granularity, ...range, provider, by, points } };
  },
});
