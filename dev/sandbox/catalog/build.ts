import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSingleCredit, splitCredit } from './credits';
import { formatCsvRow, parseCsvRecords } from './csv';
import { base62Id, stableNumber } from './ids';
import { readRecording, type Recording } from './musicbrainz-rows';
import { foldName } from './names';

const header = ['track_id', 'track_name', 'artist_ids', 'artist_names', 'release_date', 'genre', 'duration_ms'];
// A language spelt less often than this is a slip of the pen in the file.
const languageSeen = 35;

/**
 * Makes the sandbox's catalog from the text of the "Music Brainz 20K" benchmark file: one row per recording, credits
 * split, ids derived from the folded names, rows without a title or an artist dropped. The same text gives the same
 * catalog, byte for byte.
 */
export function buildCatalog(musicbrainz: string): string {
  const recordings = parseCsvRecords(musicbrainz).flatMap((row) => readRecording(row) ?? []);
  const credits = countBy(recordings, ({ credit }) => foldName(credit));
  const languages = countBy(recordings, ({ language }) => language);
  const known = new Set(
    recordings.filter(({ credit }) => isSingleCredit(credit)).map(({ credit }) => foldName(credit)),
  );
  const rows = new Map<string, string[]>();
  const spelling = new Map<string, string>();
  for (const recording of bestOfEachCluster(recordings, credits)) {
    const { title } = recording;
    const artists = splitCredit(recording.credit, recording.guests, known);
    const folded = artists.map(foldName);
    if (
      artists.some((name) => name.startsWith('-')) ||
      folded.some((name) => name.length < 2) ||
      foldName(title) === ''
    )
      continue;
    artists.forEach((name, place) => spelling.set(folded[place] ?? '', spelling.get(folded[place] ?? '') ?? name));
    const id = base62Id('track', foldName(title), ...folded);
    if (rows.has(id)) continue;
    rows.set(id, [
      id,
      title,
      folded.map((name) => base62Id('artist', name)).join('|'),
      folded.map((name) => spelling.get(name) ?? name).join('|'),
      recording.year,
      (languages.get(recording.language) ?? 0) >= languageSeen ? recording.language : '',
      String(recording.durationMs ?? 120_000 + stableNumber(id, 180_000)),
    ]);
  }
  const sorted = [...rows.values()].sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return [header, ...sorted].map(formatCsvRow).join('');
}

function countBy(recordings: Recording[], key: (recording: Recording) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const recording of recordings) counts.set(key(recording), (counts.get(key(recording)) ?? 0) + 1);
  return counts;
}

/** The benchmark repeats a recording with spelling mistakes: the row that names guests, then the commonest credit, wins. */
function bestOfEachCluster(recordings: Recording[], credits: Map<string, number>): Recording[] {
  const best = new Map<string, { rank: number; recording: Recording }>();
  for (const recording of recordings) {
    const guests = recording.guests.length > 0 || /\b(?:feat|ft)\./i.test(recording.credit);
    const rank =
      (guests ? 1000 : 0) + Math.min(credits.get(foldName(recording.credit)) ?? 0, 99) * 10 + recording.cleanness;
    const present = best.get(recording.cluster);
    if (!present || rank > present.rank) best.set(recording.cluster, { rank, recording });
  }
  return [...best.values()].map(({ recording }) => recording);
}

if (require.main === module) {
  const source = process.env['MUSICBRAINZ_20K'];
  if (!source) {
    console.error('Set MUSICBRAINZ_20K to the path of the "Music Brainz 20K" CSV file.');
    process.exit(1);
  }
  const catalog = buildCatalog(readFileSync(source, 'utf8'));
  writeFileSync(join(__dirname, 'musicbrainz.csv'), catalog);
  console.log(`${catalog.split('\n').length - 2} tracks, ${Math.round(Buffer.byteLength(catalog) / 1000)} kB`);
}
