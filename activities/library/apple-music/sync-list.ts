import { storeContent, type AppleMusicEntry, type PartKind } from '../../../adapters/postgres/library-content';
import { dropPages, loadPages, storePage, storePart } from '../../../adapters/postgres/library-generations';
import type { AppleMusicPage } from '../../../adapters/providers/apple-music/types';
import { advance, nextStep } from '../sync-context';
import { albumEntry, artistEntry, songEntry } from './entries';
import { rememberItems, rememberLibraryArtists } from './remember';
import { type AppleMusicSyncContext, mostRestarts, pagesAtOnce, pageSize } from './sync-context';

const following = { likes: 'albums', albums: 'follows', follows: 'playlists' } as const;
type ListKind = keyof typeof following;

/**
 * Reads the next pages of a library's songs, albums or artists, which stand in the places of likes, albums and follows. Apple
 * tells nothing by which an unchanged list could be known, so each is read to its end each time; the catalog is asked only
 * about what is new.
 */
export async function syncList(context: AppleMusicSyncContext, kind: ListKind): Promise<void> {
  const { offset, total, restarts } = context.cursor;
  // Where no total is told, the only way on is from page to page.
  const offsets = Array.from({ length: total === null ? 1 : pagesAtOnce }, (_, n) => offset + n * pageSize).filter(
    (at) => total === null || at === offset || at < total,
  );
  const pages = await Promise.all(offsets.map((at) => readPage(context, kind, at)));
  // What came or went shifts the pages: begin again.
  if (total !== null && pages.some((page) => page.total !== total) && restarts < mostRestarts) {
    return advance(context, { offset: 0, total: null, restarts: restarts + 1 }, (tx) =>
      dropPages(tx, context.generationId, kind),
    );
  }
  const entries = pages.map((page) => page.items);
  await rememberItems(
    context,
    entries.flat().map(([uri]) => uri),
  );
  for (const [n, page] of entries.entries())
    await storePage(context.em, context.generationId, kind, '', offset / pageSize + n, page);
  const last = pages.at(-1);
  if (last?.nextOffset != null)
    return advance(context, { offset: offset + offsets.length * pageSize, total: last.total });
  await complete(context, kind);
}

async function complete(context: AppleMusicSyncContext, kind: ListKind): Promise<void> {
  const read = (await loadPages(context.em, context.generationId, kind, '')) as AppleMusicEntry[];
  const entries = [...new Map(read.map((entry) => [entry[0], entry])).values()];
  const contentId = await storeContent(context.em, context.connectionId, kind, entries);
  await nextStep(context, following[kind], async (tx) => {
    await storePart(tx, context.generationId, { ...noPlaylist, kind, contentId, length: entries.length });
    await dropPages(tx, context.generationId, kind);
  });
}

const noPlaylist = { providerId: '', position: 0, name: null, ownerId: null, collaborative: false, snapshotId: null };

type EntryPage = AppleMusicPage<AppleMusicEntry>;

async function readPage(context: AppleMusicSyncContext, kind: ListKind & PartKind, offset: number): Promise<EntryPage> {
  const { session } = context;
  const at = { offset, limit: pageSize };
  if (kind === 'likes') {
    const page = await session.call((client, auth) => client.librarySongs(auth, at));
    return { ...page, items: page.items.map(songEntry) };
  }
  if (kind === 'albums') {
    const page = await session.call((client, auth) => client.libraryAlbums(auth, at));
    return { ...page, items: page.items.map(albumEntry) };
  }
  const page = await session.call((client, auth) => client.libraryArtists(auth, at));
  await rememberLibraryArtists(context, page.items);
  return { ...page, items: page.items.map(artistEntry) };
}
