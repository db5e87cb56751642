import { JSONParser, type ParsedElementInfo } from '@streamparser/json';
import type { StreamingProvider } from '../../domain/capabilities';
import { DomainError } from '../../domain/errors';
import {
  damagedAt,
  filedItem,
  type FiledKind,
  filedKinds,
  filedPlaylist,
  libraryFileFormat,
  type LibraryRecord,
  type LooseFields,
  momentOf,
  ofOtherProvider,
} from '../../domain/library-file';
import { libraryRowReader } from '../../domain/library-file-rows';
import { readCsvRecords } from './csv-records';
import { NotUtf8, utf8Text } from './utf8-text';

/**
 * What a file of a library holds, in its order, as its bytes come. Throws DomainError `library_file_invalid` with the place where
 * it is damaged or no such file, `library_file_of_other_provider`, `import_not_utf8`, `import_not_csv`.
 */
export async function* readLibraryFile(
  bytes: AsyncIterable<Uint8Array>,
  format: 'csv' | 'json',
  provider: StreamingProvider,
): AsyncGenerator<LibraryRecord[]> {
  if (format === 'csv') {
    const recordsOf = libraryRowReader(provider);
    for await (const records of readCsvRecords(bytes)) yield records.flatMap((record) => recordsOf(record));
    return;
  }
  const reader = new LibraryJsonReader(provider);
  try {
    for await (const text of utf8Text(bytes)) yield reader.push(text);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    throw new DomainError('import_not_utf8');
  }
  yield reader.end();
}

const isKind = (name: unknown): name is FiledKind => typeof name === 'string' && name in filedKinds;

/** What is known of the playlist that is being read; `told` once its record is given. */
interface FiledPlaylistHead {
  index: unknown;
  id: unknown;
  name: unknown;
  ownerId: unknown;
  told: boolean;
}

/** Reads the document value by value, none of its lists ever whole in memory. A playlist's id stands before its items, as we write it. */
class LibraryJsonReader {
  private records: LibraryRecord[] = [];
  private about: Record<string, unknown> = {};
  private playlist: FiledPlaylistHead | null = null;
  private readonly parser: JSONParser;

  constructor(private readonly provider: StreamingProvider) {
    const fields = ['format', 'formatVersion', 'provider', 'syncedAt'].map((name) => `$.${name}`);
    const items = Object.keys(filedKinds).map((kind) => `$.${kind}.*`);
    const playlists = ['id', 'name', 'ownerId', 'length', 'items.*'].map((name) => `$.playlists.*.${name}`);
    this.parser = new JSONParser({ paths: [...fields, ...items, ...playlists], keepStack: false });
    this.parser.onValue = (info) => this.take(info);
  }

  push(text: string): LibraryRecord[] {
    try {
      this.parser.write(text);
    } catch (error) {
      throw error instanceof DomainError ? error : damagedAt('JSON');
    }
    return this.records.splice(0);
  }

  end(): LibraryRecord[] {
    if (!this.parser.isEnded || this.about.format !== libraryFileFormat.format) throw damagedAt('JSON');
    return this.records.splice(0);
  }

  private take({ key, value, stack }: ParsedElementInfo): void {
    const [, list, index, items] = stack.map((level) => level.key);
    if (list === undefined) return this.takeField(String(key), value);
    if (isKind(list)) {
      const context = { provider: this.provider, place: `${list}[${key}]` };
      return void this.records.push({ kind: list, item: filedItem(list, fieldsOf(value, context.place), context) });
    }
    this.takeOfPlaylist(index, items === undefined ? key : items, value, `playlists[${index}].items[${key}]`);
  }

  private takeField(name: string, value: unknown): void {
    this.about[name] = value;
    if (name === 'formatVersion' && value !== libraryFileFormat.formatVersion) throw damagedAt(name);
    if (name === 'provider' && value !== this.provider) throw ofOtherProvider(name);
    if (name === 'syncedAt') this.records.push({ kind: 'about', syncedAt: momentOf(value) });
  }

  private takeOfPlaylist(index: unknown, field: unknown, value: unknown, place: string): void {
    const known = this.playlist;
    const playlist: FiledPlaylistHead =
      known && known.index === index ? known : { index, id: null, name: null, ownerId: null, told: false };
    this.playlist = playlist;
    if (field === 'id' || field === 'name' || field === 'ownerId') playlist[field] = value;
    const isItem = field === 'items';
    if ((isItem || field === 'length') && !playlist.told) {
      this.records.push(filedPlaylist(playlist, `playlists[${String(index)}]`));
      playlist.told = true;
    }
    if (!isItem) return;
    const context = { provider: this.provider, place };
    this.records.push({ kind: 'playlist_item', item: filedItem('playlist_item', fieldsOf(value, place), context) });
  }
}

function fieldsOf(value: unknown, place: string): LooseFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damagedAt(place);
  return value;
}
