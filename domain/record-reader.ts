import { DomainError } from './errors';

/** Reads records out of a text that comes in pieces. Throws DomainError where the text is damaged, with the row. */
export interface RecordReader<T> {
  /** The row that is being read: records from 1 on. */
  readonly row: number;
  /** Takes the next piece, and gives what has become complete. */
  push(text: string): T[];
  /** There is no more text. */
  end(): T[];
}

/** Reads all records of a text, a few of its pieces in memory at a time. */
export async function* readRecords<T>(
  text: AsyncIterable<string> | Iterable<string>,
  reader: RecordReader<T>,
): AsyncGenerator<T[]> {
  for await (const piece of text) yield reader.push(piece);
  yield reader.end();
}

const LONGEST_LEAD = 3;

/**
 * Bytes as text, each piece as far as its characters are complete. Throws DomainError `import_not_utf8` where they are not
 * UTF-8, after everything before that place was given; `row` tells in which row it is.
 */
export async function* utf8Text(bytes: AsyncIterable<Uint8Array>, row: () => number): AsyncGenerator<string> {
  let begun = new Uint8Array(0);
  for await (const chunk of bytes) {
    const all = joined(begun, chunk);
    const complete = all.length - unfinished(all);
    const whole = all.subarray(0, complete);
    begun = all.slice(complete);
    const text = decode(whole);
    if (text !== null) yield text;
    else {
      yield decode(whole.subarray(0, validLength(whole))) ?? '';
      throw new DomainError('import_not_utf8', { params: { row: row() } });
    }
  }
  if (begun.length > 0) throw new DomainError('import_not_utf8', { params: { row: row() } });
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}

/** How many bytes at the end begin a character whose others are still to come. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(LONGEST_LEAD, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? back : 0;
  }
  return 0;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** How much of damaged bytes is good, up to the last complete character. */
function validLength(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decode(bytes.subarray(0, middle - unfinished(bytes.subarray(0, middle)))) === null) bad = middle;
    else good = middle;
  }
  return good - unfinished(bytes.subarray(0, good));
}
