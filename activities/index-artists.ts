import { readState, keepState } from '../adapters/lancedb/table-states';
import { writeTable } from '../adapters/lancedb/table-writer';
import { changedIds, forgetChanges, forgetTooMany } from '../adapters/postgres/catalog-feed';
import { endFollowing } from '../adapters/postgres/catalog-follow-end';
import { countUnlooked } from '../adapters/postgres/feed-stretches';
import { databaseNow } from '../adapters/postgres/clock';
import { catalogIdOf, giveTurnBack, keepTurn, takeTurn } from '../adapters/postgres/feed-turns';
import {
  closeIndexRun,
  type IndexCounts,
  noteTableFailure,
  openIndexRun,
  tableFailures,
} from '../adapters/postgres/index-runs';
import { countDone, enterPhase } from '../adapters/postgres/jobs';
import type { EntityManager } from '../adapters/postgres/orm';
import type { TableTask } from '../domain/index-tables';
import { StyleModelError } from '../domain/style/style-model';
import { activityAttempt, activitySignal } from './activity-context';
import { chooseWork, isIdle } from './index-artists/begin';
import {
  type IndexDeps,
  type IndexRun,
  type IndexTask,
  inSnapshots,
  lockInTurn,
  nothingIndexed,
  whereIndexIs,
} from './index-artists/deps';
import { lookForDoubles } from './index-artists/looking';
import { tableNamed } from '../adapters/catalog-index/tables';
import { withPulse } from './pulse';

export type { IndexRun, IndexTask } from './index-artists/deps';

/** `busy`: another run has its turn; `idle`: there is nothing to do. */
export type IndexBegin = { state: 'busy' | 'idle' } | { state: 'begun'; task: IndexTask };

/**
 * How far a run has come: in which of its tables, and after which owner; tidying comes last in each. Behind the last table doubles are
 * looked for.
 */
export interface IndexPlace {
  table: number;
  step: 'rows' | 'tidy';
  after: string | null;
}

export interface IndexSlice {
  next: IndexPlace | null;
  did: IndexCounts;
}

/** What a run brings in step: the tables, and who is in the catalog twice. */
const readers = ['index', 'links'] as const;

/** A slice hands back after this long, in milliseconds. */
const sliceMs = 20_000;

