import { storeContent, type AppleMusicEntry } from '../../../adapters/postgres/library-content';
import { dropParts, loadParts, type Part, storePart, storeParts } from '../../../adapters/postgres/library-generations';
import { ProviderError } from '../../../domain/errors';
import { advance, nextStep } from '../sync-context';
import { songEntry } from './entries';
import { rememberItems } from './remember';
import { type AppleMusicSyncContext, mostRestarts, pagesAtOnce, pageSize } from './sync-context';

/** Playlists read side by side. */
const playlistsAtOnce = 4;

/** Lists the playlists. Nothing in the list says whether one has changed, so the contents of each are read. */
export async function syncPlaylistList(context: AppleMusicSyncContext): Promise<void> {
  const { offset, total, restarts } = context.cursor;
  const page = await context.session.call((client, auth) => client.libraryPlaylists(auth, { offset, limit: pageSize }));
  if (total !== null && page.total !== total && restarts < mostRestarts) {
    return advance(context, { offset: 0, total: null, restarts: restarts + 1 }, (tx) =>
      dropParts(tx, context.generationId, 'playlist'),
    );
  }
  const playlists = [...new Map(page.items.map((playlist) => [playlist.id, playlist])).values()];
  await storeParts(
    context.em,
    context.generationId,
    playlists.map(({ id, name, canEdit }, n): Part => ({
      kind: 'playlist',
      providerId: id,
      position: offset + n,
      name,
      // Apple names no owner; what the person may change counts as theirs.
      ownerId: canEdit ? context.accountUserId : null,
      collaborative: false,
      snapshotId: null,
      contentId: null,
      length: 0,
    })),
  );
  if (page.nextOffset !== null) return advance(context, { offset: page.nextOffset, total: page.total });
  await nextStep(context, 'contents');
}

/** Reads the contents of the next few playlists; `offset` counts the ones looked at. */
export async function syncPlaylistContents(context: AppleMusicSyncContext): Promise<void> {
  const parts = await loadParts(context.em, context.generationId, 'playlist');
  const batch = parts.slice(context.cursor.offset, context.cursor.offset + playlistsAtOnce);
  if (batch.length === 0) return nextStep(context, 'publish');
  const read = await Promise.all(batch.map((part) => readTracks(context, part.providerId)));
  await rememberItems(
    context,
    read.flatMap((entries) => (entries ?? []).map(([uri]) => uri)),
  );
  for (const [n, part] of batch.entries()) {
    const entries = read[n];
    if (!entries) continue;
    const contentId = await storeContent(context.em, context.connectionId, 'playlist', entries);
    await storePart(context.em, context.generationId, { ...part, contentId, length: entries.length });
  }
  await advance(context, { offset: context.cursor.offset + batch.length, total: parts.length });
}

/** All places of a playlist in its order; null where it was deleted since it was listed. */
async function readTracks(context: AppleMusicSyncContext, playlistId: string): Promise<AppleMusicEntry[] | null> {
  try {
    for (let look = 1; ; look += 1) {
      const pages = await readPages(context, playlistId);
      const entries = pages.flatMap((page) => page.items.map(songEntry));
      // A playlist that changed while it was read, longer than a page, is read again.
      if (look > mostRestarts || pages.every(({ total }) => total === null || total === entries.length)) return entries;
    }
  } catch (error) {
    if (error instanceof ProviderError && error.failure === 'not_found') return null;
    throw error;
  }
}

async function readPages(context: AppleMusicSyncContext, playlistId: string) {
  const read = (offset: number) =>
    context.session.call((client, auth) => client.playlistTracks(auth, playlistId, { offset, limit: pageSize }));
  const pages = [await read(0)];
  for (let last = pages[0]; last?.nextOffset != null; last = pages.at(-1)) {
    const { nextOffset, total } = last;
    const offsets = Array.from({ length: total === null ? 1 : pagesAtOnce }, (_, n) => nextOffset + n * pageSize);
    const within = offsets.filter((offset, n) => n === 0 || offset < (total ?? 0));
    pages.push(...(await Promise.all(within.map(read))));
  }
  return pages;
}
