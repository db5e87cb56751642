import { artistNames } from './artist-names';
import type { IndexedTable } from './indexed-table';

/** Everything that the index holds, in the order in which it is brought in step. */
export const indexedTables: readonly IndexedTable[] = [artistNames];

export function indexedTable(name: string): IndexedTable {
  const table = indexedTables.find(({ definition }) => definition.name === name);
  if (!table) throw new Error('The index has no such table.');
  return table;
}
