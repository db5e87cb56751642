export type Cell = string | number | boolean | null;

/**
 * What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"); with `'` before it, a text that was made from
 * one, or looks so.
 */
const formulaStart = /^'*[=+\-@\t\r]/;

/**
 * A line of CSV by RFC 4180, its line end included. A cell that a spreadsheet would run as a formula gets a `'` in front;
 * numbers are left as they are, null is empty.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** A cell's text as it was before `csvLine` made it safe. */
export function unescapedCell(text: string): string {
  return text.startsWith("'") && formulaStart.test(text) ? text.slice(1) : text;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = formulaStart.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Several texts in one cell, separated by `; `; a `;` or `\` of their own has a `\` before it. */
export function listCell(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.map((text) => text.replaceAll(/[\\;]/g, '\\$&')).join('; ');
}

/** Reads such a cell back, each text without spaces around it, empty ones left out. */
export function textsOfCell(cell: string): string[] {
  const texts = [...cell.matchAll(/(?:[^\\;]|\\.|\\$)+/gsu)].map(([text]) =>
    text.replaceAll(/\\([\\;])/g, '$1').trim(),
  );
  return texts.filter((text) => text !== '');
}
