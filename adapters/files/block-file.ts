import { csvRowReader, jsonRow, type ReadRow } from '../../domain/block-file-rows';
import { readCsvRecords } from './csv-records';
import { readJsonItems } from './json-items';

/**
 * The rows of a file of blocks, as its bytes come. Throws DomainError `import_not_utf8`, `import_not_csv`, `import_not_json` with
 * the row where that is, `import_no_column`.
 */
export async function* readBlockFile(
  bytes: AsyncIterable<Uint8Array>,
  format: 'csv' | 'json',
): AsyncGenerator<ReadRow[]> {
  if (format === 'csv') {
    const rowOf = csvRowReader();
    for await (const records of readCsvRecords(bytes)) yield records.flatMap((record) => rowOf(record) ?? []);
  } else for await (const items of readJsonItems(bytes, ['blocks', 'items'])) yield items.map(jsonRow);
}
