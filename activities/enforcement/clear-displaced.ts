import { settle } from '../../adapters/postgres/journal';
import { type PendingInsertions, saveSequence } from '../../adapters/postgres/playlist-sequences';
import {
  buryUris,
  type LiveItem,
  liveView,
  type PlaylistSequence,
  reviveActions,
  surplusCopies,
} from '../../domain/playlist-sequence';
import type { RunContext } from './run-context';
import { attemptWrite } from './write';

/**
 * What has to be taken out and put back when something that was sent again, because nobody knew of the first time, landed
 * twice: all that was sent, since what came after the first of two landed beside its place. Empty where nothing is doubled.
 * @param base the sequence from which the last insertions were made
 */
export function displacedUris(
  live: readonly LiveItem[],
  base: PlaylistSequence,
  wanted: ReadonlySet<string>,
  pending: PendingInsertions,
): string[] {
  if (pending.resent.length === 0) return [];
  const surplus = surplusCopies(live, liveView(reviveActions(base, wanted).sequence));
  return pending.resent.some((uri) => surplus.has(uri)) ? Object.keys(pending.sent) : [];
}

/**
 * Takes every copy of these tracks out, since Spotify removes a track only everywhere at once. They become ghosts of the
 * actions that are being undone, which is saved before, so that they are put back at their places whatever happens.
 * @param holders the action to be undone, by URI
 * @returns the sequence to go on from; the playlist is to be read before
 */
export async function clearDisplaced(
  context: RunContext,
  playlistId: string,
  base: PlaylistSequence,
  pending: PendingInsertions,
  holders: ReadonlyMap<string, string>,
): Promise<{ base: PlaylistSequence; pending: PendingInsertions }> {
  const emptied = buryUris(base, new Map([...holders].filter(([uri]) => pending.clearing.includes(uri))));
  await settle(context.em, context.run, [], (tx) =>
    saveSequence(tx, context.run.connectionId, playlistId, { sequence: emptied, snapshotId: null, pending }),
  );
  const write = await attemptWrite(() =>
    context.session.call((spotify, auth) => spotify.removePlaylistItems(auth, playlistId, pending.clearing, null)),
  );
  // Removing twice does no harm: with an unknown outcome it is simply done again.
  return { base: emptied, pending: write.outcome === 'unknown' ? pending : { ...pending, clearing: [] } };
}
