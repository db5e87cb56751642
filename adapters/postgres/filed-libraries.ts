import { DomainError } from '../../domain/errors';
import {
  damagedAt,
  type FiledItem,
  type FiledKind,
  type FiledTexts,
  type LibraryRecord,
  mostFiledItems,
} from '../../domain/library-file';
import { playlistUri } from '../../domain/item-address';
import { parseSpotifyUri } from '../../domain/provider-uri';
import { newId } from './ids';
import { loadContents, type PartKind, storeContent } from './library-content';
import { isFollowed, loadParts, type Part, storeParts } from './library-generations';
import type { EntityManager } from './orm';

/** `[uri, addedAt, addedBy, texts]`: a place of a list in a file that somebody handed in. */
export type FiledEntry = [uri: string | null, addedAt: string | null, addedBy: string | null, texts: FiledTexts | null];

/** A library as a file has it: likes and albums newest first, playlists by their provider's id; of those of others themselves, too. */
export interface FiledLibrary extends Record<FiledKind | 'followedPlaylists', FiledEntry[]> {
  playlists: Map<string, FiledEntry[]>;
}

const bare = { position: 0, collaborative: false, snapshotId: null };

/** What a list in a file says of itself. */
type FiledHead = Pick<Part, 'kind' | 'providerId' | 'name' | 'ownerId'>;

/**
 * Keeps what a file holds as a generation that nobody sees (`file`), list by list, in the caller's transaction. Throws DomainError
 * `library_file_invalid` for a list that comes twice or a file without any, `payload_too_large` for one with too many places.
 */
export async function storeFiledLibrary(
  tx: EntityManager,
  connectionId: string,
  records: AsyncIterable<readonly LibraryRecord[]>,
): Promise<string> {
  const id = newId();
  // No job builds it, so it stands for itself.
  await tx.execute(`insert into library_generations (id, connection_id, job_id, status) values (?, ?, ?, 'file')`, [
    id,
    connectionId,
    id,
  ]);
  const parts = new Map<string, Part>();
  let open: (FiledHead & { entries: FiledEntry[] }) | null = null;
  let syncedAt: string | null = null;
  let places = 0;
  const close = async () => {
    if (!open) return;
    const { entries, ...head } = open;
    const { kind, providerId } = head;
    const contentId = await storeContent(tx, connectionId, kind, entries);
    const part = { ...bare, ...head, position: parts.size, contentId, length: entries.length };
    parts.set(`${kind} ${providerId}`, part);
  };
  const begin = async (head: FiledHead) => {
    const { kind, providerId } = head;
    await close();
    if (parts.has(`${kind} ${providerId}`)) throw damagedAt(providerId === '' ? kind : `playlist ${parts.size}`);
    open = { ...head, entries: [] };
    return open;
  };
  const into = async (kind: PartKind): Promise<FiledEntry[]> =>
    (open?.kind === kind ? open : await begin({ kind, providerId: '', name: null, ownerId: null })).entries;
  for await (const batch of records) {
    for (const record of batch) {
      if (record.kind === 'about') syncedAt = record.syncedAt;
      else if (record.kind === 'playlist') {
        const { kind, id: providerId, name, ownerId } = record;
        await begin({ kind, providerId, name, ownerId });
      } else {
        places += 1;
        if (places > mostFiledItems)
          throw new DomainError('payload_too_large', { params: { maxItems: mostFiledItems } });
        (await into(record.kind === 'playlist_item' ? 'playlist' : record.kind)).push(entryOf(record.item));
      }
    }
  }
  await close();
  if (parts.size === 0) throw damagedAt('end');
  await storeParts(tx, id, [...parts.values()]);
  await tx.execute(`update library_generations set published_at = ?::timestamptz where id = ?`, [syncedAt, id]);
  return id;
}

const entryOf = ({ uri, addedAt, addedBy, texts }: FiledItem): FiledEntry => [uri, addedAt, addedBy, texts];

/** The whole of a file that was handed in; others than this person own what counts as followed. */
export async function loadFiledLibrary(
  em: EntityManager,
  generationId: string,
  accountUserId: string,
): Promise<FiledLibrary> {
  const parts = await loadParts(em, generationId);
  const contents = await loadContents(
    em,
    parts.flatMap(({ contentId }) => contentId ?? []),
  );
  const entriesOf = ({ contentId }: Part) => (contents.get(contentId ?? '') ?? []) as FiledEntry[];
  const followed = parts.filter(isFollowed(accountUserId)).flatMap(({ providerId, name }): FiledEntry[] => {
    const uri = playlistUri('spotify', providerId);
    // Whoever made the file may have written anything there, such as two addresses.
    return parseSpotifyUri(uri) ? [[uri, null, null, { name: name ?? '', artists: [], album: null }]] : [];
  });
  const library: FiledLibrary = {
    likes: [],
    albums: [],
    follows: [],
    followedPlaylists: followed,
    playlists: new Map(),
  };
  for (const part of parts) {
    if (part.kind === 'playlist') library.playlists.set(part.providerId, entriesOf(part));
    else library[part.kind] = entriesOf(part);
  }
  return library;
}
