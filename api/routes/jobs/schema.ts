import { z } from 'zod';
import { executionStatuses } from '../../../adapters/temporal/execution-status';
import { jobStatuses, jobTypes } from '../../../domain/jobs';
import { momentQuery } from '../../moment-query';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';
import { waitingSchema } from '../enforcement/run-schema';

export const jobSchema = z
  .object({
    id: z.uuid(),
    userId: z.uuid().optional().meta({ description: 'Whose it is; for admins.' }),
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
  ...momentQuery,
  all: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'Everybody’s; for admins.' }),
  userId: z.uuid().optional().meta({ description: 'This person’s; for admins.' }),
});

const pendingActivity = z.object({
  type: z.string(),
  state: z.enum(['scheduled', 'running', 'cancelling', 'paused']),
  attempt: z.int(),
  maximumAttempts: z.int().nullable().meta({ description: 'Null where it is tried for ever.' }),
  startedAt: moment.nullable().meta({ description: 'When its present attempt began; null while it waits for one.' }),
  lastHeartbeatAt: moment.nullable(),
  nextAttemptAt: moment.nullable().meta({ description: 'When it may be tried again; null while it is being done.' }),
  lastFailure: z.object({ code: z.string() }).nullable().meta({ description: 'Of the attempt before.' }),
});

export const jobExecutionSchema = z
  .object({
    jobId: z.uuid(),
    state: z.enum(['not_started', 'open', 'closed', 'gone', 'unavailable']).meta({
      description:
        '`not_started`: it waits for its start · `gone`: Temporal keeps nothing of it any more; the job’s own row is the record · `unavailable`: Temporal does not answer.',
    }),
    waiting: waitingSchema,
    failure: z.object({ code: z.string() }).nullable().meta({ description: 'Of the job.' }),
    execution: z
      .object({
        status: z.enum(executionStatuses).nullable(),
        startedAt: moment,
        closedAt: moment.nullable(),
        events: z.int().meta({ description: 'In its history.' }),
        workflowTaskAttempt: z.int().nullable().meta({
          description:
            'How often its present step was tried: more than one while its own code fails. Null where it waits.',
        }),
        activities: z.array(pendingActivity).meta({ description: 'What is being done, or waits to be tried again.' }),
      })
      .nullable(),
    temporalUrl: z.string().optional(),
  })
  .meta({ id: 'JobExecution' });

export const retriedJobSchema = z
  .object({
    jobId: z.uuid(),
    planId: z.uuid().optional().meta({ description: 'The new plan, where it was one.' }),
    runId: z.uuid().optional().meta({ description: 'The run, where it was one: it goes on over its journal.' }),
  })
  .meta({ id: 'RetriedJob' });
