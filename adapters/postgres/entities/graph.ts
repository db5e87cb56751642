import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';

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
