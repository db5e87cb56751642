const widest = 44;

/** Rows under headings as lines of text, each column as wide as its widest cell, long cells cut short. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[], indent = '  '): string[] {
  const cells = [headings, ...rows].map((row) => row.map((cell) => shorten(cell, widest)));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => lengthOf(row[column] ?? ''))));
  const line = (row: readonly string[]) =>
    `${indent}${row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - lengthOf(cell)))).join('  ')}`.trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)];
}

/** At most so many letters, the last one an ellipsis where some are left out. */
export function shorten(text: string, most: number): string {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text;
}

/** Columns on a terminal: letters of East Asian scripts take two. */
function lengthOf(text: string): number {
  return [...text].reduce(
    (sum, letter) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/.test(letter) ? 2 : 1),
    0,
  );
}
