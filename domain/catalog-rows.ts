import type { FileProvider } from './block-file';
import type { StreamingProvider } from './capabilities';
import {
  type ArtistIds,
  type CatalogEntry,
  type CatalogFault,
  type CatalogKind,
  catalogLimits,
  type CatalogRow,
  type CreditRole,
  type ImportedArtist,
  type ImportedRecordings,
  plainIsrc,
  type RecordingCredit,
} from './catalog-imports';
import { formatAppleMusicUri } from './apple-music-uri';
import { textsOfCell, unescapedCell } from './csv';
import { DomainError } from './errors';
import type { CsvRecord } from './file-records';
import { parsePastedAddress } from './pasted-address';
import { formatSpotifyUri } from './provider-uri';
import { beginningOf, isStorable } from './storable-text';

type Cells = (column: string) => string[];
type Read<T> = { entry: T } | { fault: CatalogFault };

/** What each kind of file may have as columns; the first ones it cannot be without. */
const columnsOf = {
  artists: ['name', 'musicbrainz', 'spotify', 'apple_music', 'disambiguation', 'aliases', 'genres', 'image_url'],
  recordings: [
    'name',
    'musicbrainz',
    'isrc',
    'spotify',
    'apple_music',
    'duration_ms',
    'artists',
    'writers',
    'producers',
  ],
} as const satisfies Record<CatalogKind, readonly string[]>;

