import type { Page, SpotifyPlaylistSummary } from '../../adapters/providers/spotify/types';
import { playlistUri } from '../../domain/item-address';
import { lookUntil } from './look-again';
import type { RunContext } from './run-context';

const pageSize = 50;

/** The playlist that an action made, by its description; null where it is not shown. New ones are listed on top. */
export async function findListing(context: RunContext, actionId: string): Promise<string | null> {
  for (let offset = 0; ; offset += pageSize) {
    const page: Page<SpotifyPlaylistSummary> = await context.session.call((spotify, auth) =>
      spotify.playlists(auth, { offset, limit: pageSize }),
    );
    const found = page.items.find(({ description }) => description?.includes(actionId));
    if (found) return found.id;
    if (!page.more || page.items.length === 0) return null;
  }
}

/** Whether a playlist is in the person's library, looked at for about ten seconds before it is said not to be. */
export function isKept(context: RunContext, playlistId: string): Promise<boolean> {
  return lookUntil(
    context,
    () => showsKept(context, playlistId),
    (kept) => kept,
  );
}

/** The same by one look. */
export async function showsKept(context: RunContext, playlistId: string): Promise<boolean> {
  const uris = [playlistUri('spotify', playlistId)];
  const [kept] = await context.session.call((spotify, auth) => spotify.libraryContains(auth, uris));
  return kept === true;
}
