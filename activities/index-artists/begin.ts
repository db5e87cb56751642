import {
  type FoundTable,
  inspectTable,
  isReadable,
  makeAnew,
  type TableState,
} from '../../adapters/lancedb/table-states';
import { countChanged } from '../../adapters/postgres/catalog-feed';
import { databaseNow } from '../../adapters/postgres/clock';
import { comparisonDue } from '../../adapters/postgres/feed-turns';
import { lastIndexRun, lastTableFailure, mendedLately } from '../../adapters/postgres/index-runs';
import type { EntityManager } from '../../adapters/postgres/orm';
import type { FeedPosition } from '../../domain/catalog-feed';
import { chooseTableMode, type TableTask } from '../../domain/index-tables';
import { type IndexDeps, type IndexRun, lockInTurn } from './deps';
import type { IndexedTable } from '../../adapters/catalog-index/indexed-table';

/** What small writes left is tidied by the clock at most this often, in milliseconds. */
const tidyEvery = 600_000;

/** What rows are made with is hardly mended within a minute: by the clock it is tried again after so many seconds. */
const triedAgainAfter = 600;

/**
 * Looks at each table and chooses what is to be done; what cannot be gone on from is empty then. Every table is in it, also one that
 * has nothing to take over: each is then as far as the feed. But for one whose rows could not be made lately: that stays behind, and
 * is written over whole when it is tried again.
 */
export async function chooseWork(
  deps: IndexDeps,
  em: EntityManager,
  { run, feed, full }: { run: IndexRun; feed: FeedPosition; full: boolean },
): Promise<TableTask[]> {
  const compare = await comparisonDue(em, 'index');
  const before = (await lastIndexRun(em)) !== null;
  const tasks: TableTask[] = [];
  for (const table of deps.tables) {
    if (run.jobId === null && (await failedLately(em, table))) continue;
    const found = await lookAt(deps, table, compare);
    const { condition, state } = found;
    const from = state?.watermark ?? null;
    const position = { condition, catalogId: state?.catalogId ?? null, watermark: from };
    const chosen = chooseTableMode(position, feed, { full, bySomebody: run.jobId !== null, before });
    const changed =
      chosen.mode === 'incremental' ? await countChanged(em, 'index', { from, until: feed.now }, table.kinds) : null;
    const drifted = changed === 0 && compare && (await hasDrifted(em, table, found.rows ?? 0));
    const { mode, reason } = drifted ? ({ mode: 'full', reason: 'drift' } as const) : chosen;
    const whole = mode !== 'incremental';
    tasks.push({
      table: table.definition.name,
      mode,
      reason,
      from,
      owners: whole ? (await table.count(em)).owners : (changed ?? 0),
      tidy: whole || (await isTidyDue(em, state)),
    });
    if (mode === 'anew') await lockInTurn(deps, run.runId)(() => makeAnew(deps.vectors, table.definition));
  }
  return tasks;
}

/** Whether nothing is to be done to the tables. */
export const isIdle = (tasks: readonly TableTask[]): boolean =>
  tasks.every(({ mode, owners, tidy }) => mode === 'incremental' && owners === 0 && !tidy);

/** A table is read through, not only looked at, when counts are compared; what is not readable the second time is damaged. */
async function lookAt({ vectors }: IndexDeps, { definition }: IndexedTable, compare: boolean): Promise<FoundTable> {
  const found = await inspectTable(vectors, definition);
  if (found.condition === 'damaged') return inspectTable(vectors, definition);
  if (!compare || found.condition !== 'sound') return found;
  const readable = (await isReadable(vectors, definition)) || (await isReadable(vectors, definition));
  return readable ? found : { condition: 'damaged', state: null, rows: null };
}

async function failedLately(em: EntityManager, { definition }: IndexedTable): Promise<boolean> {
  const failure = await lastTableFailure(em, definition.name);
  return failure !== null && failure.secondsAgo < triedAgainAfter;
}

async function hasDrifted(em: EntityManager, table: IndexedTable, rows: number): Promise<boolean> {
  if (await mendedLately(em, table.definition.name)) return false;
  return (await table.count(em)).rows !== rows;
}

async function isTidyDue(em: EntityManager, state: TableState | null): Promise<boolean> {
  if (!state?.untidy) return false;
  return (await databaseNow(em)).getTime() - Date.parse(state.tidiedAt) >= tidyEvery;
}
