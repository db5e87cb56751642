import { ApplicationFailure } from '@temporalio/activity';
import { keepTurn } from '../../adapters/postgres/feed-turns';
import type { SyncCounts } from '../../adapters/postgres/graph-syncs';
import type { EntityManager, MikroORM } from '../../adapters/postgres/orm';
import type { Graph } from '../../adapters/neo4j/graph';
import { DomainError } from '../../domain/errors';
import type { SyncMode } from '../../domain/graph-sync';

export interface GraphSyncDeps {
  orm: MikroORM;
  /** Null where no address is configured. */
  graph: Graph | null;
}

/** Which sync this is: the run id of its workflow, and the job of whoever asked for it. */
export interface GraphSyncRun {
  syncId: string;
  jobId: string | null;
}

/** What a sync has to take over: what was committed between two snapshots; `from` is null where there is none to begin at. */
export interface GraphSyncTask extends GraphSyncRun {
  mode: SyncMode;
  generation: number;
  from: string | null;
  until: string;
}

export const nothingDone: SyncCounts = { artists: 0, albums: 0, tracks: 0, collaborations: 0, removed: 0 };

/** Without the graph the work is tried again, and then fails with its code. */
export async function whereGraphIs<T>(deps: GraphSyncDeps, work: (graph: Graph) => Promise<T>): Promise<T> {
  try {
    if (!deps.graph) throw new DomainError('graph_unavailable');
    return await work(deps.graph);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'graph_unavailable')
      throw ApplicationFailure.retryable(error.code, error.code);
    throw error;
  }
}

/**
 * Writes one batch while the turn is surely this sync's: its row is locked until the batch is in the graph. A sync that was
 * taken for dead, and goes on, must not write over what the next one wrote; what it had read before, it then writes no more.
 */
export async function inTurn<T>(
  em: EntityManager,
  syncId: string,
  batch: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  return em.transactional(async (tx) => {
    if (!(await keepTurn(tx, 'graph', syncId)))
      throw ApplicationFailure.nonRetryable('graph_sync_overtaken', 'graph_sync_overtaken');
    return batch(tx);
  });
}
