import { LIBRARY_BATCH, PLAYLIST_PAGE } from './batches';
import { insertionsBetween } from './playlist-difference';
import type { LiveItem } from './playlist-entries';

/** A playlist that something is to be put back into: as it is, and as it is to be. */
export interface RestoredPlaylist {
  live: readonly LiveItem[];
  target: readonly LiveItem[];
}

/**
 * The fewest provider calls that can put items back and show that they are where they were: for likes, albums and follows a
 * write per 40 of one kind and one look per 40 of them afterwards; for a playlist a look at its snapshot before, its
 * insertions, the reading of all of it and one more look, which says that what was read is what the last insertion left.
 *
 * There are as many insertions as there are gaps between items that stayed, one of over 100 counting once for each 100 begun.
 * Fewer cannot do:
 *
 * - Replacing the list (`PUT` with `uris`) dates all of it anew and makes all of it the person's, so it is no undo. Left are
 *   insertions of a block, and moves of a block (`PUT` with a range).
 * - Where nothing is moved, an item that stayed has the same neighbours that stayed before and after, so one insertion fills
 *   one gap, with at most 100.
 * - A move does not help. Call what stays white and what comes back black, with a white end on both sides. Each gap ends as
 *   one black run of its own, and there is none at first. An insertion adds at most one run. A move exchanges two neighbouring
 *   blocks: it makes three new seams, so the number of seams between colours grows by three at most; since it is even (both
 *   ends are white, each run has two), it grows by two at most, which is one run. So n gaps take n calls at least, of whichever
 *   kind. (That a single gap of over 100 cannot be filled in fewer by way of others is not claimed: no plan has come near.)
 */
export function leastRollbackCalls(saved: readonly number[], playlists: readonly RestoredPlaylist[]): number {
  const library = saved.reduce((sum, count) => sum + 2 * Math.ceil(count / LIBRARY_BATCH), 0);
  return playlists.reduce((sum, { live, target }) => {
    const insertions = insertionsBetween(live, target).length;
    if (insertions === 0) return sum;
    return sum + 1 + insertions + Math.max(1, Math.ceil(target.length / PLAYLIST_PAGE)) + 1;
  }, library);
}
