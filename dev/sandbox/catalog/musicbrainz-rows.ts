import { takeGuests } from './credits';

/** One recording as the benchmark's five sources spell it, brought to one shape. */
export interface Recording {
  cluster: string;
  title: string;
  credit: string;
  /** Whom the title names as guests. */
  guests: string[];
  year: string;
  language: string;
  durationMs: number | null;
  /** How little the source mixes into the title: 0 to 4. */
  cleanness: number;
}

const nobody =
  /^\[?(?:unk\.|n\.a\.|unknown|null|various(?: artists)?|no artist|anonymous|soundtrack|traditional|dialogue)?\]?$/i;
const untitled = /^\[?(?:unk\.|unknown|null|untitled|silence|data track)?\]?$/i;
const languages = new Map(
  Object.entries({ eng: 'English', ger: 'German', fre: 'French', spa: 'Spanish', jap: 'Japanese', ita: 'Italian' }),
);

/**
 * Reads one row of the "Music Brainz 20K" file, or null where it has no usable title or artist. The sources differ in
 * where they keep things: 1 writes the album behind the title, 2 the artist before it, 3 the album after a dash,
 * 4 a track number before it; lengths come as 03:21, 201 s, 3.35 min, 3m 21sec or 201000 ms.
 */
export function readRecording(row: Record<string, string>): Recording | null {
  const source = row['SourceID'] ?? '';
  const album = (row['album'] ?? '').trim();
  const taken = takeGuests((row['title'] ?? '').trim());
  let title = taken.title;
  let credit = (row['artist'] ?? '').trim();
  if (source === '1' && album !== '' && title.endsWith(`(${album})`)) title = title.slice(0, -album.length - 2).trim();
  if (source === '2') {
    const dash = title.indexOf(' - ');
    if (dash < 0) return null;
    credit = title.slice(0, dash).trim();
    title = title.slice(dash + 3).trim();
  }
  if (source === '3' && title.includes(' - ')) title = title.slice(0, title.lastIndexOf(' - ')).trim();
  if (source === '4') title = title.replace(/^\d{3}-\s*/, '');
  title = title.replace(/\s*\(\s*\)?$/, '');
  if (nobody.test(credit) || untitled.test(title) || title.length > 110 || credit.length > 70) return null;
  if (`${credit}${taken.guests.join()}`.includes('|')) return null;
  return {
    cluster: row['CID'] ?? '',
    title,
    credit,
    guests: taken.guests,
    year: readYear(row['year'] ?? '', album),
    language: readLanguage(row['language'] ?? ''),
    durationMs: readDuration(source, (row['length'] ?? '').trim()),
    cleanness: ['3', '4', '2', '1', '5'].indexOf(source),
  };
}

function readYear(text: string, album: string): string {
  const whole = /\b(?:19|20)\d\d\b/.exec(text) ?? /\((?:19|20)\d\d\)\s*$/.exec(album);
  if (whole) return whole[0].replace(/\D/g, '');
  const short = /^'?(\d\d)$/.exec(text.trim())?.[1];
  if (short === undefined) return '';
  return Number(short) > 26 ? `19${short}` : `20${short}`;
}

function readLanguage(text: string): string {
  const clean = text.trim().replace(/\.$/, '');
  const name = languages.get(clean.toLowerCase()) ?? clean;
  return /^[A-Z][a-z]{3,}$/.test(name) ? name.toLowerCase() : '';
}

function readDuration(source: string, text: string): number | null {
  const clock = /^(\d+):(\d\d)$/.exec(text) ?? /^(\d+)m (\d+)sec$/.exec(text);
  const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
  let ms: number | null = null;
  if (clock) ms = (Number(clock[1]) * 60 + Number(clock[2])) * 1000;
  else if (number !== null && source === '2') ms = number * 1000;
  else if (number !== null && source === '3') ms = Math.round(number * 60_000);
  else if (number !== null) ms = number;
  return ms !== null && ms >= 20_000 && ms <= 3_600_000 ? ms : null;
}
