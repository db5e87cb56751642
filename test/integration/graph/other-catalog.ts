import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledCatalogPath } from '../../../dev/sandbox/catalog/catalog';
import { formatCsvRow, parseCsvRecords } from '../../../dev/sandbox/catalog/csv';
import { stableNumber } from '../../../dev/sandbox/catalog/ids';
import { readRecording, type Recording } from '../../../dev/sandbox/catalog/musicbrainz-rows';

/**
 * A catalog for the sandbox that nobody here has seen, of some thousand real tracks: the one that `SANDBOX_CATALOG` names, else
 * made from the benchmark that `MUSICBRAINZ_20K` names, else the bundled one under ids of another shape and in another order.
 */
export function otherCatalog(): string {
  const { SANDBOX_CATALOG: given, MUSICBRAINZ_20K: benchmark } = process.env;
  if (given) return given;
  const rows = benchmark ? asTheySpell(readFileSync(benchmark, 'utf8')) : bundledAnew();
  const path = join(mkdtempSync(join(tmpdir(), 'dnp-catalog-')), 'other.csv');
  const lines = rows.map((row) => header.map((name) => row[name] ?? ''));
  writeFileSync(path, [[...header], ...lines].map(formatCsvRow).join(''));
  return path;
}

const header = [
  'track_id',
  'track_name',
  'artist_ids',
  'artist_names',
  'release_date',
  'genre',
  'duration_ms',
] as const;
type Row = Record<string, string>;

function bundledAnew(): Row[] {
  const rows = parseCsvRecords(readFileSync(bundledCatalogPath(), 'utf8')).reverse().slice(0, 4_000);
  const named = rows.map((row) => ({ row, names: (row.artist_names ?? '').split('|') }));
  const bearerOf = bearers(named.flatMap(({ names }) => names));
  return named.map(({ row, names }, n) => ({
    ...row,
    track_id: `track-${n}`,
    artist_ids: (row.artist_ids ?? '')
      .split('|')
      .map((id, at) => bearerOf(names[at] ?? '', `a.${id.toLowerCase()}`))
      .join('|'),
  }));
}

/** Who is named together; unlike in the bundled catalog, whether or not each side is an artist elsewhere. */
const joint = /\s+(?:&|feat\.?|ft\.?|vs\.?|with|und|et)\s+|\s*;\s*|\s+\/\s+/iu;
/** As many of the names with most recordings are borne by two artists here: every other recording is the second one's. */
const homonyms = 12;

/**
 * One recording of each cluster, in the words of whichever source: an artist whom sources spell differently is as many artists here,
 * as a provider has them that does not know better.
 */
function asTheySpell(benchmark: string): Row[] {
  const clusters = new Map<string, Recording[]>();
  for (const row of parseCsvRecords(benchmark)) {
    const recording = readRecording(row);
    if (!recording) continue;
    clusters.set(recording.cluster, [...(clusters.get(recording.cluster) ?? []), recording]);
  }
  const chosen = [...clusters].flatMap(([cluster, spelled]) => {
    const recording = spelled[stableNumber(cluster, spelled.length)];
    const names = [...(recording?.credit.split(joint) ?? []), ...(recording?.guests ?? [])].map((name) => name.trim());
    return recording && names[0] ? [{ ...recording, names: [...new Set(names)].filter(Boolean) }] : [];
  });
  const bearerOf = bearers(chosen.flatMap(({ names }) => names));
  const idOf = (name: string) =>
    bearerOf(name, `x${stableNumber(name, 2 ** 31).toString(36)}${stableNumber(`${name} `, 2 ** 31).toString(36)}`);
  return chosen.map(({ cluster, title, names, year, language, durationMs }) => ({
    track_id: `r${cluster}`,
    track_name: title,
    artist_ids: names.map(idOf).join('|'),
    artist_names: names.join('|'),
    release_date: year,
    genre: language,
    duration_ms: String(durationMs ?? 180_000),
  }));
}

/** Says who of two is meant, the one with the id or the other, each time one of those names comes up again. */
function bearers(names: readonly string[]): (name: string, id: string) => string {
  const twice = mostRecorded(names);
  const seen = new Map<string, number>();
  return (name, id) => {
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return twice.has(name) && nth % 2 === 0 ? `${id}.2` : id;
  };
}

function mostRecorded(names: readonly string[]): Set<string> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Set(sorted.slice(0, homonyms).map(([name]) => name));
}
