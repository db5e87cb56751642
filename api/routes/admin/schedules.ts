import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import { executionStatuses } from '../../../adapters/temporal/execution-status';
import { readSchedules, type ScheduleReading } from '../../../adapters/temporal/schedule-readings';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';

const scheduleSchema = z
  .object({
    id: z.string(),
    workflowType: z.string(),
    everySeconds: z.int(),
    jitterSeconds: z.int().meta({ description: 'Each run comes up to so much later.' }),
    state: z.enum(['known', 'missing', 'unavailable']).meta({
      description:
        '`missing`: no worker has made it yet, or somebody deleted it · `unavailable`: Temporal does not answer. The rest is null then.',
    }),
    paused: z.boolean().nullable(),
    lastRuns: z
      .array(
        z.object({
          scheduledAt: moment,
          startedAt: moment,
          status: z
            .enum(executionStatuses)
            .nullable()
            .meta({ description: 'Null where Temporal keeps nothing of it any more.' }),
          workflowId: z.string(),
          runId: z.string(),
        }),
      )
      .nullable()
      .meta({ description: 'At most three, newest first.' }),
    nextRuns: z.array(moment).nullable(),
    counts: z
      .object({
        taken: z.int(),
        skipped: z.int().meta({ description: 'Passed over because the run before was still under way.' }),
        missed: z.int().meta({ description: 'Passed over because Temporal was away when their time came.' }),
      })
      .nullable(),
  })
  .meta({ id: 'ClockSchedule' });

const list = defineRoute({
  method: 'get',
  path: '/admin/schedules',
  summary: 'What runs by the clock, when it ran last and when it runs next',
  description:
    'Asked of Temporal; each says so where it is missing there or Temporal does not answer within some seconds.',
  tags: ['Admin'],
  permission: 'admin',
  responses: { 200: z.object({ items: z.array(scheduleSchema) }) },
  handler: async ({ user, em, ctx, deps }) => {
    const readings = await readSchedules(deps.temporal);
    audit(em, {
      actorId: user.userId,
      event: 'schedules.read',
      outcome: 'done',
      requestId: ctx.state.requestId,
    });
    await em.flush();
    return { status: 200, body: { items: readings.map(presentSchedule) } };
  },
});

function presentSchedule({ schedule, state, known }: ScheduleReading): z.input<typeof scheduleSchema> {
  const { id, workflowType, everySeconds, jitterSeconds } = schedule;
  const about = { id, workflowType, everySeconds, jitterSeconds, state };
  if (!known) return { ...about, paused: null, lastRuns: null, nextRuns: null, counts: null };
  const { paused, lastRuns, nextRuns, taken, skipped, missed } = known;
  return {
    ...about,
    paused,
    lastRuns: lastRuns.map(({ scheduledAt, startedAt, ...run }) => ({
      ...run,
      scheduledAt: scheduledAt.toISOString(),
      startedAt: startedAt.toISOString(),
    })),
    nextRuns: nextRuns.map((time) => time.toISOString()),
    counts: { taken, skipped, missed },
  };
}

export const clockScheduleRoutes = [list];
