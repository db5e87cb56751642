import { DomainError } from '../../domain/errors';
import {
  damagedAt,
  type FiledItem,
  type FiledKind,
  type FiledTexts,
  type LibraryRecord,
  mostFiledItems,
} from '../../domain/library-file';
import { newId } from './ids';
import { loadContents, type PartKind, storeContent } from './library-content';
import { loadParts, type Part, storeParts } from './library-generations';
import type { EntityManager } from './orm';

/** `[uri, addedAt, addedBy, texts]`: a place of a list in a file that somebody handed in. */
export type FiledEntry = [uri: string | null, addedAt: string | null, addedBy: string | null, texts: FiledTexts | null];

/** A library as a file has it: likes and albums newest first, playlists by their provider's id. */
export interface FiledLibrary extends Record<FiledKind, FiledEntry[]> {
  playlists: Map<string, FiledEntry[]>;
}

const bare = { position: 0, name: null, ownerId: null, collaborative: false, snapshotId: null };

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
  let open: { kind: PartKind; providerId: string; name: string | null; entries: FiledEntry[] } | null = null;
  let syncedAt: string | null = null;
  let places = 0;
  const close = async () => {
    if (!open) return;
    const { kind, providerId, name, entries } = open;
    const contentId = await storeContent(tx, connectionId, kind, entries);
    const part = { ...bare, kind, providerId, position: parts.size, name, contentId, length: entries.length };
    parts.set(`${kind} ${providerId}`, part);
  };
  const begin = async (kind: PartKind, providerId = '', name: string | null = null) => {
    await close();
    if (parts.has(`${kind} ${providerId}`)) throw damagedAt(providerId === '' ? kind : `playlist ${parts.size}`);
    open = { kind, providerId, name, entries: [] };
    return open;
  };
  const into = async (kind: PartKind): Promise<FiledEntry[]> =>
    (open?.kind === kind ? open : await begin(kind)).entries;
  for await (const batch of records) {
    for (const record of batch) {
      if (record.kind === 'about') syncedAt = record.syncedAt;
      else if (record.kind === 'playlist') await begin('playlist', record.id, record.name);
      else {
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

/** The whole of a file that was handed in. */
export async function loadFiledLibrary(em: EntityManager, generationId: string): Promise<FiledLibrary> {
  const parts = await loadParts(em, generationId);
  const contents = await loadContents(
    em,
    parts.flatMap(({ contentId }) => contentId ?? []),
  );
  const entriesOf = ({ contentId }: Part) => (contents.get(contentId ?? '') ?? []) as FiledEntry[];
  const library: FiledLibrary = { likes: [], albums: [], follows: [], playlists: new Map() };
  for (const part of parts) {
    if (part.kind === 'playlist') library.playlists.set(part.providerId, entriesOf(part));
    else library[part.kind] = entriesOf(part);
  }
  return library;
}
