import fc from 'fast-check';
import { parseCsv } from '../../../dev/sandbox/catalog/csv';
import { csvLine, listCell, textsOfCell, unescapedCell } from '../../../domain/csv';

test('a cell that a spreadsheet would run as a formula is made text', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r'])
    expect(
      csvLine([`${start}1`])
        .replaceAll('"', '')
        .startsWith(`'${start}1`),
    ).toBe(true);
  expect(csvLine(['=HYPERLINK("http://x","y")'])).toBe(`"'=HYPERLINK(""http://x"",""y"")"\r\n`);
});

test('a sign in the middle, and a negative number, stay as they are', () => {
  expect(csvLine(['a=b', -5, 'x@y', true, null])).toBe('a=b,-5,x@y,true,\r\n');
});

test('commas, quotes and line breaks are quoted and read back', () => {
  const cells = ['Hello, Goodbye', 'the "best" of', 'one\ntwo', '', 'plain'];
  expect(parseCsv(csvLine(cells))).toEqual([cells]);
});

test('whatever text is made safe reads back as it was', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^'{0,3}[=+\-@\t\r]?[^,]*$/));
  fc.assert(
    fc.property(text, (cell) => {
      const [[read = ''] = []] = parseCsv(csvLine([cell, 'x']));
      expect(unescapedCell(read)).toBe(cell);
      expect(read).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});

test('several texts share a cell, whatever signs they have', () => {
  const text = fc
    .oneof(fc.string(), fc.stringMatching(/^[\\; ab]*$/))
    .map((one) => one.trim())
    .filter((one) => one !== '');
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      expect(textsOfCell(listCell(texts) ?? '')).toEqual(texts);
    }),
  );
  expect(listCell(['a;b', 'c\\'])).toBe('a\\;b; c\\\\');
  expect(textsOfCell(' a;; b ;')).toEqual(['a', 'b']);
});
