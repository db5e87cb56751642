import type { CatalogKind, CatalogRow } from '../../domain/catalog-imports';
import { catalogRowReader } from '../../domain/catalog-rows';
import { readArtistLine, readRecordingLine } from '../providers/musicbrainz/dump-lines';
import { readCsvRecords } from './csv-records';
import { readJsonLines } from './json-lines';

/**
 * The rows of a file for the catalog, as its bytes come: a table, or lines of MusicBrainz's JSON dumps. Throws DomainError
 * `import_not_utf8`, `import_not_csv` with the row where that is, `import_no_column`.
 */
export async function* readCatalogFile(
  bytes: AsyncIterable<Uint8Array>,
  format: 'csv' | 'json-lines',
  kind: CatalogKind,
): AsyncGenerator<CatalogRow[]> {
  if (format === 'csv') {
    const rowOf = catalogRowReader(kind);
    for await (const records of readCsvRecords(bytes)) yield records.flatMap((record) => rowOf(record) ?? []);
    return;
  }
  const read = kind === 'artists' ? readArtistLine : readRecordingLine;
  for await (const lines of readJsonLines(bytes))
    yield lines.map((line) => ({
      row: line.row,
      ...('value' in line ? read(line.value) : { fault: line.fault, name: null }),
    }));
}
