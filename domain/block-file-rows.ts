import { type ExpiryChoice, expiryChoices } from './block-expiry';
import { type FileProvider, fileProviders } from './block-file';
import { textsOfCell, unescapedCell } from './csv';
import { DomainError } from './errors';
import type { CsvRecord, JsonItem } from './file-records';
import { type BlockContent, mostTags } from './own-blocks';
import { type PastedAddress, parsePastedAddress } from './pasted-address';
import { isStorable } from './storable-text';

/** Whom a row of a file names: by ids, by name, or both. */
export interface NamedArtist {
  name: string | null;
  /** Ours. */
  artistId: string | null;
  providerIds: Partial<Record<FileProvider, string[]>>;
}

export type FileRow = NamedArtist & BlockContent;

/** Why a row can't be read. */
export type RowFault =
  | 'not_an_object'
  | 'too_many_cells'
  | 'bad_text'
  | 'no_artist'
  | 'bad_name'
  | 'bad_artist_id'
  | 'bad_provider_id'
  | 'bad_note'
  | 'bad_tags'
  | 'bad_expires_at'
  | 'bad_on_expiry';

/** A row as it was read, or why it couldn't be, with the name if there is a good one. */
export type ReadRow = { row: number } & ({ entry: FileRow } | { fault: RowFault; name: string | null });

const longest = { name: 300, note: 2_000, tag: 40 } as const;

type Column = 'artistId' | 'name' | FileProvider | 'note' | 'tags' | 'expiresAt' | 'onExpiry';
type Loose = Partial<Record<Column, unknown>>;

/** How people and programs head these columns, folded. */
const headings: Readonly<Record<string, Column>> = {
  artist_id: 'artistId',
  name: 'name',
  artist: 'name',
  artist_name: 'name',
  spotify: 'spotify',
  spotify_id: 'spotify',
  spotify_uri: 'spotify',
  spotify_url: 'spotify',
  apple_music: 'apple_music',
  apple_music_id: 'apple_music',
  apple_music_url: 'apple_music',
  musicbrainz: 'musicbrainz',
  musicbrainz_id: 'musicbrainz',
  musicbrainz_url: 'musicbrainz',
  mbid: 'musicbrainz',
  note: 'note',
  tags: 'tags',
  expires_at: 'expiresAt',
  on_expiry: 'onExpiry',
};
const naming: ReadonlySet<Column> = new Set(['artistId', 'name', ...fileProviders]);

/**
 * Reads the lines of a table by its header; columns that it doesn't know are passed by. Throws DomainError `import_no_column`
 * where no column names artists.
 */
export function csvRowReader(): (record: CsvRecord) => ReadRow | null {
  let columns: (Column | null)[] | null = null;
  return ({ row, cells }) => {
    if (columns === null) {
      columns = cells.map(
        (cell) =>
          headings[
            cell
              .trim()
              .toLowerCase()
              .replaceAll(/[\s-]+/g, '_')
          ] ?? null,
      );
      if (!columns.some((column) => column && naming.has(column))) throw new DomainError('import_no_column');
      return null;
    }
    const known = columns;
    if (cells.slice(known.length).some((cell) => cell.trim() !== ''))
      return { row, fault: 'too_many_cells', name: null };
    const loose: Loose = {};
    for (const [n, cell] of cells.entries()) {
      const column = known[n];
      const text = unescapedCell(cell);
      if (column && text !== '') loose[column] = isList(column) ? textsOfCell(text) : text;
    }
    return { row, ...readEntry(loose) };
  };
}

const isList = (column: Column): boolean => column === 'tags' || fileProviders.some((provider) => provider === column);

