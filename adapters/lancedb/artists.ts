import { artistNameVector } from '../../domain/linkage/artist';
import { nameDimensions } from '../../domain/linkage/name-vector';
import { nameKey } from '../../domain/name-keys';
import type { TableDefinition, TableRow } from './table-definition';
import type { VectorTable } from './vector-table';

/** Artists' names and aliases, a row each. */
export const artistNameTable: TableDefinition = {
  name: 'artist_names',
  version: 1,
  dimensions: nameDimensions,
  columns: { artist: 'text', key: 'text' },
  owner: 'artist',
  filtered: ['artist'],
  fullText: 'key',
};

/** Of each kind of candidates. */
const mostCandidates = 10;

/** @param names the name first, then the aliases */
export function artistNameRows(artistId: string, names: readonly string[]): TableRow[] {
  return names.flatMap((name, at) => {
    const vector = artistNameVector(name);
    return vector ? { id: `${artistId}:${at}`, artist: artistId, key: nameKey(name), vector } : [];
  });
}

/** The artists that a name may mean: those whose names look or sound nearest, and those that share its words. */
export async function artistCandidates(table: VectorTable, name: string): Promise<string[]> {
  const vector = artistNameVector(name);
  if (!vector) return [];
  const [near, worded] = await Promise.all([
    table.nearest(vector, mostCandidates),
    table.matching(nameKey(name), mostCandidates),
  ]);
  return [...new Set([...near.map(({ id }) => id), ...worded].map((id) => id.replace(/:\d+$/u, '')))];
}
