import { indexState, type IndexState, type TableReason } from '../../domain/index-tables';
import { IndexUnusable, type VectorDatabase } from '../lancedb/database';
import { inspectTable } from '../lancedb/table-states';
import { countChanged } from '../postgres/catalog-feed';
import { lastTableFailure } from '../postgres/index-runs';
import type { EntityManager } from '../postgres/orm';
import type { IndexedTable } from './indexed-table';

/** How one table stands to the catalog; `rows` is null where they cannot be counted. */
export interface TableReport {
  table: string;
  rows: number | null;
  expected: number;
  pending: number;
  syncedAt: string | null;
  built: { at: string; reason: TableReason } | null;
  /** Why its rows could not be made when that was tried last. */
  failure: { code: string } | null;
}

/** How the index stands to the catalog; `tables` is null where it is away. */
export async function indexStanding(
  em: EntityManager,
  vectors: VectorDatabase,
  indexed: readonly IndexedTable[],
): Promise<{ state: IndexState; tables: TableReport[] | null }> {
  const standings: Parameters<typeof indexState>[0][number][] = [];
  const tables: TableReport[] = [];
  try {
    for (const { definition, kinds, count } of indexed) {
      const { condition, state, rows } = await inspectTable(vectors, definition);
      const { rows: expected } = await count(em);
      const range = { from: state?.watermark ?? null, until: null };
      const pending = await countChanged(em, 'index', range, kinds);
      const failure = await lastTableFailure(em, definition.name);
      standings.push({
        condition,
        complete: state !== null,
        pending,
        difference: (rows ?? 0) - expected,
        failing: failure !== null,
      });
      tables.push({
        table: definition.name,
        rows,
        expected,
        pending,
        syncedAt: state?.syncedAt ?? null,
        built: state && { at: state.builtAt, reason: state.reason },
        failure: failure && { code: failure.code },
      });
    }
  } catch (error) {
    if (error instanceof IndexUnusable && error.reason === 'away') return { state: 'away', tables: null };
    throw error;
  }
  return { state: indexState(standings), tables };
}
