/**
 * Reads comma separated values by RFC 4180: quoted fields, doubled quotes, line breaks inside quotes; LF and CRLF; a
 * leading byte order mark is dropped. Blank lines are left out. A quote that never closes ends with the text.
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || field !== '') rows.push(row);
    row = [];
    field = '';
  };
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === ',') {
      row.push(field);
      field = '';
    } else if (character === '\n') endRow();
    else if (character === '\r' && text[at + 1] === '\n') continue;
    else field += character;
  }
  if (field !== '' || row.length > 0) endRow();
  return rows;
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
