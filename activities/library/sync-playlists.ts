import { rememberTracks } from '../../adapters/postgres/catalog';
import { storeContent } from '../../adapters/postgres/library-content';
import { dropParts, loadParts, storePart, storeParts, type Part } from '../../adapters/postgres/library-generations';
import { ProviderError } from '../../domain/errors';
import { readPlaylist } from './read-playlist';
import { seenTrack } from './seen';
import { advance, nextStep, type SyncContext } from './sync-context';

const pageSize = 50;
/** A list that keeps changing while it is read is taken as it came after so many beginnings. */
const mostRestarts = 3;
/** Playlists read side by side. */
const playlistsAtOnce = 4;

/** Lists the playlists. One whose snapshot is the one we know keeps its contents. */
export async function syncPlaylistList(context: SyncContext): Promise<void> {
  const { offset, total, restarts } = context.cursor;
  const page = await context.session.call((spotify, auth) => spotify.playlists(auth, { offset, limit: pageSize }));
  // A playlist that came or went shifts the pages: begin the list again.
  if (total !== null && page.total !== total && restarts < mostRestarts) {
    return advance(context, { offset: 0, total: null, restarts: restarts + 1 }, (tx) =>
      dropParts(tx, context.generationId, 'playlist'),
    );
  }
  const known = new Map(
    (context.previousId ? await loadParts(context.em, context.previousId, 'playlist') : []).map((part) => [
      part.providerId,
      part,
    ]),
  );
  await storeParts(
    context.em,
    context.generationId,
    [...new Map(page.items.map((playlist) => [playlist.id, playlist])).values()].map((playlist, n): Part => {
      const before = known.get(playlist.id);
      const unchanged = before?.snapshotId === playlist.snapshotId && before.length === playlist.length;
      return {
        kind: 'playlist',
        providerId: playlist.id,
        position: offset + n,
        name: playlist.name,
        ownerId: playlist.ownerId,
        collaborative: playlist.collaborative,
        snapshotId: playlist.snapshotId,
        contentId: unchanged ? before.contentId : null,
        length: playlist.length,
      };
    }),
  );
  if (page.more && page.items.length > 0) return advance(context, { offset: offset + pageSize, total: page.total });
  await nextStep(context, 'contents');
}

/** Whether Spotify lets this person's app read what is in it: their own, and those they edit together with others. */
export function isReadable(part: Pick<Part, 'ownerId' | 'collaborative'>, accountUserId: string): boolean {
  return part.ownerId === accountUserId || part.collaborative;
}

/** Reads the contents of the next few playlists that changed; `offset` counts the ones looked at. */
export async function syncPlaylistContents(context: SyncContext): Promise<void> {
  const readable = (await loadParts(context.em, context.generationId, 'playlist')).filter((part) =>
    isReadable(part, context.accountUserId),
  );
  const open = readable.slice(context.cursor.offset).filter((part) => !part.contentId);
  const batch = open.slice(0, playlistsAtOnce);
  if (batch.length === 0) return nextStep(context, 'publish');
  await Promise.all(batch.map((part) => readContents(context, part)));
  await advance(context, { offset: readable.indexOf(batch.at(-1)!) + 1 });
}

const isClosed = ({ failure, details }: ProviderError) =>
  failure === 'not_found' || (failure === 'forbidden' && details.code !== 'connection_disconnected');

async function readContents(context: SyncContext, part: Part): Promise<void> {
  try {
    const look = await readPlaylist(context.session, part.providerId, part.snapshotId);
    await rememberTracks(context.em.fork(), 'spotify', look.tracks.map(seenTrack));
    const em = context.em.fork();
    const contentId = await storeContent(em, context.connectionId, 'playlist', look.entries);
    await storePart(em, context.generationId, {
      ...part,
      contentId,
      snapshotId: look.snapshotId,
      length: look.entries.length,
    });
  } catch (error) {
    // Deleted or closed to us between the list and the look: it stays in the list without contents.
    if (error instanceof ProviderError && isClosed(error)) return;
    throw error;
  }
}
