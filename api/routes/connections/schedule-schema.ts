import { z } from 'zod';
import { presets } from '../../../domain/matching';
import { scheduledEnds, scheduleModes } from '../../../domain/unattended';
import { isTimeZone, weekdays } from '../../../domain/weekly-time';
import { moment } from '../auth/schema';
import { switchesSchema } from '../enforcement/plan-schema';

const fields = {
  mode: z.enum(scheduleModes).meta({
    description:
      '`notify`: you get the plan. `apply`: it is carried out, up to the cap; above that, and while another run is under way, you get the plan.',
  }),
  weekday: z.enum(weekdays),
  hour: z.int().min(0).max(23).meta({ description: 'It begins within this hour; in which minute is up to us.' }),
};
const timeZone = z.string().max(64).refine(isTimeZone, 'Must be the name of a time zone');

export const saveScheduleSchema = z
  .strictObject({
    ...fields,
    timeZone: timeZone.default('UTC').meta({ description: 'IANA name, e.g. `Europe/Berlin`.' }),
    preset: z.enum(presets).default('standard'),
    switches: switchesSchema.optional(),
    version: z.int().optional().meta({ description: 'The version that the change is made to.' }),
  })
  .meta({ id: 'SaveSchedule' });

export const scheduleSchema = z
  .object({
    connectionId: z.uuid(),
    ...fields,
    timeZone: z.string(),
    preset: z.enum(presets),
    switches: switchesSchema,
    nextAt: moment.meta({
      description: 'One that is past has waited: for a run’s end, or for the connection’s renewal.',
    }),
    cap: z
      .object({ items: z.int(), percent: z.number() })
      .meta({ description: 'Most items that are taken out unattended, or most of the library; whichever is more.' }),
    last: z
      .object({
        dueAt: moment,
        status: z.enum(['preparing', ...scheduledEnds]),
        reason: z.string().nullable(),
        planId: z.uuid(),
        runId: z.uuid().nullable(),
      })
      .nullable()
      .meta({ description: 'Its last turn, and how that went.' }),
    version: z.int(),
    createdAt: moment,
    updatedAt: moment,
  })
  .meta({ id: 'Schedule' });
