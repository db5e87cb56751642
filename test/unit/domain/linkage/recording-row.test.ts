import { readRecordingRow, type RecordingRow } from '../../../../domain/linkage/recording-row';
import { secondsOf } from '../../../../domain/linkage/row-length';

const row = (values: Partial<RecordingRow>): RecordingRow => ({
  number: '',
  title: '',
  length: '',
  artist: '',
  album: '',
  year: '',
  language: '',
  ...values,
});

test.each([
  ['04:04', 244],
  ['3m 52sec', 232],
  ['3m 4 0sec', 220],
  ['3.25', 195],
  ['2.9 5', 177],
  ['179', 179],
  ['195000', 195],
  ['26 6000', 266],
  ['7000', 7],
  ['00:00', null],
  ['unk.', null],
  ['', null],
])('a length of "%s" is %s seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

const song = {
  title: 'street hype',
  artist: 'bruce maginnis',
  album: 'groove city',
  number: '11',
  year: 2005,
  seconds: 177,
};

test.each<[string, Partial<RecordingRow>]>([
  [
    'plainly',
    {
      number: '11',
      title: 'Street Hype',
      length: '177000',
      artist: 'Bruce Maginnis',
      album: 'Groove City',
      year: '2005',
    },
  ],
  [
    'the artist in the title',
    { number: '11', title: 'Bruce Maginnis - Street Hype', length: '177', album: 'Groove City', year: '05' },
  ],
  [
    'the album in the title',
    { number: '11', title: 'Street Hype - Groove City', length: '2.95', artist: 'Bruce Maginnis', year: "'05" },
  ],
  [
    'the album in brackets',
    {
      number: '011',
      title: 'Street Hype (Groove City)',
      length: '02:57',
      artist: 'Bruce Maginnis',
      album: 'Groove City',
      year: '2005',
    },
  ],
  [
    'the number in the title and the year in the album',
    {
      number: '11',
      title: '011-Street Hype',
      length: '2m 57sec',
      artist: 'Bruce Maginnis',
      album: 'Groove City (2005)',
      year: 'null',
    },
  ],
  [
    'one column to the right',
    {
      number: 'WoM15552315',
      title: '011',
      length: 'Street Hype (Groove City)',
      artist: '02:57',
      album: 'Bruce Maginnis',
      year: 'Groove City',
      language: '2005',
    },
  ],
  [
    'title and length in each other’s place',
    { number: '11', title: '2.95', length: 'Street Hype - Groove City', artist: 'Bruce Maginnis', year: "'05" },
  ],
  [
    'the length where the language belongs',
    {
      number: '011',
      title: 'Street Hype (Groove City)',
      artist: 'Bruce Maginnis',
      album: 'Groove City',
      year: '2005',
      language: '02:57',
    },
  ],
])('a source that writes %s is read', (_, values) => {
  expect(readRecordingRow(row(values))).toMatchObject(song);
});

test('what a source puts for nothing is nothing', () => {
  const read = readRecordingRow(
    row({ number: '016', title: '016-', length: '1m 47sec', artist: 'unk.', album: '!!  (unknown)', year: 'null' }),
  );
  expect(read).toEqual({
    title: '',
    artist: '',
    album: '',
    number: '16',
    seconds: 107,
    year: null,
    language: '',
    vector: null,
  });
});

test('an id where the number belongs is no number', () => {
  const read = readRecordingRow(
    row({ number: 'MBox36506825-HH', title: 'Bill Nelson - Solid Spaces', length: '83', album: 'Simplex' }),
  );
  expect(read).toMatchObject({
    number: '',
    title: 'solid spaces',
    artist: 'bill nelson',
    album: 'simplex',
    seconds: 83,
  });
});
