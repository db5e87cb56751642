import { csvRowReader, jsonRow, type ReadRow } from './block-file-rows';
import { CsvReader } from './csv-reader';
import { JsonItemsReader } from './json-items-reader';
import { readRecords, utf8Text } from './record-reader';

/**
 * The rows of a file of blocks, as its bytes come. Throws DomainError `import_not_utf8`, `import_not_csv`, `import_not_json` with
 * the row where that is, `import_no_column`.
 */
export async function* readBlockFile(
  bytes: AsyncIterable<Uint8Array>,
  format: 'csv' | 'json',
): AsyncGenerator<ReadRow[]> {
  if (format === 'csv') {
    const reader = new CsvReader();
    const rowOf = csvRowReader();
    for await (const records of readRecords(
      utf8Text(bytes, () => reader.row),
      reader,
    ))
      yield records.flatMap((record) => rowOf(record) ?? []);
    return;
  }
  const reader = new JsonItemsReader(['blocks', 'items']);
  for await (const items of readRecords(
    utf8Text(bytes, () => reader.row),
    reader,
  ))
    yield items.map(jsonRow);
}
