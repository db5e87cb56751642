import { z } from 'zod';
import { medianSeconds, moderationDays } from '../../../adapters/postgres/moderation-stats';
import { oneMoment } from '../../../adapters/postgres/orm';
import { dayQuery, daysOf } from '../../day-query';
import { defineRoute } from '../../route';

const count = z.int().nonnegative();
const median = count.nullable().meta({ description: 'Seconds from opening to decision; null where none was decided.' });

const statsSchema = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    totals: z.object({ opened: count, decided: count, medianSeconds: median, reversed: count }),
    days: z.array(
      z.object({
        day: z.iso.date(),
        opened: count,
        decided: count,
        waiting: count.meta({ description: 'Cases that waited when the day ended.' }),
        medianSeconds: median,
        reversed: count.meta({ description: 'Decisions that appeals took back or changed on that day.' }),
      }),
    ),
  })
  .meta({ id: 'ModerationStats' });

const read = defineRoute({
  method: 'get',
  path: '/moderation/stats',
  summary: 'Moderation by day',
  description: 'By UTC, every day of the range; the last 30 without one, at most 366.',
  tags: ['Moderation'],
  permission: 'staff',
  query: dayQuery,
  responses: { 200: statsSchema },
  handler: async ({ query, em }) => {
    const range = await daysOf(em, query, { usual: 30, most: 366 });
    const { days, medianOfAll } = await oneMoment(em, async (tx) => ({
      days: await moderationDays(tx, range),
      medianOfAll: await medianSeconds(tx, range),
    }));
    const sum = (of: 'opened' | 'decided' | 'reversed') => days.reduce((total, day) => total + day[of], 0);
    const totals = {
      opened: sum('opened'),
      decided: sum('decided'),
      medianSeconds: medianOfAll,
      reversed: sum('reversed'),
    };
    return { status: 200, body: { ...range, totals, days } };
  },
});

export const moderationStatsRoutes = [read];
