import { rememberAlbums, rememberTracks } from '../../adapters/postgres/catalog';
import { storeContent, type SavedEntry } from '../../adapters/postgres/library-content';
import {
  dropPages,
  loadPages,
  loadPartEntries,
  storePage,
  storePart,
} from '../../adapters/postgres/library-generations';
import type { Page } from '../../adapters/providers/spotify/types';
import { seenAlbum, seenTrack } from './seen';
import { advance, nextStep, type SyncContext } from './sync-context';

const pageSize = 50;
/** Pages read side by side; the gate decides how fast they really go. */
const pagesAtOnce = 4;
/** A list that keeps changing while it is read is taken as it came after so many beginnings. */
const mostRestarts = 3;

type SavedKind = 'likes' | 'albums';

/**
 * Reads liked tracks or saved albums, both newest first. Where the length, the first page and the last page are those of the
 * generation before, the rest is too (what is new stands on top), and it is taken over.
 */
export async function syncSaved(context: SyncContext, kind: SavedKind): Promise<void> {
  const following = kind === 'likes' ? 'albums' : 'follows';
  if (context.cursor.offset === 0) {
    const first = await readPage(context, kind, 0);
    if (await takeOver(context, kind, first)) return nextStep(context, following);
    await storePage(context.em, context.generationId, kind, '', 0, first.items);
    await advance(context, { offset: pageSize, total: first.total });
    if (!first.more) return complete(context, kind, following);
    return;
  }
  const total = context.cursor.total ?? 0;
  const offsets = Array.from({ length: pagesAtOnce }, (_, n) => context.cursor.offset + n * pageSize).filter(
    (offset) => offset < total,
  );
  const pages = await Promise.all(offsets.map((offset) => readPage(context, kind, offset)));
  if (pages.some((page) => page.total !== total) && context.cursor.restarts < mostRestarts) {
    return advance(context, { offset: 0, total: null, restarts: context.cursor.restarts + 1 }, (tx) =>
      dropPages(tx, context.generationId, kind),
    );
  }
  for (const page of pages)
    await storePage(context.em, context.generationId, kind, '', page.offset / pageSize, page.items);
  await advance(context, { offset: context.cursor.offset + offsets.length * pageSize });
  if (offsets.length < pagesAtOnce || context.cursor.offset >= total) await complete(context, kind, following);
}

async function readPage(context: SyncContext, kind: SavedKind, offset: number): Promise<Page<SavedEntry>> {
  if (kind === 'likes') {
    const page = await context.session.call((spotify, auth) => spotify.likedTracks(auth, { offset, limit: pageSize }));
    await rememberTracks(
      context.em.fork(),
      'spotify',
      page.items.map((item) => seenTrack(item.track)),
    );
    return { ...page, items: page.items.map((item): SavedEntry => [item.track.uri, item.addedAt]) };
  }
  const page = await context.session.call((spotify, auth) => spotify.savedAlbums(auth, { offset, limit: pageSize }));
  await rememberAlbums(
    context.em.fork(),
    'spotify',
    page.items.map((item) => seenAlbum(item.album)),
  );
  return { ...page, items: page.items.map((item): SavedEntry => [item.album.uri, item.addedAt]) };
}

async function takeOver(context: SyncContext, kind: SavedKind, first: Page<SavedEntry>): Promise<boolean> {
  if (!context.previousId) return false;
  const previous = await loadPartEntries<SavedEntry>(context.em, context.previousId, kind);
  if (
    !previous ||
    previous.entries.length !== first.total ||
    !sameEntries(previous.entries.slice(0, first.items.length), first.items)
  )
    return false;
  if (first.more) {
    const last = await readPage(context, kind, Math.floor((first.total - 1) / pageSize) * pageSize);
    if (last.total !== first.total || !sameEntries(previous.entries.slice(last.offset), last.items)) return false;
  }
  await storePart(context.em, context.generationId, previous.part);
  return true;
}

function sameEntries(a: readonly SavedEntry[], b: readonly SavedEntry[]): boolean {
  return a.length === b.length && a.every((entry, n) => entry[0] === b[n]?.[0] && entry[1] === b[n]?.[1]);
}

async function complete(context: SyncContext, kind: SavedKind, following: 'albums' | 'follows'): Promise<void> {
  const pages = (await loadPages(context.em, context.generationId, kind, '')) as SavedEntry[];
  // Pages that shifted while they were read can show an entry twice; a saved item is there once.
  const entries = [...new Map(pages.map((entry) => [entry[0], entry])).values()];
  const contentId = await storeContent(context.em, context.connectionId, kind, entries);
  await nextStep(context, following, async (tx) => {
    await storePart(tx, context.generationId, {
      kind,
      providerId: '',
      position: 0,
      name: null,
      ownerId: null,
      collaborative: false,
      snapshotId: null,
      contentId,
      length: entries.length,
    });
    await dropPages(tx, context.generationId, kind);
  });
}
