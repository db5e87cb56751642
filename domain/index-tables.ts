import { type FeedPosition, type ReaderPosition, whyNotByIncrements } from './catalog-feed';

/** How a table of the index is brought in step: made anew; written over whole, while it goes on answering; or by what changed. */
export const tableModes = ['anew', 'full', 'incremental'] as const;
export type TableMode = (typeof tableModes)[number];

/**
 * Why: by the clock, because somebody asked, the first time, because the table is missing, damaged or of another shape,
 * because it holds another catalog, because what changed since is no longer known, or because counts differ with nothing
 * left to take over.
 */
export const tableReasons = [
  'schedule',
  'asked',
  'first',
  'missing',
  'damaged',
  'other_shape',
  'other_catalog',
  'too_far_behind',
  'drift',
] as const;
export type TableReason = (typeof tableReasons)[number];

/** What a run does to a table. */
export interface TableTask {
  table: string;
  mode: TableMode;
  reason: TableReason;
  /** From which snapshot on changes are taken over; null where there is none to go on from. */
  from: string | null;
  /** Owners of rows to be looked at. */
  owners: number;
  /** Whether what small writes left is compacted, and taken into the indexes. */
  tidy: boolean;
  /** Why its rows could not be made; the run went on without it. */
  failure?: string;
}

/** How a table was found. */
export type TableCondition = 'sound' | 'missing' | 'damaged' | 'other_shape';

/** What a table says of itself. */
export interface HeldTable extends ReaderPosition {
  condition: TableCondition;
}

/**
 * Anew where there is nothing to go on from, else full where increments cannot lead to the catalog as it is, else as asked for.
 * @param before whether there was an index already: what is missing then was lost
 */
export function chooseTableMode(
  held: HeldTable,
  feed: FeedPosition,
  { full, bySomebody, before }: { full: boolean; bySomebody: boolean; before: boolean },
): { mode: TableMode; reason: TableReason } {
  if (held.condition === 'missing') return { mode: 'anew', reason: before ? 'missing' : 'first' };
  if (held.condition !== 'sound') return { mode: 'anew', reason: held.condition };
  const needed = whyNotByIncrements(held, feed);
  if (needed) return { mode: 'full', reason: needed };
  return { mode: full ? 'full' : 'incremental', reason: bySomebody ? 'asked' : 'schedule' };
}

/**
 * `in_step`; `behind`: changes wait for the next run; `drifted`: nothing waits, and yet the counts differ; `empty`: no run was
 * ever complete; `failing`: rows of a table cannot be made, others can; `damaged`; `away`: where it is kept cannot be reached.
 */
export const indexStates = ['in_step', 'behind', 'drifted', 'empty', 'failing', 'damaged', 'away'] as const;
export type IndexState = (typeof indexStates)[number];

export interface TableStanding {
  condition: TableCondition;
  complete: boolean;
  pending: number;
  difference: number;
  failing: boolean;
}

/** How the index stands to the catalog: as the worst of its tables. */
export function indexState(tables: readonly TableStanding[]): Exclude<IndexState, 'away'> {
  if (tables.some(({ condition }) => condition === 'damaged' || condition === 'other_shape')) return 'damaged';
  if (tables.some(({ failing }) => failing)) return 'failing';
  if (tables.some(({ condition, complete }) => condition === 'missing' || !complete)) return 'empty';
  if (tables.some(({ pending }) => pending > 0)) return 'behind';
  return tables.some(({ difference }) => difference !== 0) ? 'drifted' : 'in_step';
}
