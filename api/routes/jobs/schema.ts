import { z } from 'zod';
import { jobStatuses, jobTypes } from '../../../domain/jobs';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';
import { waitingSchema } from '../enforcement/run-schema';

export const jobSchema = z
  .object({
    id: z.uuid(),
    type: z.enum(jobTypes),
    status: z.enum(jobStatuses),
    phase: z.string().nullable(),
    attempts: z.int().meta({ description: 'How often the step that was begun most often was begun.' }),
    progress: z.object({ done: z.int(), total: z.int() }),
    percent: z.int().nullable().meta({ description: 'Null while the total is unknown.' }),
    etaSeconds: z.int().nullable().meta({ description: 'At the pace so far.' }),
    waiting: waitingSchema,
    failure: z.object({ code: z.string() }).nullable(),
    subject: z
      .object({ type: z.string(), id: z.uuid(), href: z.string() })
      .nullable()
      .meta({ description: 'What the work is on.' }),
    createdAt: moment,
    startedAt: moment.nullable(),
    finishedAt: moment.nullable(),
    retryOf: z.uuid().nullable(),
    requestId: z
      .string()
      .nullable()
      .meta({ description: 'Of the request that began it; the worker’s log lines carry it too.' }),
    temporalUrl: z
      .string()
      .optional()
      .meta({ description: 'Its workflow in the Temporal UI; for admins, and on the sandbox.' }),
  })
  .meta({ id: 'Job' });

export const jobsQuery = pageQuery.extend({
  type: z.enum(jobTypes).optional(),
  status: z.enum(jobStatuses).optional(),
});

export const retriedJobSchema = z
  .object({ jobId: z.uuid(), planId: z.uuid().optional().meta({ description: 'The new plan, where it was one.' }) })
  .meta({ id: 'RetriedJob' });
