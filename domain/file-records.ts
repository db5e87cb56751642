/** A line of a table; `row` as a spreadsheet numbers it: the header is 1, and blank lines count. */
export interface CsvRecord {
  row: number;
  cells: string[];
}

/** One item of a list in JSON; `row` is its place, from 1 on. */
export interface JsonItem {
  row: number;
  value: unknown;
}
