import type { StyleModelSettings } from '../../domain/style/style-model';
import { artistNames } from './artist-names';
import { artistStyles } from './artist-styles';
import type { IndexedTable } from './indexed-table';
import { recordingTexts } from './recording-texts';

/** Everything that the index holds, in the order in which it is brought in step. */
export const indexedTables = (styleModel: StyleModelSettings): readonly IndexedTable[] => [
  artistNames,
  artistStyles(styleModel),
  recordingTexts,
];

export function tableNamed(tables: readonly IndexedTable[], name: string): IndexedTable {
  const table = tables.find(({ definition }) => definition.name === name);
  if (!table) throw new Error('The index has no such table.');
  return table;
}
