import { countGraph } from '../adapters/neo4j/graph-counts';
import { graphRecord, nextGeneration, recordSync } from '../adapters/neo4j/graph-state';
import type { Graph } from '../adapters/neo4j/graph';
import { migrateGraph } from '../adapters/neo4j/migrations';
import { countChanged, forgetChanges, forgetTooMany } from '../adapters/postgres/catalog-feed';
import { endFollowing } from '../adapters/postgres/catalog-follow-end';
import { catalogIdOf, comparisonDue, giveTurnBack, takeTurn } from '../adapters/postgres/feed-turns';
import { catalogSize, countCatalog } from '../adapters/postgres/graph-rows';
import { closeGraphSync, fullSyncLately, openGraphSync, type SyncCounts } from '../adapters/postgres/graph-syncs';
import { countDone, enterPhase } from '../adapters/postgres/jobs';
import type { EntityManager } from '../adapters/postgres/orm';
import type { FeedPosition } from '../domain/catalog-feed';
import { DomainError } from '../domain/errors';
import { chooseSync, driftOf, type SyncReason } from '../domain/graph-sync';
import { activityAttempt, activitySignal } from './activity-context';
import { type Batch, batchOf, type Phase, phases } from './graph-sync/batches';
import {
  type GraphSyncDeps,
  type GraphSyncRun,
  type GraphSyncTask,
  inTurn,
  nothingDone,
  whereGraphIs,
} from './graph-sync/deps';
import { withPulse } from './pulse';

export type { GraphSyncRun, GraphSyncTask } from './graph-sync/deps';

/** `busy`: another sync has its turn; `idle`: there is nothing to do, or, by the clock only, no graph to do it in. */
export type GraphSyncBegin = { state: 'busy' | 'idle' } | { state: 'begun'; task: GraphSyncTask };

/** How far a sync has come; `after` is null at a phase's beginning. */
export interface GraphSyncPlace {
  phase: Phase;
  after: string | null;
}

export interface GraphSyncSlice {
  next: GraphSyncPlace | null;
  did: SyncCounts;
}

/** A slice hands back after this long, in milliseconds. */
const sliceMs = 20_000;

