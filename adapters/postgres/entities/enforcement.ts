import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { codes, counter, madeAt, moment } from './columns';
import { Connection } from './connections';
import { User } from './people';

/** What would change at one connection, and why. */
export const Plan = defineEntity({
  name: 'Plan',
  tableName: 'plans',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    connectionId: p.manyToOne(Connection).mapToPk().fieldName('connection_id').deleteRule('cascade').index(),
    jobId: p.uuid(),
    preset: p.string().length(20),
    switches: p.json<Record<string, boolean>>().defaultRaw("'{}'"),
    onFailure: p.string().length(10).default('keep'),
    status: p.string().length(20).default('preparing'),
    staleReasons: codes(),
    failureCode: p.string().length(60).nullable(),
    generationId: p.uuid().nullable(),
    /** The library of a file, from which it puts back what is gone; null for one that takes out by blocks. */
    fileGenerationId: p.uuid().nullable(),
    providerCalls: p.integer().default(0),
    estimatedSeconds: p.integer().default(0),
    runId: p.uuid().nullable(),
    version: counter(),
    createdAt: madeAt(),
    readyAt: moment().nullable(),
    expiresAt: moment(),
  },
});
export type Plan = InferEntity<typeof Plan>;

/** One thing in one place that would change. */
export const PlanItem = defineEntity({
  name: 'PlanItem',
  tableName: 'plan_items',
  properties: {
    id: p.uuid().primary(),
    planId: p.manyToOne(Plan).mapToPk().fieldName('plan_id').deleteRule('cascade'),
    seq: p.integer(),
    itemType: p.string().length(20),
    uri: p.string().length(300),
    playlistId: p.string().length(100).nullable(),
    playlistName: p.text().nullable(),
    positions: p.json<number[]>().nullable(),
    name: p.text(),
    artists: p.json<string[]>(),
    album: p.text().nullable(),
    url: p.text().nullable(),
    imageUrl: p.text().nullable(),
    matches: p.json<Record<string, unknown>[]>(),
    actionType: p.string().length(40),
    losses: codes(),
    included: p.boolean(),
    needsReview: p.boolean().default(false),
    notEnforceable: p.string().length(40).nullable(),
    /** When its person ticked it off, where only they can do it. */
    doneAt: moment().nullable(),
  },
  uniques: [{ properties: ['planId', 'seq'] }],
});
export type PlanItem = InferEntity<typeof PlanItem>;

/** What the person said of one item, kept for when the plan is made anew, even where the item is not in it for a while. */
export const PlanChoice = defineEntity({
  name: 'PlanChoice',
  tableName: 'plan_choices',
  properties: {
    planId: p.manyToOne(Plan).mapToPk().primary().fieldName('plan_id').deleteRule('cascade'),
    itemType: p.string().length(20).primary(),
    /** Empty for what is in no playlist. */
    playlistId: p.string().length(100).primary(),
    uri: p.string().length(300).primary(),
    included: p.boolean(),
    /** Whether the item needed no review when this was said. */
    firm: p.boolean(),
  },
});
export type PlanChoice = InferEntity<typeof PlanChoice>;

/** What was done (or undone) at one connection. */
export const Run = defineEntity({
  name: 'Run',
  tableName: 'runs',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    connectionId: p.manyToOne(Connection).mapToPk().fieldName('connection_id').deleteRule('cascade').index(),
    jobId: p.uuid(),
    runType: p.string().length(20),
    /** Who had it begin, of the domain's run starters. */
    startedBy: p.string().length(20).default('person'),
    /** The plan it carries out; one run a plan. Null for a rollback. */
    planId: p.uuid().nullable().unique(),
    rollbackOf: p.array().columnType('uuid[]').defaultRaw("'{}'"),
    status: p.string().length(30).default('queued'),
    onFailure: p.string().length(10).default('keep'),
    /** The connection's epoch it started under. */
    epoch: p.integer(),
    /** Each execution of a working slice takes the next number; a late one finds a higher number and stops. */
    fence: p.integer().default(0),
    cancelRequestedAt: moment().nullable(),
    cancelWithRollback: p.boolean().default(false),
    /** What was seen of each touched part of the library, by its key: the receipt is made from it. */
    observations: p.json<Record<string, unknown>>().defaultRaw("'{}'"),
    receipt: p.json<Record<string, number>>().nullable(),
    waitingReason: p.string().length(40).nullable(),
    waitingUntil: moment().nullable(),
    failureCode: p.string().length(60).nullable(),
    providerCalls: p.integer().default(0),
    createdAt: madeAt(),
    startedAt: moment().nullable(),
    finishedAt: moment().nullable(),
  },
});
export type Run = InferEntity<typeof Run>;

/** The journal: the only record of what to undo. */
export const Action = defineEntity({
  name: 'Action',
  tableName: 'actions',
  properties: {
    id: p.uuid().primary(),
    runId: p.manyToOne(Run).mapToPk().fieldName('run_id').deleteRule('cascade'),
    seq: p.integer(),
    planItemId: p.uuid().nullable(),
    /** In a rollback: the action it undoes. */
    undoesId: p.uuid().nullable().index(),
    actionType: p.string().length(40),
    itemType: p.string().length(20),
    uri: p.string().length(300),
    playlistId: p.string().length(100).nullable(),
    name: p.text(),
    artistIds: p.array().columnType('uuid[]').defaultRaw("'{}'"),
    /** The lists and offenses that it rested on, beside the person's own block: see `sourceKeys`. */
    sources: codes(),
    status: p.string().length(20).default('pending'),
    outcomeCode: p.string().length(40).nullable(),
    losses: codes(),
    approximate: p.boolean().default(false),
    attempt: p.integer().default(0),
    /** What was there before the first attempt: `{present, addedAt?, positions?}`. */
    before: p.json<Record<string, unknown>>().nullable(),
    appliedAt: moment().nullable(),
    /** Since when it is applied, skipped or failed, and since when undone: kept by a trigger, from the status. */
    settledAt: moment().nullable(),
    undoneAt: moment().nullable(),
    /** Of tracks, their length, once for each place; of an album, that of its known tracks. Null where nothing is known. */
    durationMs: p.bigint().nullable(),
    updatedAt: madeAt(),
  },
  uniques: [{ properties: ['runId', 'seq'] }],
  indexes: [
    { properties: ['runId', 'status'] },
    {
      name: 'actions_by_source',
      expression: `create index actions_by_source on actions using gin (sources) where sources <> '{}'`,
    },
  ],
});
export type Action = InferEntity<typeof Action>;
