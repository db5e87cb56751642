import type { FileRow, ReadRow } from '../../domain/block-file-rows';
import type { RowOutcome } from '../../domain/block-imports';
import { idsOfNow } from './current-artists';
import type { EntityManager } from './orm';

/** A row of an import; `seq` is its number in the file, and behind those of the file go the blocks that were not in it. */
export interface ImportRow extends FileRow {
  seq: number;
  /** Of the artist that it means. */
  resolvedId: string | null;
  outcome: RowOutcome;
  reason: string | null;
  candidates: string[];
}

export async function addImportRows(tx: EntityManager, importId: string, rows: readonly ReadRow[]): Promise<void> {
  if (rows.length === 0) return;
  const nothing = { artistId: null, providerIds: {}, note: null, tags: [], expiresAt: null, onExpiry: 'keep' };
  const given = rows.map((row) =>
    'entry' in row
      ? { ...row.entry, seq: row.row, outcome: 'pending', reason: null }
      : { ...nothing, seq: row.row, name: row.name, outcome: 'invalid', reason: row.fault },
  );
  await tx.execute(
    `insert into block_import_rows (import_id, seq, name, given_id, provider_ids, note, tags, expires_at, on_expiry, outcome, reason)
     select ?, r.seq, r.name, r."artistId", r."providerIds", r.note, array(select jsonb_array_elements_text(r.tags)), r."expiresAt", r."onExpiry", r.outcome, r.reason
     from jsonb_to_recordset(?::jsonb) as r(seq int, name text, "artistId" uuid, "providerIds" jsonb, note text, tags jsonb, "expiresAt" timestamptz, "onExpiry" text, outcome text, reason text)`,
    [importId, JSON.stringify(given)],
  );
}

interface RawRow {
  seq: number;
  name: string | null;
  given_id: string | null;
  provider_ids: ImportRow['providerIds'];
  note: string | null;
  tags: string[];
  expires_at: string | null;
  on_expiry: ImportRow['onExpiry'];
  artist_id: string | null;
  outcome: RowOutcome;
  reason: string | null;
  candidates: string[];
}

const columns = `seq, name, given_id, provider_ids, note, tags, expires_at, on_expiry, artist_id, outcome, reason, ${idsOfNow('candidates')} as candidates`;

const rowOf = (row: RawRow): ImportRow => ({
  seq: row.seq,
  name: row.name,
  artistId: row.given_id,
  providerIds: row.provider_ids,
  note: row.note,
  tags: row.tags,
  expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  onExpiry: row.on_expiry,
  resolvedId: row.artist_id,
  outcome: row.outcome,
  reason: row.reason,
  candidates: row.candidates,
});

/** Rows of an import in their order, after a number; of one outcome where one is named. */
export async function listImportRows(
  em: EntityManager,
  importId: string,
  { outcome, after, limit }: { outcome: RowOutcome | null; after: number; limit: number },
): Promise<ImportRow[]> {
  const rows = await em.execute<RawRow[]>(
    `select ${columns} from block_import_rows where import_id = ? and (?::text is null or outcome = ?) and seq > ? order by seq limit ?`,
    [importId, outcome, outcome, after, limit],
  );
  return rows.map(rowOf);
}

/** Those of the rows that nobody has worked on meanwhile. Call it with the import locked. */
export async function stillPending(
  tx: EntityManager,
  importId: string,
  rows: readonly ImportRow[],
): Promise<ImportRow[]> {
  const pending = await tx.execute<{ seq: number }[]>(
    `select seq from block_import_rows where import_id = ? and outcome = 'pending'
       and seq in (select (jsonb_array_elements_text(?::jsonb))::int)`,
    [importId, JSON.stringify(rows.map(({ seq }) => seq))],
  );
  const seqs = new Set(pending.map(({ seq }) => seq));
  return rows.filter(({ seq }) => seqs.has(seq));
}

/** Those of the artists whom a row of the import means already. */
export async function alreadyNamed(
  tx: EntityManager,
  importId: string,
  artistIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.execute<{ artist_id: string }[]>(
    `select distinct artist_id from block_import_rows
     where import_id = ? and outcome <> 'withdrawn' and artist_id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
    [importId, JSON.stringify(artistIds)],
  );
  return new Set(rows.map((row) => row.artist_id));
}

/** What came of a row. */
export interface SettledRow {
  seq: number;
  artistId: string | null;
  outcome: RowOutcome;
  reason: string | null;
  candidates: readonly string[];
}

export async function writeOutcomes(tx: EntityManager, importId: string, rows: readonly SettledRow[]): Promise<void> {
  await tx.execute(
    `update block_import_rows r set artist_id = u."artistId", outcome = u.outcome, reason = u.reason,
       candidates = array(select (jsonb_array_elements_text(u.candidates))::uuid)
     from jsonb_to_recordset(?::jsonb) as u(seq int, "artistId" uuid, outcome text, reason text, candidates jsonb)
     where r.import_id = ? and r.seq = u.seq`,
    [JSON.stringify(rows), importId],
  );
}
