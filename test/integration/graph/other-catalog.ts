import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledCatalogPath } from '../../../dev/sandbox/catalog/catalog';
import { formatCsvRow, parseCsvRecords } from '../../../dev/sandbox/catalog/csv';

/**
 * A catalog for the sandbox that nobody here has seen: the one that `SANDBOX_CATALOG` names, or some thousand real tracks under
 * ids of another shape and in another order.
 */
export function otherCatalog(): string {
  if (process.env.SANDBOX_CATALOG) return process.env.SANDBOX_CATALOG;
  const rows = parseCsvRecords(readFileSync(bundledCatalogPath(), 'utf8')).reverse().slice(0, 4_000);
  const header = Object.keys(rows[0] ?? {});
  const other = rows.map((row, n) => ({
    ...row,
    track_id: `track-${n}`,
    artist_ids: (row.artist_ids ?? '')
      .split('|')
      .map((id) => `a.${id.toLowerCase()}`)
      .join('|'),
  }));
  const path = join(mkdtempSync(join(tmpdir(), 'dnp-catalog-')), 'other.csv');
  writeFileSync(
    path,
    [header, ...other.map((row: Record<string, string>) => header.map((name) => row[name] ?? ''))]
      .map(formatCsvRow)
      .join(''),
  );
  return path;
}
