import { nameDimensions, nameVector } from '../../domain/linkage/name-vector';
import type { Recording } from '../../domain/linkage/recording';
import type { TableDefinition, TableRow } from './table-definition';
import type { VectorTable } from './vector-table';

/** Recordings by what is written about them. */
export const recordingTable: TableDefinition = {
  name: 'recordings',
  version: 1,
  dimensions: nameDimensions,
  columns: { number: 'text', seconds: 'number' },
  owner: 'id',
  filtered: ['number', 'seconds'],
  fullText: null,
};

/** Of each kind of candidates. */
const mostCandidates = 10;
/** Of two lengths that are taken for one, in seconds. */
const lengthTolerance = 1.05;

/**
 * Null for a recording of which neither text nor length is known: nothing could find it. One without text stands where its
 * number and length put it, far from all texts: it is found by these alone.
 */
export function recordingTableRow(id: string, recording: Recording): TableRow | null {
  const vector = placeOf(recording);
  return vector && { id, vector, number: recording.number, seconds: recording.seconds };
}

/**
 * The recordings that may be this one: those whose texts are nearest, and of those with its length and its track number the
 * nearest, whose texts may be damaged or in another script.
 */
export async function recordingCandidates(table: VectorTable, id: string, recording: Recording): Promise<string[]> {
  const { vector, number, seconds } = recording;
  const place = placeOf(recording);
  if (!place) return [];
  const [near, alike] = await Promise.all([
    vector ? table.nearest(vector, mostCandidates + 1) : [],
    number === '' || seconds === null
      ? []
      : table.nearest(place, mostCandidates, {
          equal: { number },
          between: { seconds: [seconds - lengthTolerance, seconds + lengthTolerance] },
          idNot: id,
        }),
  ]);
  return [...new Set([...near, ...alike].map((found) => found.id))].filter((other) => other !== id);
}

function placeOf({ vector, number, seconds }: Recording): Float32Array | null {
  if (vector || number === '' || seconds === null) return vector;
  return nameVector(`${number} ${Math.round(seconds)}`);
}
