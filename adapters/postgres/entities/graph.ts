import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';

/** An artist, album or track that a transaction touched, for the graph to look at. Triggers write it. */
export const GraphChange = defineEntity({
  name: 'GraphChange',
  tableName: 'graph_changes',
  properties: {
    kind: p.string().length(10).primary(),
    subjectId: p.uuid().primary(),
    /** The number of its transaction, which never comes again. */
    txid: p.string().columnType('xid8').defaultRaw('pg_current_xact_id()').primary(),
  },
});
export type GraphChange = InferEntity<typeof GraphChange>;

/** One row: which changes are no longer kept, and which sync has its turn. */
export const GraphFeed = defineEntity({
  name: 'GraphFeed',
  tableName: 'graph_feed',
  properties: {
    id: p.smallint().primary().autoincrement(false),
    /** Tells this catalog from any other that the graph may hold; made by the first sync. */
    catalogId: p.uuid().nullable(),
    forgotten: p.string().columnType('pg_snapshot').defaultRaw('pg_current_snapshot()'),
    holder: p.uuid().nullable(),
    heldUntil: moment().nullable(),
    /** When the counts of both sides were last compared by the clock. */
    comparedAt: moment().nullable(),
  },
});
export type GraphFeed = InferEntity<typeof GraphFeed>;

/** A sync of the graph that had something to do. */
export const GraphSync = defineEntity({
  name: 'GraphSync',
  tableName: 'graph_syncs',
  properties: {
    /** The run id of its workflow. */
    id: p.uuid().primary(),
    jobId: p.uuid().nullable(),
    mode: p.string().length(12),
    reason: p.string().length(20),
    status: p.string().length(12).default('running'),
    artists: p.integer().default(0),
    albums: p.integer().default(0),
    tracks: p.integer().default(0),
    collaborations: p.integer().default(0),
    removed: p.integer().default(0),
    failureCode: p.string().length(60).nullable(),
    startedAt: madeAt().index(),
    finishedAt: moment().nullable(),
  },
});
export type GraphSync = InferEntity<typeof GraphSync>;
