import { type CsvError, type Info, type Parser, parse } from 'csv-parse';
import { DomainError } from '../../domain/errors';
import type { CsvRecord } from '../../domain/file-records';
import { NotUtf8, utf8Text } from './utf8-text';

/** No table that people give has more; a line that has is damaged, or meant to fill our memory. */
const mostCells = 200;
/** Bytes of a line. */
const longestRecord = 1024 * 1024;
const separators = [',', ';', '\t'] as const;

/**
 * The lines of a table as its bytes come: CSV by RFC 4180 in UTF-8, with LF, CRLF or CR, and line breaks in quotes. The separator
 * is the one that the first line has most of: spreadsheets write `;` where a comma stands in numbers. A leading byte order mark
 * is dropped, blank lines are left out. Throws DomainError `import_not_utf8`, or `import_not_csv` for quotes out of place and
 * lines too long, with the row.
 */
export async function* readCsvRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord[]> {
  const reader = new RecordReader();
  try {
    for await (const text of utf8Text(bytes)) yield await reader.write(text);
    yield await reader.end();
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    throw new DomainError('import_not_utf8', { params: { row: await reader.endDamaged() } });
  }
}

/** The parser, driven piece by piece: what it has made of a piece is there when the piece is written. */
class RecordReader {
  #parser: Parser | null = null;
  #head = '';
  #records: CsvRecord[] = [];

  async write(text: string): Promise<CsvRecord[]> {
    if (this.#parser) return this.#feed(text);
    this.#head += text;
    return /[\r\n]/.test(this.#head) || this.#head.length > longestRecord ? this.#begin() : [];
  }

  async end(): Promise<CsvRecord[]> {
    const records = this.#parser ? [] : await this.#begin();
    return [...records, ...(await this.#feed(null))];
  }

  /** The row that was being read when damaged bytes came. */
  async endDamaged(): Promise<number> {
    try {
      // In the place of what is damaged, so that its line is there to be counted.
      await this.write('\ufffd');
      return (await this.end()).at(-1)?.row ?? 1;
    } catch (error) {
      if (error instanceof DomainError) return Number(error.extras.params?.row);
      throw error;
    }
  }

  #begin(): Promise<CsvRecord[]> {
    const [line = ''] = this.#head.split(/[\r\n]/, 1);
    const count = (separator: string) => line.split(separator).length;
    this.#parser = parse({
      delimiter: separators.reduce((best, other) => (count(other) > count(best) ? other : best)),
      record_delimiter: ['\r\n', '\n', '\r'],
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: longestRecord,
      on_record: (cells: string[], info) => this.#take(cells, info),
    });
    // Each failure comes with the piece that has it.
    this.#parser.on('error', () => undefined);
    return this.#feed(this.#head);
  }

  #take(cells: string[], { records, empty_lines }: Info): null {
    const row = records + empty_lines;
    if (cells.length > mostCells) throw notCsv(row);
    this.#records.push({ row, cells });
    return null;
  }

  async #feed(text: string | null): Promise<CsvRecord[]> {
    const parser = this.#parser;
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error | null) => (error ? reject(inRow(error)) : resolve());
      if (text === null) parser?.end(done);
      else parser?.write(text, done);
    });
    return this.#records.splice(0);
  }
}

const notCsv = (row: number) => new DomainError('import_not_csv', { params: { row } });

function inRow(error: Error): Error {
  if (!('records' in error && 'empty_lines' in error)) return error;
  const { records, empty_lines } = error as CsvError & Info;
  return notCsv(records + empty_lines + 1);
}
