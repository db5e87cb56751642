import { artistCandidates, artistNameRows, artistNameTable } from '../../adapters/lancedb/artists';
import { writeTable } from '../../adapters/lancedb/table-writer';
import { VectorTable } from '../../adapters/lancedb/vector-table';
import { type ArtistFacts, artistProfileOf } from '../../domain/linkage/artist';
import { matchArtists } from '../../domain/linkage/artists';
import type { Band } from '../../domain/linkage/score';
import { atLeast, atMost, type Figure, percentile, reported } from '../report';
import { homonyms, variants } from './artist-names';
import type { BenchTables } from './tables';

const shared: Partial<ArtistFacts> = { isrcs: ['GBAYE0601498'] };

/**
 * Resolves names of two real artists each, and two spellings of one real artist's name each, among all artists of the
 * sandbox's catalog: by the name alone, and with a recording in common.
 */
export async function benchArtists({ database, lock }: BenchTables, others: readonly string[]): Promise<Figure[]> {
  const names = [...variants.map(([name]) => name), ...homonyms, ...others];
  await writeTable(database, artistNameTable, lock, async (writer) => {
    await writer.upsert(names.flatMap((name, at) => artistNameRows(String(at), [name])));
    await writer.tidy();
  });
  const table = new VectorTable(database, artistNameTable);
  const found: boolean[] = [];
  const times: number[] = [];
  for (const [at, [, spelling]] of variants.entries()) {
    const begun = performance.now();
    found.push((await artistCandidates(table, spelling)).some((id) => names[Number(id)] === variants[at]?.[0]));
    times.push(performance.now() - begun);
  }
  const bands = (pairs: readonly (readonly [string, string])[], known: Partial<ArtistFacts>, band: Band) =>
    pairs.filter(([one, other]) => matchArtists(profile(one, known), profile(other, known)).band === band).length;
  const twins = homonyms.map((name) => [name, name] as const);
  return [
    reported('artists: names in the table', names.length, 'names'),
    reported('artists: candidates of one name, p95', percentile(times, 0.95), 'ms'),
    atLeast(
      0.95,
      'artists: other spellings found among the candidates',
      found.filter(Boolean).length / found.length,
      '',
    ),
    atMost(0, 'artists: homonyms accepted by name alone', bands(twins, {}, 'accept'), `of ${homonyms.length}`),
    atLeast(0.95, 'artists: homonyms joined by a recording', bands(twins, shared, 'accept') / twins.length, ''),
    atMost(
      0,
      'artists: other spellings accepted by name alone',
      bands(variants, {}, 'accept'),
      `of ${variants.length}`,
    ),
    reported(
      'artists: other spellings up for review by name alone',
      bands(variants, {}, 'review'),
      `of ${variants.length}`,
    ),
    atLeast(
      0.95,
      'artists: other spellings joined by a recording',
      bands(variants, shared, 'accept') / variants.length,
      '',
    ),
  ];
}

const profile = (name: string, known: Partial<ArtistFacts>) =>
  artistProfileOf({ names: [name], providerIds: {}, isrcs: [], titles: [], albums: [], genres: [], ...known });
