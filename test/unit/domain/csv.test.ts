import { parseCsv } from '../../../dev/sandbox/catalog/csv';
import { csvLine } from '../../../domain/csv';

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
