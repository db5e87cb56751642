import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';
import { User } from './people';

/** Any workflow, as its owner sees it. */
export const Job = defineEntity({
  name: 'Job',
  tableName: 'jobs',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    type: p.string().length(40),
    subjectType: p.string().length(30),
    subjectId: p.uuid().nullable(),
    provider: p.string().length(20).nullable(),
    workflowId: p.string().length(200).index(),
    workflowRunId: p.string().length(100).nullable(),
    requestId: p.string().length(64).nullable(),
    status: p.string().length(20).default('queued'),
    phase: p.string().length(40).nullable(),
    attempts: p.integer().default(0),
    done: p.integer().default(0),
    total: p.integer().default(0),
    waitingReason: p.string().length(40).nullable(),
    waitingUntil: moment().nullable(),
    failureCode: p.string().length(60).nullable(),
    retryOf: p.uuid().nullable().index(),
    createdAt: madeAt(),
    startedAt: moment().nullable(),
    updatedAt: madeAt(),
    finishedAt: moment().nullable(),
    failureToldAt: moment().nullable(),
  },
  indexes: [
    { properties: ['status', 'id'] },
    { properties: ['type', 'id'] },
    {
      name: 'jobs_failures_untold',
      expression: `create index jobs_failures_untold on jobs (id) where status = 'failed' and failure_told_at is null`,
    },
  ],
});
export type Job = InferEntity<typeof Job>;

/** Rare, spoken steps of a job; `seq` is the id that an event stream resumes from. */
export const JobMilestone = defineEntity({
  name: 'JobMilestone',
  tableName: 'job_milestones',
  properties: {
    jobId: p.manyToOne(Job).mapToPk().primary().fieldName('job_id').deleteRule('cascade'),
    seq: p.integer().primary(),
    code: p.string().length(40),
    params: p.json<Record<string, string | number>>().defaultRaw("'{}'"),
    createdAt: madeAt(),
  },
});
export type JobMilestone = InferEntity<typeof JobMilestone>;

/** A workflow that must be started, written with the rows it works on. */
export const OutboxEntry = defineEntity({
  name: 'OutboxEntry',
  tableName: 'outbox',
  properties: {
    id: p.uuid().primary(),
    workflowType: p.string().length(60),
    workflowId: p.string().length(200),
    input: p.json<Record<string, string | number | boolean | null>>(),
    searchAttributes: p.json<{ userId: string; provider?: string; jobType: string }>(),
    requestId: p.string().length(64).nullable(),
    /** The trace that it was written in (W3C Trace Context); null where nothing was traced. */
    traceparent: p.string().length(55).nullable(),
    createdAt: madeAt(),
    startedAt: moment().nullable(),
  },
  indexes: [{ properties: ['startedAt', 'createdAt'] }],
});
export type OutboxEntry = InferEntity<typeof OutboxEntry>;
