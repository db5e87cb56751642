import { formatCsvRow, parseCsv, parseCsvRecords } from '../../../dev/sandbox/catalog/csv';

describe('the CSV reader', () => {
  it('keeps commas, quotes and line breaks that stand inside quotes', () => {
    expect(parseCsv('a,"b, ""c""",d\n"two\nlines",,\n')).toEqual([
      ['a', 'b, "c"', 'd'],
      ['two\nlines', '', ''],
    ]);
  });

  it('reads files from other machines: a byte order mark, CRLF, no line break at the end, blank lines', () => {
    expect(parseCsv('\uFEFFid,name\r\n1,x\r\n\r\n2,y')).toEqual([
      ['id', 'name'],
      ['1', 'x'],
      ['2', 'y'],
    ]);
  });

  it('gives a short row empty fields instead of undefined', () => {
    expect(parseCsvRecords('id,name\n1\n')).toEqual([{ id: '1', name: '' }]);
  });

  it('reads back what it writes', () => {
    const fields = ['plain', 'with, comma', 'with "quotes"', 'two\nlines', ''];
    expect(parseCsv(formatCsvRow(fields))).toEqual([fields]);
  });
});
