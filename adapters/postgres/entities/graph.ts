import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { GraphCounts as Counted } from '../../../domain/graph-sync';
import { madeAt, moment } from './columns';

/** One row: what the graph should hold, as it was counted last. Apart from the feed, whose row a sync locks batch by batch. */
export const GraphCounts = defineEntity({
  name: 'GraphCounts',
  tableName: 'graph_counts',
  properties: {
    id: p.smallint().primary().autoincrement(false),
    counts: p.json<Counted>().nullable(),
    countedAt: moment().nullable(),
    /** The moment that the counts are of; what was committed since is not in them. */
    countedIn: p.string().columnType('pg_snapshot').nullable(),
    /** When somebody last began to count. */
    begunAt: moment().nullable(),
  },
});
export type GraphCounts = InferEntity<typeof GraphCounts>;

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
