import { ApplicationFailure } from '@temporalio/activity';
import type { IndexedTable } from '../../adapters/catalog-index/indexed-table';
import { IndexUnusable, type VectorDatabase } from '../../adapters/lancedb/database';
import type { WriterLock } from '../../adapters/lancedb/table-writer';
import { keepTurn } from '../../adapters/postgres/feed-turns';
import { holdingIndexWriterLock } from '../../adapters/postgres/index-writer-lock';
import type { IndexCounts } from '../../adapters/postgres/index-runs';
import type { MikroORM } from '../../adapters/postgres/orm';
import type { TableTask } from '../../domain/index-tables';
import { asSnapshot } from '../../domain/transaction-snapshot';

export interface IndexDeps {
  orm: MikroORM;
  vectors: VectorDatabase;
  /** What the index holds. */
  tables: readonly IndexedTable[];
}

/** Which run this is: the run id of its workflow, and the job of whoever asked for it. */
export interface IndexRun {
  runId: string;
  jobId: string | null;
}

/** What a run has to do: to take over what was committed at the snapshot `until`. */
export interface IndexTask extends IndexRun {
  until: string;
  tables: TableTask[];
}

/** A task as a run that was begun by an earlier version may still have it: with transactions' numbers. */
export const inSnapshots = (task: IndexTask): IndexTask => ({
  ...task,
  until: asSnapshot(task.until),
  tables: task.tables.map((table) => ({ ...table, from: table.from && asSnapshot(table.from) })),
});

export const nothingIndexed: IndexCounts = { written: 0, removed: 0, merged: 0, queued: 0 };

/**
 * The writer's lock, for a run that has its turn. Both are asked for before each write: a run that was taken for dead, and goes
 * on, must not write over what the next one wrote. The turn is kept in transactions of its own, so that whoever asks for it
 * need not wait for a long write to end.
 */
export function lockInTurn({ orm }: IndexDeps, runId: string): WriterLock {
  const inTurn = async () => {
    if (!(await keepTurn(orm.em.fork(), 'index', runId)))
      throw ApplicationFailure.nonRetryable('index_run_overtaken', 'index_run_overtaken');
  };
  return (work) =>
    holdingIndexWriterLock(orm.em, async (stillHeld) => {
      await inTurn();
      return work(async () => {
        await stillHeld();
        await inTurn();
      });
    });
}

/** Where the index cannot be used the work is tried again, and then fails with a code that says how. */
export async function whereIndexIs<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IndexUnusable) throw ApplicationFailure.retryable(error.message, error.message);
    throw error;
  }
}
