import fc from 'fast-check';
import { readCsvRecords } from '../../../adapters/files/csv-records';
import { readJsonItems } from '../../../adapters/files/json-items';
import { utf8Text } from '../../../adapters/files/utf8-text';
import { csvLine } from '../../../domain/csv';
import { DomainError } from '../../../domain/errors';

/** Bytes in pieces of these lengths, the last one over and over. */
async function* pieces(bytes: Uint8Array, lengths: readonly number[]) {
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const length = lengths[Math.min(n, lengths.length - 1)] ?? 1;
    yield await Promise.resolve(bytes.subarray(at, at + length));
    at += length;
  }
}
const textPieces = (text: string, lengths: readonly number[] = [text.length]) => pieces(Buffer.from(text), lengths);

async function all<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const records: T[] = [];
  for await (const batch of batches) records.push(...batch);
  return records;
}

const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const codeOf = (error: unknown) => (error instanceof DomainError ? [error.code, error.extras.params?.row] : error);
const faultOf = (batches: AsyncIterable<unknown[]>) => all(batches).then(() => null, codeOf);

describe('CSV', () => {
  const read = async (text: string) =>
    (await all(readCsvRecords(textPieces(text, [text.length || 1])))).map(({ row, cells }) => [row, ...cells]);

  it('reads back what was written, wherever the pieces are cut', async () => {
    const cell = fc
      .oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[",;\r\n a]*$/))
      .map((text) => text.replace(/^[=+\-@\t'].*/s, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), cuts, async (rows, lengths) => {
        const safe = [['first', 'second'], ...rows].filter((row) => row.some((one) => one !== ''));
        const text = safe.map((row) => csvLine(row)).join('');
        const records = await all(readCsvRecords(textPieces(text, lengths)));
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
    expect(await read('\ufeff"a",b\n')).toEqual([[1, 'a', 'b']]);
    expect(await read('')).toEqual([]);
  });

  it.each([
    ['a quote that never closes', 'a,b\n1,2\n3,"4\n5,6', 3],
    ['text behind a closing quote', 'a,b\n"1"x,2\n', 2],
    ['a quote in a bare cell', 'a,b\n\n1",2\n', 3],
    ['more cells than anybody has', `a\n${','.repeat(1000)}`, 2],
    ['a line longer than anybody writes', `a\n1\n${'x'.repeat(1_100_000)}`, 3],
  ])('with %s is damaged, in that row', async (_name, text, row) => {
    expect(await faultOf(readCsvRecords(textPieces(text, [3, 20_000])))).toEqual(['import_not_csv', row]);
  });
});

describe('a list in JSON', () => {
  const read = (text: string, lengths?: readonly number[]) =>
    readJsonItems(textPieces(text, lengths), ['blocks', 'items']);

  it('gives the items that JSON.parse gives, wherever the pieces are cut, bare or in a document', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.jsonValue(),
        cuts,
        fc.nat(2),
        async (items, other, lengths, indent) => {
          const list = JSON.stringify(items, null, indent);
          const inside = `{"x":${JSON.stringify(other)},"y":"\\"blocks\\":[",\n"blocks" :${list},"z":[${JSON.stringify(other)}],"items":[7]}`;
          for (const text of [list, inside]) {
            const found = await all(read(text, lengths));
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
    ['with another list behind it', '[1] [2]', 2],
    ['with a bracket too few', '{"blocks":[1,2]', 3],
    ['with brackets that do not fit', '[1,{"a":[2}]', 2],
    ['without a list', '{"a":1}', 1],
    ['with an object in its place', '{"blocks":{"a":1}}', 1],
    ['with the list somewhere else', '{"a":{"blocks":[1]}}', 1],
    ['nested beyond all measure', `[1,${'['.repeat(10_000)}`, 2],
    ['that is no JSON', 'name,note\n', 1],
    ['that is one value', '7', 1],
    ['that is nothing', '', 1],
  ])('%s is damaged, in that row', async (_name, text, row) => {
    expect(await faultOf(read(text, [2]))).toEqual(['import_not_json', row]);
  });

  it('takes a byte order mark, the second name, an empty list, and names that mean something to JavaScript', async () => {
    expect(await all(read('\ufeff[1]\n', [1]))).toEqual([{ row: 1, value: 1 }]);
    expect(await all(read('{"items":["x"],"nextCursor":null}'))).toEqual([{ row: 1, value: 'x' }]);
    expect(await all(read('{"blocks":[],"items":[1]}'))).toEqual([]);
    const [item] = await all(read('[{"__proto__":{"admin":true},"name":"\\ud800"}]'));
    expect(item?.value).toEqual(JSON.parse('{"__proto__":{"admin":true},"name":"\\ud800"}'));
    expect((item?.value as { admin?: unknown }).admin).toBeUndefined();
  });
});

describe('bytes', () => {
  it('are read as they were written, also where a piece ends in a character', async () => {
    const text = '\ufeffa\u00e9\u20ac\ufffd\ud83c\udfb8\n'.repeat(5);
    for (let length = 1; length < 9; length += 1) {
      let read = '';
      for await (const piece of utf8Text(textPieces(text, [length]))) read += piece;
      expect(read).toBe(text);
    }
  });

  it.each([
    ['in the middle of a row', [0x61, 0x0a, 0x62, 0x0a, 0x63, 0xff, 0x64, 0x0a, 0x65], 3],
    ['at the end', [0x61, 0x0a, 0xe2, 0x82], 2],
    ['from the start, as in UTF-16', [0xff, 0xfe, 0x61, 0x00], 1],
    ['as an encoded surrogate', [0x61, 0x0a, 0xed, 0xa0, 0x80, 0x0a], 2],
    ['in a quoted cell', [0x61, 0x0a, 0x0a, 0x22, 0x62, 0x0a, 0xff, 0x22, 0x0a], 3],
  ])('that are damaged %s are found in that row', async (_name, bytes, row) => {
    for (const length of [1, 2, 100])
      expect(await faultOf(readCsvRecords(pieces(Uint8Array.from(bytes), [length])))).toEqual(['import_not_utf8', row]);
  });

  it('that are damaged in a list are found at that item', async () => {
    const bytes = Buffer.concat([Buffer.from('[1,"'), Uint8Array.of(0xff), Buffer.from('"]')]);
    expect(await faultOf(readJsonItems(pieces(bytes, [2]), []))).toEqual(['import_not_utf8', 2]);
  });

  it('that cannot be got are not taken for a damaged file', async () => {
    const gone = async function* () {
      yield await Promise.resolve(Buffer.from('[1'));
      throw new Error('the disk is gone');
    };
    for (const batches of [readCsvRecords(gone()), readJsonItems(gone(), [])])
      expect(await faultOf(batches)).toEqual(new Error('the disk is gone'));
  });
});
