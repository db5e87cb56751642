import { type Cell, csvLine } from '../../domain/csv';
import { jsonArray, jsonArrayOf, type JsonText } from '../../domain/json-text';
import { filedKinds } from '../../domain/library-file';
import { libraryFileColumns } from '../../domain/library-file-rows';
import { playlistUri } from '../../domain/item-address';
import { type AppleMusicEntry, type PartKind, type PlaylistEntry, unpack } from './library-content';
import { describeItems } from './library-listing';
import type { EntityManager } from './orm';

/** A published library as it is stored, its contents still packed: some megabytes for the largest ones. */
export interface StoredLibrary {
  connectionId: string;
  provider: string;
  accountName: string;
  /** Of the sync that found it. */
  syncedAt: string;
  parts: StoredPart[];
}

interface StoredPart {
  kind: PartKind;
  providerId: string;
  /** Zero-based, in the provider's order. */
  position: number;
  name: string | null;
  ownerId: string | null;
  /** Whether the connected account owns the playlist. */
  own: boolean;
  collaborative: boolean;
  length: number;
  /** Null where the provider doesn't let the contents be read. */
  packed: Buffer | null;
}

/** One place in a part, with what the catalog knows of it. */
interface FileItem {
  position: number;
  /** Null for an unavailable item. */
  uri: string | null;
  name: string | null;
  artists: string[];
  album: string | null;
  addedAt: string | null;
  addedBy: string | null;
}

/** Items described with one statement. */
const batchLength = 500;

/** A connection's published library, in one statement, so that a sync can't take half of it away; null before the first sync. */
export async function readStoredLibrary(em: EntityManager, connectionId: string): Promise<StoredLibrary | null> {
  const rows = await em.execute<
    {
      provider: string;
      account_name: string;
      published_at: string;
      kind: PartKind | null;
      provider_id: string;
      position: number;
      name: string | null;
      owner_id: string | null;
      own: boolean;
      collaborative: boolean;
      length: number;
      entries: Buffer | null;
    }[]
  >(
    `select c.provider, c.account_name, g.published_at, p.kind, p.provider_id, p.position, p.name, p.owner_id,
       p.owner_id = c.account_user_id as own, p.collaborative, p.length, k.entries
     from connections c join library_generations g on g.id = c.generation_id
       left join library_parts p on p.generation_id = g.id left join library_contents k on k.id = p.content_id
     where c.id = ? order by p.position, p.provider_id`,
    [connectionId],
  );
  const [first] = rows;
  if (!first) return null;
  return {
    connectionId,
    provider: first.provider,
    accountName: first.account_name,
    syncedAt: new Date(first.published_at).toISOString(),
    parts: rows.flatMap(({ kind, ...row }) =>
      kind === null
        ? []
        : {
            kind,
            providerId: row.provider_id,
            position: row.position,
            name: row.name,
            ownerId: row.owner_id,
            own: row.own ?? false,
            collaborative: row.collaborative,
            length: row.length,
            packed: row.entries,
          },
    ),
  };
}

/** The parts of a library by name, each written when it is its turn; one part is unpacked at a time. */
export function libraryJson(em: EntityManager, library: StoredLibrary): Record<string, () => JsonText> {
  const partOf = (kind: PartKind) => () => {
    const part = library.parts.find((each) => each.kind === kind);
    return jsonArray(part ? itemsOf(em, part) : []);
  };
  return {
    likes: partOf('likes'),
    albums: partOf('albums'),
    follows: partOf('follows'),
    playlists: () => jsonArrayOf(playlistsJson(em, library)),
  };
}

async function* playlistsJson(em: EntityManager, library: StoredLibrary): AsyncGenerator<JsonText> {
  for (const part of playlistsOf(library)) yield playlistJson(em, part);
}

async function* playlistJson(em: EntityManager, part: StoredPart): JsonText {
  const { providerId: id, position, name, ownerId, own, collaborative, length } = part;
  const readable = part.packed !== null;
  const fields = JSON.stringify({ id, position, name, ownerId, own, collaborative, length, readable });
  yield `${fields.slice(0, -1)},"items":`;
  yield* jsonArray(itemsOf(em, part));
  yield '}';
}

/**
 * The same as lines of CSV: a `library` line with the account's name and the date of the sync, a line for each like, album and follow, a `playlist` line for each playlist, then its places
 * as `playlist_item`. Artists are separated by `; `.
 */
export async function* libraryCsv(em: EntityManager, library: StoredLibrary): AsyncGenerator<string> {
  yield csvLine(libraryFileColumns);
  yield csvLine(['library', null, null, null, null, library.accountName, null, null, library.syncedAt, null]);
  for (const part of library.parts) {
    if (part.kind !== 'playlist') yield* itemLines(em, part, [filedKinds[part.kind], null, null]);
  }
  for (const part of playlistsOf(library)) {
    const { providerId: id, name, position, ownerId } = part;
    yield csvLine(['playlist', id, name, position, playlistUri(library.provider, id), name, null, null, null, ownerId]);
    yield* itemLines(em, part, ['playlist_item', id, name]);
  }
}

async function* itemLines(em: EntityManager, part: StoredPart, first: Cell[]): AsyncGenerator<string> {
  for await (const batch of itemsOf(em, part)) {
    const lines = batch.map(({ position, uri, name, artists, album, addedAt, addedBy }) =>
      csvLine([...first, position, uri, name, artists.join('; '), album, addedAt, addedBy]),
    );
    yield lines.join('');
  }
}

const playlistsOf = (library: StoredLibrary) => library.parts.filter(({ kind }) => kind === 'playlist');

async function* itemsOf(em: EntityManager, part: StoredPart): AsyncGenerator<FileItem[]> {
  const entries = part.packed ? await unpack<(PlaylistEntry | AppleMusicEntry)[]>(part.packed) : [];
  for (let at = 0; at < entries.length; at += batchLength) {
    const batch = entries.slice(at, at + batchLength);
    const uris = JSON.stringify([...new Set(batch.flatMap(([uri]) => uri ?? []))]);
    const described = await describeItems(em, part.kind, uris);
    yield batch.map(([uri, addedAt = null, addedBy = null, own = null], n) => {
      const known = uri === null ? undefined : described.get(uri);
      return {
        position: at + n,
        uri,
        name: known?.name ?? own?.name ?? null,
        artists: known?.artists.map((artist) => artist.name) ?? (own && own.artistName !== '' ? [own.artistName] : []),
        album: known?.album ?? own?.albumName ?? null,
        addedAt,
        addedBy,
      };
    });
  }
}