const oneText: ReadonlySet<string> = new Set(['name', 'disambiguation', 'duration_ms', 'image_url']);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const IMAGE_ADDRESS = /^https:\/\/[^\s"'<>\\]{1,2000}$/;
const PROVIDER_ID = /^[\w.-]{1,100}$/;

/**
 * Reads the lines of a table by its header; columns that it doesn't know are passed by. Cells of ids, aliases, genres and credits
 * hold several, separated by `;`. Throws DomainError `import_no_column` where there is no `name`.
 */
export function catalogRowReader(kind: CatalogKind): (record: CsvRecord) => CatalogRow | null {
  let columns: string[] | null = null;
  return ({ row, cells }) => {
    if (columns === null) {
      columns = cells.map((cell) =>
        cell
          .trim()
          .toLowerCase()
          .replaceAll(/[\s-]+/g, '_'),
      );
      if (!columns.includes('name')) throw new DomainError('import_no_column');
      return null;
    }
    const known: readonly string[] = columnsOf[kind];
    const texts = new Map<string, string[]>();
    for (const [n, cell] of cells.entries()) {
      const column = columns[n] ?? '';
      const text = unescapedCell(cell).trim();
      if (text !== '' && known.includes(column)) texts.set(column, oneText.has(column) ? [text] : textsOfCell(text));
    }
    const at: Cells = (column) => texts.get(column) ?? [];
    const name = at('name')[0] ?? '';
    const good = name !== '' && name.length <= catalogLimits.name && isStorable(name);
    const read = cells.length > columns.length ? { fault: 'too_many_cells' as const } : readCells(kind, at, good);
    return 'entry' in read ? { row, entry: read.entry } : { row, fault: read.fault, name: good ? name : null };
  };
}

function readCells(kind: CatalogKind, at: Cells, isNamed: boolean): Read<CatalogEntry> {
  const all = columnsOf[kind].flatMap((column) => at(column));
  if (!all.every(isStorable)) return { fault: 'bad_text' };
  if (!isNamed) return { fault: 'bad_name' };
  return kind === 'artists' ? readArtist(at) : readRecording(at);
}

function readArtist(at: Cells): Read<ImportedArtist> {
  const ids = {
    musicbrainz: at('musicbrainz').map(musicBrainzIdAt),
    spotify: at('spotify').map((text) => artistIdAt('spotify', text)),
    apple_music: at('apple_music').map((text) => artistIdAt('apple_music', text)),
  };
  const providerIds: ArtistIds = {};
  for (const [provider, given] of Object.entries(ids)) {
    const good = given.filter((id) => id !== null);
    if (good.length < given.length || given.length > catalogLimits.ids) return { fault: 'bad_id' };
    if (good.length > 0) providerIds[provider as FileProvider] = [...new Set(good)];
  }
  if (Object.keys(providerIds).length === 0) return { fault: 'no_id' };
  const [said] = at('disambiguation');
  const [imageUrl = null] = at('image_url');
  if (imageUrl !== null && !IMAGE_ADDRESS.test(imageUrl)) return { fault: 'bad_image' };
  return {
    entry: {
      name: at('name')[0] ?? '',
      disambiguation: said === undefined ? null : beginningOf(said, catalogLimits.name),
      providerIds,
      aliases: shortOnes(at('aliases'), catalogLimits.name, catalogLimits.aliases).map((name) => ({
        name,
        locale: '',
      })),
      genres: shortOnes(at('genres'), catalogLimits.genre, catalogLimits.genres),
      imageUrl,
    },
  };
}

function readRecording(at: Cells): Read<ImportedRecordings> {
  const uris = [
    ...at('spotify').map((text) => trackUriAt('spotify', text)),
    ...at('apple_music').map((text) => trackUriAt('apple_music', text)),
  ];
  const isrcs = at('isrc').map(plainIsrc);
  const [mbid] = at('musicbrainz');
  if ([...uris, ...isrcs].includes(null) || (mbid !== undefined && !UUID.test(mbid))) return { fault: 'bad_id' };
  if (uris.length + isrcs.length > catalogLimits.isrcs) return { fault: 'bad_id' };
  const [sourceId] = [...(mbid === undefined ? [] : [mbid.toLowerCase()]), ...isrcs, ...uris];
  if (sourceId === undefined || sourceId === null) return { fault: 'no_id' };
  const credits = (['artists', 'writers', 'producers'] as const).flatMap((column) =>
    at(column).map((text) => creditOf(roleOf[column], text)),
  );
  const durationMs = Number(at('duration_ms')[0]);
  const [name = ''] = at('name');
  const recording = {
    sourceId,
    name,
    durationMs: Number.isSafeInteger(durationMs) && durationMs > 0 && durationMs < 2 ** 31 ? durationMs : null,
    isrcs: [...new Set(isrcs)].filter((isrc) => isrc !== null),
    uris: [...new Set(uris)].filter((uri) => uri !== null),
    credits: credits.slice(0, catalogLimits.credits),
  };
  return { entry: { name, recordings: [recording] } };
}

const roleOf = { artists: 'performer', writers: 'writer', producers: 'producer' } as const satisfies Record<
  string,
  CreditRole
>;

/** An id of MusicBrainz's, or an address or URI of a provider's; anything else is a name, also what looks like a bare id. */
function creditOf(role: CreditRole, text: string): RecordingCredit {
  if (UUID.test(text)) return { role, name: '', id: { provider: 'musicbrainz', value: text.toLowerCase() } };
  const address = parsePastedAddress(text);
  if (address?.kind === 'artist' && address.id !== text && PROVIDER_ID.test(address.id))
    return { role, name: '', id: { provider: address.provider, value: address.id } };
  return { role, name: beginningOf(text, catalogLimits.name), id: null };
}

/** An id, or the address of an artist's page. */
function musicBrainzIdAt(text: string): string | null {
  const address = parsePastedAddress(text);
  return address?.provider === 'musicbrainz' && address.kind === 'artist' ? address.id : null;
}

/** An address or URI of this provider's; a bare id is taken for what is asked after. */
function artistIdAt(provider: StreamingProvider, text: string): string | null {
  const address = parsePastedAddress(text);
  const id = !address || address.id === text ? text : address.kind === 'artist' ? address.id : null;
  return (id === text || address?.provider === provider) && id !== null && PROVIDER_ID.test(id) ? id : null;
}

function trackUriAt(provider: StreamingProvider, text: string): string | null {
  const address = parsePastedAddress(text);
  if (address && address.id !== text)
    return address.provider === provider && address.kind === 'track' && PROVIDER_ID.test(address.id)
      ? address.uri
      : null;
  if (!PROVIDER_ID.test(text)) return null;
  return provider === 'spotify' ? formatSpotifyUri('track', text) : formatAppleMusicUri('song', text);
}

const shortOnes = (texts: readonly string[], longest: number, most: number): string[] =>
  [...new Set(texts)].filter((text) => text.length <= longest).slice(0, most);
