import fc from 'fast-check';
import { csvLine } from '../../../domain/csv';
import { CsvReader } from '../../../domain/csv-reader';
import { DomainError } from '../../../domain/errors';
import { JsonItemsReader } from '../../../domain/json-items-reader';
import { readRecords, type RecordReader, utf8Text } from '../../../domain/record-reader';

/** A text in pieces of these lengths, the last one over and over. */
function pieces(text: string, lengths: readonly number[]): string[] {
  const cut: string[] = [];
  const letters = [...text];
  for (let at = 0, n = 0; at < letters.length; n += 1) {
    const length = lengths[Math.min(n, lengths.length - 1)] ?? 1;
    cut.push(letters.slice(at, at + length).join(''));
    at += length;
  }
  return cut;
}

async function all<T>(text: Iterable<string> | AsyncIterable<string>, reader: RecordReader<T>): Promise<T[]> {
  const records: T[] = [];
  for await (const batch of readRecords(text, reader)) records.push(...batch);
  return records;
}

const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const codeOf = (error: unknown) => (error instanceof DomainError ? [error.code, error.extras.params?.row] : error);
const faultOf = <T>(text: Iterable<string>, reader: RecordReader<T>) => all(text, reader).then(() => null, codeOf);

describe('CSV', () => {
  const read = async (text: string) => (await all([text], new CsvReader())).map(({ row, cells }) => [row, ...cells]);

  it('reads back what was written, wherever the pieces are cut', async () => {
    const cell = fc
      .oneof(fc.string(), fc.stringMatching(/^[",;\r\n a]*$/))
      .map((text) => text.replace(/^[=+\-@\t'].*/s, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), cuts, async (rows, lengths) => {
        const safe = [['first', 'second'], ...rows].filter((row) => row.some((one) => one !== ''));
        const text = safe.map((row) => csvLine(row)).join('');
        const records = await all(pieces(text, lengths), new CsvReader());
        expect(records.map(({ cells }) => cells.map((one) => one.replace(/^'(?=[\r\t])/, '')))).toEqual(safe);
      }),
    );
  });

  it('takes any line end, semicolons and tabs, a byte order mark, and numbers rows as spreadsheets do', async () => {
    expect(await read('\ufeffa;b\r\n1;"x, y"\r\r"p\r\nq";')).toEqual([
      [1, 'a', 'b'],
      [2, '1', 'x, y'],
      [4, 'p\r\nq', ''],
    ]);
    expect(await read('a\tb\n\n1\t2')).toEqual([
      [1, 'a', 'b'],
      [3, '1', '2'],
    ]);
    expect(await read('a"b,c""d\n')).toEqual([[1, 'a"b', 'c""d']]);
    expect(await read('')).toEqual([]);
  });

  it.each([
    ['a quote that never closes', 'a,b\n1,2\n3,"4\n5,6', 3],
    ['text behind a closing quote', 'a,b\n"1"x,2\n', 2],
    ['more cells than anybody has', `a\n${','.repeat(1000)}`, 2],
  ])('with %s is damaged, in that row', async (_name, text, row) => {
    expect(await faultOf(pieces(text, [3]), new CsvReader())).toEqual(['import_not_csv', row]);
  });
});

describe('a list in JSON', () => {
  const reader = () => new JsonItemsReader(['blocks', 'items']);

  it('gives the items that JSON.parse gives, wherever the pieces are cut, bare or in a document', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.jsonValue(),
        cuts,
        fc.nat(2),
        async (items, other, lengths, indent) => {
          const list = JSON.stringify(items, null, indent);
          const inside = `{"x":${JSON.stringify(other)},"y":"\\"blocks\\":[",\n"blocks" :${list},"z":[${JSON.stringify(other)}]}`;
          for (const text of [list, inside]) {
            const found = await all(pieces(text, lengths), reader());
            expect(found.map(({ value }) => value)).toEqual(JSON.parse(list));
            expect(found.map(({ row }) => row)).toEqual(items.map((_, n) => n + 1));
          }
        },
      ),
    );
  });

  it.each([
    ['cut off in an item', '[{"a":1},{"a":', 2],
    ['cut off after one', '[{"a":1}', 1],
    ['with a comma too many', '[1,2,]', 3],
    ['with no comma', '[1 2]', 1],
    ['with something behind it', '[1] x', 2],
    ['with a bracket too few', '{"blocks":[1,2]', 3],
    ['with brackets that do not fit', '[1,{"a":[2}]', 2],
    ['without a list', '{"a":1}', 1],
    ['with the list somewhere else', '{"a":{"blocks":[1]}}', 1],
    ['that is no JSON', 'name,note\n', 1],
    ['that is nothing', '', 1],
  ])('%s is damaged, in that row', async (_name, text, row) => {
    expect(await faultOf(pieces(text, [2]), reader())).toEqual(['import_not_json', row]);
  });

  it('takes a byte order mark, and the second name', async () => {
    expect(await all(['\ufeff[1]'], reader())).toEqual([{ row: 1, value: 1 }]);
    expect(await all(['{"items":["x"],"nextCursor":null}'], reader())).toEqual([{ row: 1, value: 'x' }]);
  });
});

describe('bytes', () => {
  const slices = async function* (bytes: Uint8Array, length: number) {
    for (let at = 0; at < bytes.length; at += length) yield await Promise.resolve(bytes.subarray(at, at + length));
  };

  it('are read as they were written, also where a piece ends in a character', async () => {
    const text = 'a\u00e9\u20ac\ud83c\udfb8\n'.repeat(5);
    for (let length = 1; length < 9; length += 1) {
      let read = '';
      for await (const piece of utf8Text(slices(new TextEncoder().encode(text), length), () => 0)) read += piece;
      expect(read).toBe(text);
    }
  });

  it.each([
    ['in the middle of a row', [0x61, 0x0a, 0x62, 0x0a, 0x63, 0xff, 0x64, 0x0a, 0x65], 3],
    ['at the end', [0x61, 0x0a, 0xe2, 0x82], 2],
    ['from the start, as in UTF-16', [0xff, 0xfe, 0x61, 0x00], 1],
    ['as an encoded surrogate', [0x61, 0x0a, 0xed, 0xa0, 0x80, 0x0a], 2],
  ])('that are damaged %s are found in that row', async (_name, bytes, row) => {
    for (const length of [1, 2, 100]) {
      const reader = new CsvReader();
      const text = utf8Text(slices(Uint8Array.from(bytes), length), () => reader.row);
      expect(await all(text, reader).then(() => null, codeOf)).toEqual(['import_not_utf8', row]);
    }
  });
});
