import { z } from 'zod';
import { moderationLoad } from '../../../adapters/postgres/moderation-load';
import { medianSeconds, moderationDays } from '../../../adapters/postgres/moderation-stats';
import { dayQuery, daysOf } from '../../day-query';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';
import { auditedRead } from './audited-read';

const count = z.int().nonnegative();
const byState = z.array(z.object({ state: z.string(), count }));

const loadSchema = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    cases: z.object({
      waiting: byState,
      unclaimed: count.meta({ description: 'Of those that wait for a moderator, the ones that nobody holds.' }),
      oldestAt: moment.nullable().meta({ description: 'When the oldest was opened that waits for a moderator.' }),
      opened: count,
      decided: count,
      reversed: count.meta({ description: 'Decisions that appeals took back or changed in these days.' }),
      medianSeconds: count.nullable().meta({ description: 'From opening to decision; null where none was decided.' }),
    }),
    appeals: z.object({
      open: byState,
      escalated: count,
      overdue: count.meta({ description: 'Their time to be decided is over.' }),
      oldestAt: moment.nullable(),
    }),
  })
  .meta({ id: 'ModerationLoad' });

export const systemModerationRoute = defineRoute({
  method: 'get',
  path: '/analytics/system/moderation',
  summary: 'What waits to be decided, and how fast it is',
  description:
    'For admins: what waits now, and what was opened and decided in a range of days by UTC; the last 30 without one, at most 366. Each day of it is in `moderation/stats`.',
  tags: ['Analytics'],
  permission: 'admin',
  query: dayQuery,
  responses: { 200: loadSchema },
  handler: async (asked) => {
    const range = await daysOf(asked.em, asked.query, { usual: 30, most: 366 });
    const { load, days, median } = await auditedRead(asked, 'moderation', { ...range }, async (tx) => ({
      load: await moderationLoad(tx),
      days: await moderationDays(tx, range),
      median: await medianSeconds(tx, range),
    }));
    const sum = (of: 'opened' | 'decided' | 'reversed') => days.reduce((total, day) => total + day[of], 0);
    const body = {
      ...range,
      cases: {
        ...load.cases,
        oldestAt: load.cases.oldestAt?.toISOString() ?? null,
        opened: sum('opened'),
        decided: sum('decided'),
        reversed: sum('reversed'),
        medianSeconds: median,
      },
      appeals: { ...load.appeals, oldestAt: load.appeals.oldestAt?.toISOString() ?? null },
    };
    return { status: 200, body };
  },
});
