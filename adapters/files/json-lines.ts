import { DomainError } from '../../domain/errors';
import { NotUtf8, utf8Text } from './utf8-text';

/** A line of JSON lines; `row` is its number, blank lines counted. */
export type JsonLine = { row: number } & ({ value: unknown } | { fault: 'not_json' | 'too_long' });

/** Characters of a line; the rest of a longer one is passed by. */
const longestLine = 8 * 1024 * 1024;

/** Values of a file with one JSON text a line, as its bytes come. Throws DomainError `import_not_utf8` with the line. */
export async function* readJsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<JsonLine[]> {
  let row = 1;
  let begun = '';
  let isTooLong = false;
  const end = (): JsonLine[] => {
    const line = isTooLong ? { row, fault: 'too_long' as const } : parsed(row, begun);
    row += 1;
    begun = '';
    isTooLong = false;
    return line ? [line] : [];
  };
  try {
    for await (const text of utf8Text(bytes)) {
      const [first = '', ...others] = text.split('\n');
      const lines: JsonLine[] = [];
      const add = (piece: string) => {
        isTooLong ||= begun.length + piece.length > longestLine;
        begun = isTooLong ? '' : begun + piece;
      };
      add(first);
      for (const other of others) {
        lines.push(...end());
        add(other);
      }
      yield lines;
    }
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    throw new DomainError('import_not_utf8', { params: { row } });
  }
  yield end();
}

function parsed(row: number, line: string): JsonLine | null {
  const text = (row === 1 ? line.replace(/^\ufeff/, '') : line).trim();
  if (text === '') return null;
  try {
    return { row, value: JSON.parse(text) as unknown };
  } catch {
    return { row, fault: 'not_json' };
  }
}
