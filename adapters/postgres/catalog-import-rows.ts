import type { CatalogEntry, CatalogFault, CatalogOutcome, CatalogRow } from '../../domain/catalog-imports';
import { beginningOf } from '../../domain/storable-text';
import { idsOfNow } from './current-artists';
import type { EntityManager } from './orm';

/** A row of an import and what came of it. */
export interface CatalogImportRow {
  seq: number;
  name: string | null;
  outcome: CatalogOutcome;
  reason: string | null;
  candidates: string[];
}

/** A row that is to be worked on. */
export interface PendingRow {
  seq: number;
  entry: CatalogEntry;
}

/** What came of a row; `candidates` are the artists that its ids mean, where those are several. */
export interface WorkedRow {
  seq: number;
  outcome: Exclude<CatalogOutcome, 'pending' | 'invalid'>;
  candidates: readonly string[];
}

/** Characters of a name that a row shows. */
const shownName = 300;

export async function addCatalogRows(tx: EntityManager, importId: string, rows: readonly CatalogRow[]): Promise<void> {
  if (rows.length === 0) return;
  const given = rows.map((row) =>
    'entry' in row
      ? {
          seq: row.row,
          name: beginningOf(row.entry.name, shownName),
          entry: row.entry,
          outcome: 'pending',
          reason: null,
        }
      : { seq: row.row, name: row.name, entry: null, outcome: 'invalid', reason: row.fault satisfies CatalogFault },
  );
  await tx.execute(
    `insert into catalog_import_rows (import_id, seq, name, entry, outcome, reason)
     select ?, r.seq, r.name, r.entry, r.outcome, r.reason
     from jsonb_to_recordset(?::jsonb) as r(seq int, name text, entry jsonb, outcome text, reason text)`,
    [importId, JSON.stringify(given)],
  );
}

/** The next rows that nobody has worked on. Call it with the import locked. */
export function nextPending(tx: EntityManager, importId: string, limit: number): Promise<PendingRow[]> {
  return tx.execute<PendingRow[]>(
    `select seq, entry from catalog_import_rows where import_id = ? and outcome = 'pending' order by seq limit ?`,
    [importId, limit],
  );
}

/** Writes down what came of rows; what they said is in the catalog then, and no longer kept beside it. */
export async function settleCatalogRows(
  tx: EntityManager,
  importId: string,
  rows: readonly WorkedRow[],
): Promise<void> {
  await tx.execute(
    `update catalog_import_rows r set entry = null, outcome = u.outcome, reason = case u.outcome when 'conflict' then 'ids_disagree' end,
       candidates = array(select (jsonb_array_elements_text(u.candidates))::uuid)
     from jsonb_to_recordset(?::jsonb) as u(seq int, outcome text, candidates jsonb)
     where r.import_id = ? and r.seq = u.seq`,
    [JSON.stringify(rows), importId],
  );
}

/** Rows of an import in their order, after a number; of one outcome where one is named. */
export function listCatalogRows(
  em: EntityManager,
  importId: string,
  { outcome, after, limit }: { outcome: CatalogOutcome | null; after: number; limit: number },
): Promise<CatalogImportRow[]> {
  return em.execute<CatalogImportRow[]>(
    `select seq, name, outcome, reason, ${idsOfNow('candidates')} as candidates from catalog_import_rows
     where import_id = ? and (?::text is null or outcome = ?) and seq > ? order by seq limit ?`,
    [importId, outcome, outcome, after, limit],
  );
}
