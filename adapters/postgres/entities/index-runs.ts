import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { TableTask } from '../../../domain/index-tables';
import { madeAt, moment } from './columns';

/** A run of the indexer that had something to do. */
export const IndexRun = defineEntity({
  name: 'IndexRun',
  tableName: 'index_runs',
  properties: {
    /** The run id of its workflow. */
    id: p.uuid().primary(),
    jobId: p.uuid().nullable(),
    status: p.string().length(12).default('running'),
    /** What it did to each table, and why. */
    tables: p.json<TableTask[]>(),
    written: p.integer().default(0),
    removed: p.integer().default(0),
    merged: p.integer().default(0),
    queued: p.integer().default(0),
    failureCode: p.string().length(60).nullable(),
    startedAt: madeAt().index(),
    finishedAt: moment().nullable(),
  },
});
export type IndexRun = InferEntity<typeof IndexRun>;
