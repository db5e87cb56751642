import type { StreamingProvider } from './capabilities';
import { DomainError } from './errors';
import { parseAppleMusicUri } from './apple-music-uri';
import { isLocalFile, parseSpotifyUri } from './provider-uri';
import { isStorable, withoutUnstorable } from './storable-text';

export const libraryFileFormat = { format: 'do-not-play/library', formatVersion: 1 } as const;

/** The lists of a library in the file, in its order there; `follow` and the like are their lines' kind in CSV. */
export const filedKinds = { likes: 'like', albums: 'album', follows: 'follow' } as const;
export type FiledKind = keyof typeof filedKinds;

/** Texts as the file prints them, for what the catalog does not know. */
export interface FiledTexts {
  name: string;
  artists: string[];
  album: string | null;
}

/** One place of a list. Dates are RFC 3339; the URI is null for what was unavailable in a playlist. */
export interface FiledItem {
  uri: string | null;
  addedAt: string | null;
  addedBy: string | null;
  texts: FiledTexts | null;
}

/** What a file holds, one after the other: what it says of itself, items of the lists, and playlists, each before its items. */
export type LibraryRecord =
  | { kind: 'about'; syncedAt: string | null }
  | { kind: FiledKind; item: FiledItem }
  | { kind: 'playlist'; id: string; name: string; ownerId: string | null }
  | { kind: 'playlist_item'; item: FiledItem };

/** The most places that a file may have in all. */
export const mostFiledItems = 300_000;
const longest = { uri: 300, text: 500, id: 100 } as const;
const mostArtists = 50;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Fields as they stand in the file: texts where it is one of ours, anything where it is not. */
export type LooseFields = Partial<Record<'uri' | 'name' | 'artists' | 'album' | 'addedAt' | 'addedBy', unknown>>;

/** Whose library the file is to be put into, and where in it we are, in words of its format: `row 17`, `likes[3]`. */
export interface FileContext {
  provider: StreamingProvider;
  place: string;
}

export const damagedAt = (place: string): DomainError => new DomainError('library_file_invalid', { params: { place } });

/**
 * Takes an item of the file, whatever it holds. Throws DomainError `library_file_invalid` for what no export writes,
 * `library_file_of_other_provider` for a URI of another provider.
 */
export function filedItem(
  kind: FiledKind | 'playlist_item',
  given: LooseFields,
  { provider, place }: FileContext,
): FiledItem {
  const uri = textOf(given.uri, longest.uri, place);
  if (uri === null && kind !== 'playlist_item') throw damagedAt(place);
  if (uri !== null && provider === 'spotify' && parseAppleMusicUri(uri)) throw ofOtherProvider(place);
  if (uri !== null && !belongs(kind, uri)) throw damagedAt(place);
  const name = printed(given.name);
  return {
    uri,
    addedAt: momentOf(given.addedAt),
    addedBy: textOf(given.addedBy, longest.id, place),
    texts: name === null ? null : { name, artists: printedList(given.artists), album: printed(given.album) },
  };
}

/** Takes what begins a playlist. Older files in CSV don't say who owns it. */
export function filedPlaylist(
  { id, name, ownerId }: Record<'id' | 'name' | 'ownerId', unknown>,
  place: string,
): LibraryRecord {
  const known = textOf(id, longest.id, place);
  if (known === null) throw damagedAt(place);
  return { kind: 'playlist', id: known, name: printed(name) ?? '', ownerId: textOf(ownerId, longest.id, place) };
}

export const ofOtherProvider = (place: string): DomainError =>
  new DomainError('library_file_of_other_provider', { params: { place } });

/** What is no moment is none: spreadsheets write dates in ways of their own. */
export function momentOf(value: unknown): string | null {
  if (typeof value !== 'string' || !MOMENT.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) || time < 0 ? null : value;
}

const kindsOf: Readonly<Record<FiledKind | 'playlist_item', readonly string[]>> = {
  likes: ['track'],
  albums: ['album'],
  follows: ['artist'],
  playlist_item: ['track', 'episode'],
};

function belongs(kind: FiledKind | 'playlist_item', uri: string): boolean {
  const spotify = parseSpotifyUri(uri);
  return spotify ? kindsOf[kind].includes(spotify.kind) : kind === 'playlist_item' && isLocalFile(uri);
}

function textOf(value: unknown, most: number, place: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || value.length > most || !isStorable(value)) throw damagedAt(place);
  return value;
}

/** A text to be shown; one that cannot be kept is none. */
function printed(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && isStorable(value)
    ? withoutUnstorable(value.slice(0, longest.text))
    : null;
}

function printedList(value: unknown): string[] {
  return Array.isArray(value) ? value.slice(0, mostArtists).flatMap((one) => printed(one) ?? []) : [];
}
