import { nameKey } from '../name-keys';
import { secondsOf } from './row-length';
import { ratio } from './likeness';
import { type Recording, recordingOf } from './recording';

/** A recording as a table from anywhere writes it, each column with whatever its source puts there. */
export interface RecordingRow {
  number: string;
  title: string;
  length: string;
  artist: string;
  album: string;
  year: string;
  language: string;
}

const columns = ['number', 'title', 'length', 'artist', 'album', 'year', 'language'] as const;
const NOTHING = /^(?:null|unk\.?|unknown|n\.?a\.?|\[?unknown\]?|\[?untitled\]?|\[no artist\]|-|\.)$/iu;
/** What sources call their rows, where a blank first column has moved it into the next: "WoM1864", "131573-A04", "5235450MB-01". */
const ROW_NAME = /^(?:\p{L}{2,}\d{4,}\S*|\d{3,}\p{L}{2,}-\d+|\d{3,}-\p{L}\d+|\d{5,})$/u;
const LENGTH_ONLY = /^(?:\d+\s*m\s*\d+\s*s(?:ec)?|\d\d:\d\d|\d{1,2}\.\d{1,3}|\d{5,7})$/u;
const YEAR_ONLY = /^(?:'\s*\d\d|(?:19|20)\d\d)$/u;
const NUMBER_ONLY = /^(?:0*\d{1,3}|\p{L}{0,2}\d{1,3}|\p{L}{1,2})$/u;

/** What a row says, whatever its source's notation: read from the values alone, so that a source nobody knows is read too. */
export function readRecordingRow(row: RecordingRow): Recording {
  const moved = straightened(cleaned(row));
  const { title, artist, album, year: yearInAlbum } = parted(moved);
  return recordingOf({
    title: unlessNothing(title),
    artist: unlessNothing(artist),
    album: unlessNothing(album),
    seconds: secondsOf(moved.length),
    number: moved.number
      .replace(/\s+/gu, '')
      .replace(/^0+(?=.)/u, '')
      .toUpperCase(),
    year: yearOf(moved.year) ?? yearInAlbum,
    language: moved.language
      .replace(/[^\p{L}]/gu, '')
      .toLowerCase()
      .slice(0, 3),
  });
}

function cleaned(row: RecordingRow): RecordingRow {
  return Object.fromEntries(columns.map((column) => [column, unlessNothing(row[column])])) as unknown as RecordingRow;
}

function unlessNothing(value: string): string {
  const text = value.replace(/\s+/gu, ' ').trim();
  return NOTHING.test(text) ? '' : text;
}

/** Columns that have moved one to the right, and two that have changed places. */
function straightened(row: RecordingRow): RecordingRow {
  if (ROW_NAME.test(row.number) && !NUMBER_ONLY.test(row.title)) return straightened({ ...row, number: '' });
  if (ROW_NAME.test(row.number))
    return straightened({
      number: row.title,
      title: row.length,
      length: row.artist,
      artist: row.album,
      album: row.year,
      year: row.language,
      language: '',
    });
  const straight = { ...row };
  const swap = (one: (typeof columns)[number], other: (typeof columns)[number]) => {
    [straight[one], straight[other]] = [straight[other], straight[one]];
  };
  if (secondsOf(straight.length) === null) {
    const place = columns.find(
      (column) => column !== 'number' && column !== 'year' && LENGTH_ONLY.test(straight[column]),
    );
    if (place) swap('length', place);
  }
  if (yearOf(straight.year) === null && YEAR_ONLY.test(straight.language)) swap('year', 'language');
  if (straight.number.length > 3 && !NUMBER_ONLY.test(straight.number)) {
    const place = columns.find(
      (column) => column !== 'number' && column !== 'year' && NUMBER_ONLY.test(straight[column]),
    );
    if (place) swap('number', place);
  }
  return straight;
}

/** A year from four digits, or from the last two, whose leading zero may be gone; null where there is none. */
function yearOf(text: string): number | null {
  const digits = /^'?(\d{1,4})$/u.exec(text.replace(/\s+/gu, ''))?.[1] ?? '';
  const year = Number(digits);
  if (digits.length === 4) return year >= 1900 && year < 2100 ? year : null;
  if (digits.length !== 1 && digits.length !== 2) return null;
  return year + (year < 30 ? 2000 : 1900);
}

/** Takes apart what a source writes into one column: "012-Title", "Artist - Title", "Title - Album", "Title (Album)", "Album (2005)". */
function parted(row: RecordingRow): { title: string; artist: string; album: string; year: number | null } {
  const dated = /^(.*?)\s*\((\d{4}|unknown)\)$/u.exec(row.album);
  const album = (dated?.[1] ?? row.album).trim();
  const year = dated ? yearOf(dated[2] ?? '') : null;
  const numbered = /^(?:\p{L}?\d{2,3}\p{L}?|0\p{L}\d)\s?-\s?(.*)$/u.exec(row.title);
  if (dated || (numbered && /m/u.test(row.length)))
    return { title: numbered?.[1] ?? row.title, artist: row.artist, album, year };
  const dash = row.title.indexOf(' - ');
  if (row.artist === '' && dash >= 0)
    return { artist: row.title.slice(0, dash), title: row.title.slice(dash + 3), album, year };
  const lastDash = row.title.lastIndexOf(' - ');
  if (album === '' && lastDash >= 0)
    return { title: row.title.slice(0, lastDash), album: row.title.slice(lastDash + 3), artist: row.artist, year };
  return { title: withoutAlbum(row.title, album), artist: row.artist, album, year };
}

/** "Title (Album)" as "Title", where what stands in brackets at the end reads like the album. */
function withoutAlbum(title: string, album: string): string {
  if (album === '' || !title.endsWith(')')) return title;
  const key = nameKey(album);
  let best = { at: -1, like: 0.7 };
  for (let at = title.indexOf('('); at >= 0; at = title.indexOf('(', at + 1)) {
    const like = ratio(nameKey(title.slice(at + 1, -1)), key);
    if (like > best.like) best = { at, like };
  }
  return best.at >= 0 ? title.slice(0, best.at).trim() : title;
}