/** Reads an item of a list: an object as an export writes it or as `GET blocks` gives it, or a name alone. */
export function jsonRow({ row, value }: JsonItem): ReadRow {
  if (typeof value === 'string') return { row, ...readEntry({ name: value }) };
  if (!isObject(value)) return { row, fault: 'not_an_object', name: null };
  const artist = isObject(value.artist) ? value.artist : value;
  const { artistId, note, tags, expiresAt, onExpiry } = value;
  const ids = isObject(artist.providerIds) ? artist.providerIds : {};
  const [spotify, apple_music, musicbrainz] = fileProviders.map((provider) => ids[provider]);
  const name = artist.name ?? value.artistName ?? value.artist;
  return { row, ...readEntry({ artistId, name, spotify, apple_music, musicbrainz, note, tags, expiresAt, onExpiry }) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readEntry(loose: Loose): { entry: FileRow } | { fault: RowFault; name: string | null } {
  const name = textOf(loose.name, longest.name);
  const known = name.ok && !hasBadText(name.value) ? name.value : null;
  const fault = (code: RowFault) => ({ fault: code, name: known });
  if (Object.values(loose).some(hasBadText)) return fault('bad_text');
  if (!name.ok) return fault('bad_name');
  const artistId = textOf(loose.artistId, 36);
  if (!artistId.ok || (artistId.value !== null && !UUID.test(artistId.value))) return fault('bad_artist_id');
  const providerIds: NamedArtist['providerIds'] = {};
  for (const provider of fileProviders) {
    const ids = listOf(loose[provider])?.map((id) => providerId(provider, id));
    if (!ids?.every((id) => id !== null)) return fault('bad_provider_id');
    if (ids.length > 0) providerIds[provider] = [...new Set(ids)];
  }
  const address = name.value === null ? null : addressInName(name.value);
  if (address) providerIds[address.provider] = [...new Set([...(providerIds[address.provider] ?? []), address.id])];
  if (!name.value && !artistId.value && Object.keys(providerIds).length === 0) return fault('no_artist');
  const note = textOf(loose.note, longest.note);
  if (!note.ok) return fault('bad_note');
  const tags = listOf(loose.tags)?.map((tag) => tag.trim());
  const distinct = [...new Set(tags)].filter((tag) => tag !== '');
  if (!tags || distinct.length > mostTags || distinct.some((tag) => tag.length > longest.tag)) return fault('bad_tags');
  const expiresAt = momentOf(loose.expiresAt);
  if (!expiresAt.ok) return fault('bad_expires_at');
  const onExpiry = expiryChoice(loose.onExpiry);
  if (!onExpiry) return fault('bad_on_expiry');
  const artist = { name: address ? null : name.value, artistId: artistId.value, providerIds };
  return { entry: { ...artist, note: note.value, tags: distinct, expiresAt: expiresAt.value, onExpiry } };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PROVIDER_ID = /^[\w.-]{1,100}$/;
const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/i;

type Read<T> = { ok: true; value: T | null } | { ok: false };

/** A text without spaces around it; blank is none. */
function textOf(value: unknown, most: number): Read<string> {
  if (value === undefined || value === null) return { ok: true, value: null };
  if (typeof value !== 'string') return { ok: false };
  const text = value.trim();
  return text.length > most ? { ok: false } : { ok: true, value: text === '' ? null : text };
}

function listOf(value: unknown): string[] | null {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.every((one) => typeof one === 'string') ? list : null;
}

/** What comes of the end; nothing, where nothing is said. */
function expiryChoice(value: unknown): ExpiryChoice | undefined {
  if (value === undefined || value === null || value === '') return 'keep';
  return expiryChoices.find((choice) => choice === value);
}

/** Text that PostgreSQL can't hold. */
function hasBadText(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasBadText);
  return typeof value === 'string' && !isStorable(value);
}

/** The id, or a pasted address of the artist's. */
function providerId(provider: FileProvider, text: string): string | null {
  const given = text.trim();
  const address = parsePastedAddress(given);
  if (address?.provider === provider) return address.kind === 'artist' ? address.id : null;
  return PROVIDER_ID.test(given) ? given : null;
}

/** The address of an artist's that stands in a name's place; a bare id there may be a name. */
function addressInName(name: string): PastedAddress | null {
  const address = /[/:]/.test(name) ? parsePastedAddress(name) : null;
  return address?.kind === 'artist' ? address : null;
}

/** A day, which begins in UTC, or a moment with its offset. */
function momentOf(value: unknown): Read<Date> {
  const text = textOf(value, 40);
  if (!text.ok || text.value === null) return text.ok ? { ok: true, value: null } : text;
  if (!MOMENT.test(text.value)) return { ok: false };
  const [day, moment] = [new Date(text.value.slice(0, 10)), new Date(text.value)];
  // February has no 31st, whatever a `Date` makes of it.
  const isDay = !Number.isNaN(day.getTime()) && text.value.startsWith(day.toISOString().slice(0, 10));
  return isDay && moment.getTime() >= 0 ? { ok: true, value: moment } : { ok: false };
}