/** Bringing the artist graph in step with PostgreSQL's catalog. */
export function createGraphSyncActivities(deps: GraphSyncDeps) {
  const { orm } = deps;

  /** By the clock: counts that differ with nothing left to take over mean that increments no longer lead anywhere. */
  async function hasDrifted(em: EntityManager, graph: Graph, from: string | null): Promise<boolean> {
    if (!(await comparisonDue(em, 'graph')) || (await fullSyncLately(em))) return false;
    const [catalog, held] = [await countCatalog(em), await graph.read(countGraph)];
    if (driftOf(catalog, held).every(({ difference }) => difference === 0)) return false;
    // What came while we counted is no drift.
    return (await countChanged(em, 'graph', { from, until: null })) === 0;
  }

  async function begin(
    em: EntityManager,
    graph: Graph,
    feed: FeedPosition,
    { syncId, jobId, full }: GraphSyncRun & { full: boolean },
  ): Promise<GraphSyncTask | null> {
    await migrateGraph(graph);
    const record = await graph.read(graphRecord);
    const chosen = chooseSync(record, feed, { full, bySomebody: jobId !== null });
    let { mode }: { mode: 'full' | 'incremental' } = chosen;
    let reason: SyncReason = chosen.reason;
    const from = record?.watermark ?? null;
    const total = mode === 'full' ? await catalogSize(em) : await countChanged(em, 'graph', { from, until: feed.now });
    if (mode === 'incremental' && jobId === null && total === 0) {
      if (!(await hasDrifted(em, graph, from))) return null;
      [mode, reason] = ['full', 'drift'];
    }
    const generation = mode === 'full' ? await nextGeneration(graph) : (record?.generation ?? 0);
    await em.transactional(async (tx) => {
      await openGraphSync(tx, { id: syncId, jobId, mode, reason });
      if (jobId) await enterPhase(tx, jobId, mode, activityAttempt(), { done: 0, total });
    });
    return { syncId, jobId, mode, generation, from, until: feed.now };
  }

  /** Writes a batch in the sync's turn. */
  async function writeBatch(task: GraphSyncTask, { looked, write }: Batch): Promise<Partial<SyncCounts>> {
    return inTurn(orm.em.fork(), task.syncId, async (tx) => {
      const did = await write();
      if (task.jobId && looked > 0) await countDone(tx, task.jobId, looked);
      return did;
    });
  }

  return {
    /**
     * Takes the turn, applies what is missing of the graph's schema, and chooses between what changed and everything. By the
     * clock, a graph that is away is none to be synced, and no failure.
     */
    async beginGraphSync(run: GraphSyncRun & { full: boolean }): Promise<GraphSyncBegin> {
      const em = orm.em.fork();
      if (run.jobId === null && !(await answers(deps.graph))) {
        await em.transactional((tx) => forgetTooMany(tx, 'graph'));
        return { state: 'idle' };
      }
      return whereGraphIs(deps, (graph) =>
        withPulse(async () => {
          const feed = await takeTurn(em, 'graph', run.syncId);
          if (!feed) return { state: 'busy' };
          const task = await begin(em, graph, feed, run);
          if (task) return { state: 'begun', task };
          await giveTurnBack(em, 'graph', run.syncId);
          return { state: 'idle' };
        }),
      );
    },

    /** Works for some seconds from a place on, batch by batch. Repeating a slice writes the same again. */
    async syncGraphSlice({
      task,
      place,
    }: {
      task: GraphSyncTask;
      place: GraphSyncPlace | null;
    }): Promise<GraphSyncSlice> {
      const signal = activitySignal();
      const stopAt = performance.now() + sliceMs;
      const order: readonly Phase[] = phases[task.mode];
      const first: GraphSyncPlace = place ?? { phase: order[0] ?? 'artists', after: null };
      const did = { ...nothingDone };
      return whereGraphIs(deps, (graph) => {
        const read = ({ phase, after }: GraphSyncPlace) => batchOf[phase]({ em: orm.em.fork(), graph, task, after });
        return withPulse(async () => {
          let next: GraphSyncPlace | null = first;
          let coming: Promise<Batch> | null = read(first);
          while (next !== null && coming !== null) {
            signal?.throwIfAborted();
            const batch: Batch = await coming;
            next = batch.after === null ? phaseAfter(order, next.phase) : { phase: next.phase, after: batch.after };
            coming = next === null || performance.now() >= stopAt ? null : read(next);
            // It is awaited when this batch is written; if that fails, nobody asks for it any more.
            coming?.catch(() => undefined);
            const written = await writeBatch(task, batch);
            for (const kind of Object.keys(did) as (keyof SyncCounts)[]) did[kind] += written[kind] ?? 0;
          }
          return { next, did };
        });
      });
    },

    /** Says in the graph how far it is, forgets what it has, and ends sync and job. After a failure the graph stays where it was. */
    async finishGraphSync({
      task,
      counts,
      failureCode,
    }: {
      task: GraphSyncTask;
      counts: SyncCounts;
      failureCode: string | null;
    }): Promise<void> {
      const em = orm.em.fork();
      const { syncId, jobId, mode, generation, until } = task;
      await withPulse(async () => {
        if (!failureCode) {
          await whereGraphIs(deps, (graph) =>
            inTurn(em, syncId, async (tx) => {
              const catalogId = await catalogIdOf(tx, 'graph');
              await graph.write((write) => recordSync(write, { catalogId, until, generation, full: mode === 'full' }));
            }),
          );
        }
        await em.transactional(async (tx) => {
          if (!failureCode) await forgetChanges(tx, ['graph'], until);
          await closeGraphSync(tx, { id: syncId, counts, failureCode });
          if (jobId) await endFollowing(tx, 'sync_graph', { jobId, told: { mode, ...counts }, failureCode });
          await giveTurnBack(tx, 'graph', syncId);
        });
      });
    },

    /** Ends the job of a sync that could not begin. */
    async failGraphSync({ syncId, jobId, failureCode }: GraphSyncRun & { failureCode: string }): Promise<void> {
      await orm.em.fork().transactional(async (tx) => {
        await giveTurnBack(tx, 'graph', syncId);
        const told = { mode: 'incremental', ...nothingDone };
        if (jobId) await endFollowing(tx, 'sync_graph', { jobId, told, failureCode });
      });
    },
  };
}

async function answers(graph: Graph | null): Promise<boolean> {
  try {
    if (!graph) return false;
    await graph.verify();
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

const phaseAfter = (order: readonly Phase[], phase: Phase): GraphSyncPlace | null => {
  const next = order[order.indexOf(phase) + 1];
  return next === undefined ? null : { phase: next, after: null };
};
