import type { SavedEntry } from '../../adapters/postgres/library-content';
import { playlistUri } from '../../domain/item-address';
import type { RunContext } from './run-context';

const pageSize = 50;
/** A list that keeps changing while it is read is taken as it came after so many beginnings. */
const mostRestarts = 3;

/** The playlists of others in the person's list, all of them: Spotify documents no order for it. */
export async function readFollowedPlaylists(context: RunContext): Promise<SavedEntry[]> {
  const owners = await readPlaylistOwners(context);
  return [...owners].flatMap(([uri, ownerId]): SavedEntry[] =>
    ownerId === context.run.accountUserId ? [] : [[uri, null]],
  );
}

/**
 * Who owns each playlist in the person's list, by URI. To be asked before any is taken out by its URI, since that deletes one of
 * the person's own. The list says it also of Spotify's playlists, which it does not show apps one by one.
 */
export async function readPlaylistOwners(context: RunContext, restarts = 0): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  let total: number | null = null;
  for (let offset = 0; ; offset += pageSize) {
    const page = await context.session.call((spotify, auth) => spotify.playlists(auth, { offset, limit: pageSize }));
    // One that came or went shifts the pages: begin again.
    if (total !== null && page.total !== total && restarts < mostRestarts)
      return readPlaylistOwners(context, restarts + 1);
    total = page.total;
    for (const { id, ownerId } of page.items) owners.set(playlistUri('spotify', id), ownerId);
    if (!page.more || page.items.length === 0) return owners;
  }
}
