import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { counter, madeAt, moment } from './columns';
import { Connection } from './connections';

/** That a person wants a connection looked after every week without them. */
export const ConnectionSchedule = defineEntity({
  name: 'ConnectionSchedule',
  tableName: 'connection_schedules',
  properties: {
    connectionId: p.manyToOne(Connection).mapToPk().primary().fieldName('connection_id').deleteRule('cascade'),
    mode: p.string().length(10),
    weekday: p.string().length(10),
    hour: p.integer(),
    timeZone: p.string().length(64),
    preset: p.string().length(20),
    switches: p.json<Record<string, boolean>>().defaultRaw("'{}'"),
    nextDueAt: moment().index(),
    version: counter(),
    createdAt: madeAt(),
    updatedAt: madeAt(),
  },
});
export type ConnectionSchedule = InferEntity<typeof ConnectionSchedule>;

/** One turn of such a schedule. */
export const ScheduledEnforcement = defineEntity({
  name: 'ScheduledEnforcement',
  tableName: 'scheduled_enforcements',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.manyToOne(Connection).mapToPk().fieldName('connection_id').deleteRule('cascade'),
    dueAt: moment(),
    planId: p.uuid().unique(),
    runId: p.uuid().nullable(),
    /** `preparing`, or how it ended. */
    status: p.string().length(20).default('preparing'),
    reason: p.string().length(60).nullable(),
    createdAt: madeAt(),
    finishedAt: moment().nullable().index(),
  },
  uniques: [{ properties: ['connectionId', 'dueAt'] }],
});
export type ScheduledEnforcement = InferEntity<typeof ScheduledEnforcement>;
