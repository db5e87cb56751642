import { DomainError } from './errors';
import type { RecordReader } from './record-reader';

/** A line of a table; `row` as a spreadsheet numbers it: the header is 1, and blank lines count. */
export interface CsvRecord {
  row: number;
  cells: string[];
}

/** No table of blocks has more; a line that has is damaged, or meant to fill our memory. */
const mostCells = 200;
const separators = [',', ';', '\t'] as const;

/**
 * Reads CSV by RFC 4180 with LF, CRLF or CR, and line breaks in quotes. The separator is the one that the first line has most
 * of: spreadsheets write `;` where a comma stands in numbers. A leading byte order mark is dropped, blank lines are left out.
 * Throws DomainError `import_not_csv` for a quote that never closes and for text behind a closing one.
 */
export class CsvReader implements RecordReader<CsvRecord> {
  row = 1;
  private separator: string | null = null;
  private head = '';
  private cells: string[] = [];
  private cell = '';
  private at: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  private afterReturn = false;

  push(text: string): CsvRecord[] {
    if (this.separator !== null) return this.read(text);
    this.head += text;
    return /[\r\n]/.test(this.head) ? this.begin() : [];
  }

  end(): CsvRecord[] {
    const records = this.separator === null ? this.begin() : [];
    if (this.at === 'quoted') throw this.damaged();
    return [...records, ...this.endRecord()];
  }

  private begin(): CsvRecord[] {
    const text = this.head.replace(/^\ufeff/, '');
    const [line = ''] = text.split(/[\r\n]/, 1);
    const count = (separator: string) => line.split(separator).length;
    this.separator = separators.reduce((best, other) => (count(other) > count(best) ? other : best));
    this.head = '';
    return this.read(text);
  }

  private read(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    for (const character of text) {
      const isFeed = character === '\n' && this.afterReturn;
      this.afterReturn = character === '\r' && this.at !== 'quoted';
      if (isFeed) continue;
      if (this.at === 'quoted') {
        if (character === '"') this.at = 'closed';
        else this.cell += character;
      } else if (character === this.separator) this.endCell();
      else if (character === '\n' || character === '\r') records.push(...this.endRecord());
      else this.take(character);
    }
    return records;
  }

  private take(character: string): void {
    if (this.at === 'closed') {
      if (character !== '"') throw this.damaged();
      this.cell += '"';
      this.at = 'quoted';
    } else if (this.at === 'start' && character === '"') this.at = 'quoted';
    else {
      this.cell += character;
      this.at = 'plain';
    }
  }

  private endCell(): void {
    this.cells.push(this.cell);
    this.cell = '';
    this.at = 'start';
    if (this.cells.length > mostCells) throw this.damaged();
  }

  private endRecord(): CsvRecord[] {
    const isBlank = this.cells.length === 0 && this.cell === '' && this.at !== 'closed';
    this.endCell();
    const record = { row: this.row, cells: this.cells };
    this.cells = [];
    this.row += 1;
    return isBlank ? [] : [record];
  }

  private damaged(): DomainError {
    return new DomainError('import_not_csv', { params: { row: this.row } });
  }
}
