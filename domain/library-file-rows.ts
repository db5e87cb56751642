import type { StreamingProvider } from './capabilities';
import { unescapedCell } from './csv';
import type { CsvRecord } from './file-records';
import {
  damagedAt,
  filedItem,
  type FiledKind,
  filedKinds,
  filedPlaylist,
  type LibraryRecord,
  momentOf,
} from './library-file';

/** The columns of a library in CSV; `added_by` of a playlist is who owns it. */
export const libraryFileColumns = [
  'kind',
  'playlist_id',
  'playlist_name',
  'position',
  'uri',
  'name',
  'artists',
  'album',
  'added_at',
  'added_by',
] as const;
type Column = (typeof libraryFileColumns)[number];

/**
 * Reads the lines of a library in CSV, its header first. Throws DomainError `library_file_invalid` with the row for a line that
 * no export writes.
 */
export function libraryRowReader(provider: StreamingProvider): (record: CsvRecord) => LibraryRecord[] {
  let columns: Map<Column, number> | null = null;
  let playlistId: string | null = null;
  return ({ row, cells }) => {
    const place = `row ${row}`;
    if (columns === null) {
      const heads = cells.map((cell) => cell.trim());
      columns = new Map(libraryFileColumns.map((column) => [column, heads.indexOf(column)]));
      if (['kind', 'playlist_id', 'uri'].some((column) => !heads.includes(column))) throw damagedAt(place);
      return [];
    }
    const known = columns;
    const cell = (column: Column) => unescapedCell(cells[known.get(column) ?? -1] ?? '');
    const kind = cell('kind');
    if (kind === 'library') return [{ kind: 'about', syncedAt: momentOf(cell('added_at')) }];
    if (kind === 'playlist') {
      playlistId = cell('playlist_id');
      return [filedPlaylist({ id: playlistId, name: cell('playlist_name'), ownerId: cell('added_by') }, place)];
    }
    const given = {
      uri: cell('uri'),
      name: cell('name'),
      artists: cell('artists').split('; '),
      album: cell('album'),
      addedAt: cell('added_at'),
      addedBy: cell('added_by'),
    };
    const context = { provider, place };
    if (kind === 'playlist_item') {
      if (playlistId === null || cell('playlist_id') !== playlistId) throw damagedAt(place);
      return [{ kind, item: filedItem(kind, given, context) }];
    }
    const list = (Object.keys(filedKinds) as FiledKind[]).find((one) => filedKinds[one] === kind);
    if (!list) throw damagedAt(place);
    return [{ kind: list, item: filedItem(list, given, context) }];
  };
}
