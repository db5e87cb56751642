import { artistCandidates, artistNameRows, artistNameTable } from '../../adapters/lancedb/artists';
import { writeTable } from '../../adapters/lancedb/table-writer';
import { VectorTable } from '../../adapters/lancedb/vector-table';
import { atLeast, atMost, type Figure, percentile, reported } from '../report';
import { judgeNamesakes, judgeSpellings } from './artist-judgements';
import { namesakes, spellings } from './held-out-artists';
import { wilson } from './scores';
import type { BenchTables } from './tables';

/**
 * Looks for the other spelling of real artists' names among all artists of the file, and tells namesakes and spellings apart or
 * together, by names alone and by what is known of each; none of these has a part in the weights.
 */
export async function benchArtists({ database, lock }: BenchTables, others: readonly string[]): Promise<Figure[]> {
  const names = [...spellings.map(([name]) => name), ...namesakes.flatMap((pair) => [...pair.names]), ...others];
  await writeTable(database, artistNameTable, lock, async (writer) => {
    await writer.upsert(names.flatMap((name, at) => artistNameRows(String(at), [name])));
    await writer.tidy();
  });
  const table = new VectorTable(database, artistNameTable);
  const found: boolean[] = [];
  const times: number[] = [];
  for (const [name, spelling] of spellings) {
    const begun = performance.now();
    found.push((await artistCandidates(table, spelling)).some((id) => names[Number(id)] === name));
    times.push(performance.now() - begun);
  }
  const two = judgeNamesakes();
  const one = judgeSpellings();
  const wrong = two.accepted.length;
  const judged = two.judged;
  return [
    reported('artists: names in the table', names.length, 'names'),
    reported('artists: candidates of one name, p95', percentile(times, 0.95), 'ms'),
    atLeast(
      0.9,
      'held out: other spellings found among the candidates',
      found.filter(Boolean).length / found.length,
      '',
    ),
    atMost(0, 'held out: namesakes accepted, by any of what is known', wrong, `of ${judged}`),
    reported('held out: namesakes accepted, Wilson 95 % to', wilson(wrong, judged)[1] * 100, '%'),
    reported('held out: namesakes told apart unasked', two.apart, `of ${namesakes.length}`),
    atLeast(0.95, 'held out: one of two namesakes joined with itself by an album', two.rejoined, ''),
    atMost(0, 'held out: spellings accepted by name alone', one.acceptedByName, `of ${spellings.length}`),
    reported('held out: spellings up for review by name alone', one.reviewedByName, `of ${spellings.length}`),
    atLeast(0.9, 'held out: spellings joined by a recording', one.joined / spellings.length, ''),
  ];
}
