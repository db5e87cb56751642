import { parse } from 'csv-parse/sync';

/**
 * Reads comma separated values: quoted fields, doubled quotes, line breaks inside quotes, any line end; a leading byte order mark
 * is dropped, blank lines are left out. Throws where a quote never closes.
 */
export function parseCsv(text: string): string[][] {
  return parse(text, {
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
}

/** The rows of a file with a header, each as an object by column name; a missing field is an empty text. */
export function parseCsvRecords(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(text);
  const names = header.map((name) => name.trim());
  return rows.map((row) => Object.fromEntries(names.map((name, column) => [name, row[column] ?? ''])));
}

/** One line of a file, with quotes where they are needed and a line feed at its end. */
export function formatCsvRow(fields: string[]): string {
  return fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',') + '\n';
}
