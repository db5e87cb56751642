import { recordingCandidates, recordingTable, recordingTableRow } from '../../adapters/lancedb/recordings';
import { writeTable } from '../../adapters/lancedb/table-writer';
import { VectorTable } from '../../adapters/lancedb/vector-table';
import type { Recording } from '../../domain/linkage/recording';
import type { BenchTables } from './tables';

/** Questions under way at a time. */
const lanes = 4;

export interface CandidatePairs {
  /** Positions among the recordings, the lower first, each pair once. */
  pairs: [number, number][];
  indexSeconds: number;
  searchSeconds: number;
}

/** Puts the recordings into a table of vectors and asks for the candidates of each, as a sync does. */
export async function candidatePairs(
  { database, lock }: BenchTables,
  recordings: readonly Recording[],
): Promise<CandidatePairs> {
  const begun = performance.now();
  await writeTable(database, recordingTable, lock, async (writer) => {
    await writer.upsert(recordings.flatMap((recording, at) => recordingTableRow(String(at), recording) ?? []));
    await writer.tidy();
  });
  const indexed = performance.now();
  const table = new VectorTable(database, recordingTable);
  const found = new Set<number>();
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < recordings.length; at = next++) {
      const others = await recordingCandidates(table, String(at), recordings[at] as Recording);
      for (const other of others.map(Number)) found.add(Math.min(at, other) * recordings.length + Math.max(at, other));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return {
    pairs: [...found]
      .sort((a, b) => a - b)
      .map((pair) => [Math.floor(pair / recordings.length), pair % recordings.length]),
    indexSeconds: (indexed - begun) / 1000,
    searchSeconds: (performance.now() - indexed) / 1000,
  };
}
