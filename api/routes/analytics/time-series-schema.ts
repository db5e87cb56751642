import { z } from 'zod';
import { providers } from '../../../domain/capabilities';
import { granularities, metricNames, mostPoints, mostYears, partings } from '../../../domain/time-series';

const day = z.iso.date();

export const timeSeriesQuery = z.object({
  metric: z.enum(metricNames).meta({
    description:
      '`runs` and `actions` by the day on which they ended · `success_rate`, applied ÷ (applied + failed); what was skipped had nothing to be done · `items_kept_out`, `seconds_kept_out` (playing time) and `blocks` (artists), how many there were when the days ended.',
  }),
  granularity: z.enum(granularities).default('day').meta({ description: 'Weeks by ISO 8601, from Monday.' }),
  from: day.optional().meta({ description: 'The first day, by UTC; 30 days, half a year or a year back without it.' }),
  to: day.optional().meta({
    description: `The last day, by UTC; today without it. At most ${mostYears} years and ${mostPoints} points.`,
  }),
  provider: z.enum(providers).optional(),
  by: z.enum(partings).default('none').meta({
    description:
      'Tells types apart (of actions or runs), outcomes (of actions; of runs their status), or both: then there is a row of points for each that there is.',
  }),
});

export const pointSchema = z.object({
  from: day,
  to: day,
  type: z.string().nullable(),
  outcome: z.string().nullable(),
  value: z
    .number()
    .nullable()
    .meta({ description: 'Null for a rate where nothing was tried, and for days that are yet to come.' }),
});

export const timeSeriesSchema = z
  .object({
    metric: z.enum(metricNames),
    kind: z.enum(['flow', 'stock', 'share']),
    unit: z.enum(['count', 'share', 'seconds']),
    granularity: z.enum(granularities),
    from: day,
    to: day,
    provider: z.enum(providers).nullable(),
    by: z.enum(partings),
    points: z.array(pointSchema),
  })
  .meta({ id: 'TimeSeries' });