/** Bringing the vector index in step with PostgreSQL's catalog. */
export function createIndexActivities(deps: IndexDeps) {
  const { orm, vectors } = deps;

  /** Reads and writes under one hold of the lock, so that nothing older is ever written over something newer. */
  async function oneBatch(
    task: IndexTask,
    { table: name, mode, from }: TableTask,
    after: string | null,
  ): Promise<{ after: string | null; did: IndexCounts; looked: number }> {
    const table = tableNamed(deps.tables, name);
    return writeTable(vectors, table.definition, lockInTurn(deps, task.runId), async (writer) => {
      const em = orm.em.fork();
      const limit = table.batch;
      const owners =
        mode === 'incremental'
          ? await changedIds(em, {
              kinds: table.kinds,
              from,
              until: task.until,
              after,
              limit,
            })
          : await table.owners(em, { after, limit });
      const last = owners.length < limit ? null : (owners.at(-1) ?? null);
      const rows = await table.rows(em, owners);
      const removed = await writer.replace(mode === 'incremental' ? { of: owners } : { after, upTo: last }, rows);
      return { after: last, did: { ...nothingIndexed, written: rows.length, removed }, looked: owners.length };
    });
  }

  async function oneStep(task: IndexTask, table: TableTask, place: IndexPlace): Promise<IndexSlice> {
    const following: IndexPlace = { table: place.table + 1, step: 'rows', after: null };
    if (place.step === 'tidy') {
      const { definition } = tableNamed(deps.tables, table.table);
      await writeTable(vectors, definition, lockInTurn(deps, task.runId), (writer) => writer.tidy());
      return { next: following, did: nothingIndexed };
    }
    const made = await unlessUnmakeable(() => oneBatch(task, table, place.after));
    if ('failure' in made) {
      await noteTableFailure(orm.em.fork(), task.runId, table.table, made.failure);
      return { next: following, did: nothingIndexed };
    }
    const { after, did, looked } = made;
    if (task.jobId && looked > 0) await countDone(orm.em.fork(), task.jobId, looked);
    if (after !== null) return { next: { ...place, after }, did };
    return { next: table.tidy ? { ...place, step: 'tidy', after: null } : following, did };
  }

  return {
    /** Takes the turn, looks at every table, and chooses between what changed and everything; what is not usable is made anew. */
    async beginIndexing({ full, ...run }: IndexRun & { full: boolean }): Promise<IndexBegin> {
      const em = orm.em.fork();
      return whereIndexIs(() =>
        withPulse(async () => {
          const feed = await takeTurn(em, 'index', run.runId);
          if (!feed) return { state: 'busy' };
          const tables = await chooseWork(deps, em, { run, feed, full });
          const unlooked = await countUnlooked(em);
          if (isIdle(tables) && unlooked === 0 && run.jobId === null) {
            await giveTurnBack(em, 'index', run.runId);
            return { state: 'idle' };
          }
          const task = { ...run, until: feed.now, tables };
          const total = task.tables.reduce((sum, { owners }) => sum + owners, unlooked);
          await em.transactional(async (tx) => {
            await openIndexRun(tx, { id: run.runId, jobId: run.jobId, tables: task.tables });
            if (run.jobId) await enterPhase(tx, run.jobId, 'indexing', activityAttempt(), { done: 0, total });
          });
          return { state: 'begun', task };
        }),
      );
    },

    /** Works for some seconds from a place on, batch by batch. Repeating a slice writes the same again. */
    async indexSlice({ task: given, place }: { task: IndexTask; place: IndexPlace | null }): Promise<IndexSlice> {
      const task = inSnapshots(given);
      const until = Date.now() + sliceMs;
      const signal = activitySignal();
      return whereIndexIs(() =>
        withPulse(async () => {
          let next: IndexPlace | null = place ?? { table: 0, step: 'rows', after: null };
          const did = { ...nothingIndexed };
          while (next !== null && Date.now() < until && !signal?.aborted) {
            const table: TableTask | undefined = task.tables[next.table];
            const step: IndexSlice = table
              ? await oneStep(task, table, next)
              : { next: null, did: await lookForDoubles(deps, task, signal) };
            did.written += step.did.written;
            did.removed += step.did.removed;
            did.merged += step.did.merged;
            did.queued += step.did.queued;
            ({ next } = step);
          }
          return { next, did };
        }),
      );
    },

    /**
     * Says with the tables how far they are, forgets what they have, and ends run and job. After a failure they stay where they were;
     * a table whose rows could not be made does so alone, and run and job fail with its code.
     */
    async finishIndexing({
      task: given,
      counts,
      failureCode,
    }: {
      task: IndexTask;
      counts: IndexCounts;
      failureCode: string | null;
    }): Promise<void> {
      const em = orm.em.fork();
      const task = inSnapshots(given);
      await withPulse(async () => {
        const failures = await tableFailures(em, task.runId);
        const made = task.tables.filter(({ table }) => !failures.get(table));
        if (!failureCode) await whereIndexIs(() => keepStates(deps, em, { ...task, tables: made }));
        const outcome = failureCode ?? [...failures.values()].find((code) => code !== null) ?? null;
        await em.transactional(async (tx) => {
          const ours = await keepTurn(tx, 'index', task.runId);
          if (!failureCode && ours) await forgetChanges(tx, ['index'], task.until);
          await closeIndexRun(tx, { id: task.runId, counts, failureCode: outcome });
          const { jobId } = task;
          if (jobId) await endFollowing(tx, 'index_artists', { jobId, told: { ...counts }, failureCode: outcome });
          await giveTurnBack(tx, 'index', task.runId);
        });
      });
    },

    /** Ends the job of a run that could not begin. */
    async failIndexing({ runId, jobId, failureCode }: IndexRun & { failureCode: string }): Promise<void> {
      await orm.em.fork().transactional(async (tx) => {
        for (const reader of readers) await forgetTooMany(tx, reader);
        await giveTurnBack(tx, 'index', runId);
        if (jobId) await endFollowing(tx, 'index_artists', { jobId, told: { ...nothingIndexed }, failureCode });
      });
    },
  };
}

/** What the rows of one table are made with may be missing, and the others need not wait for it. */
async function unlessUnmakeable<T>(work: () => Promise<T>): Promise<T | { failure: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StyleModelError) return { failure: error.code };
    throw error;
  }
}

async function keepStates(deps: IndexDeps, em: EntityManager, task: IndexTask): Promise<void> {
  const catalogId = await catalogIdOf(em, 'index');
  const now = (await databaseNow(em)).toISOString();
  await lockInTurn(
    deps,
    task.runId,
  )(async (stillHeld) => {
    for (const { table, mode, reason, owners, tidy } of task.tables) {
      const { definition } = tableNamed(deps.tables, table);
      const held = await readState(deps.vectors, table);
      const built = mode === 'incremental' && held ? held : { builtAt: now, reason };
      await stillHeld();
      await keepState(deps.vectors, table, {
        version: definition.version,
        catalogId,
        watermark: task.until,
        builtAt: built.builtAt,
        reason: built.reason,
        syncedAt: now,
        tidiedAt: tidy || !held ? now : held.tidiedAt,
        untidy: tidy ? false : held?.untidy === true || owners > 0,
      });
    }
  });
}
