import { type ActionOutcome, intend, type OpenAction, settle } from '../../adapters/postgres/journal';
import { noteListingPlaylist, removedLikes, runUndoneBy } from '../../adapters/postgres/removed-likes';
import { playlistUri } from '../../domain/item-address';
import { holdsOnly } from '../../domain/removed-likes';
import { readPlaylist } from '../library/read-playlist';
import { closedPlaylist } from './current-playlist';
import { findListing, showsKept } from './listing-playlist';
import { lookUntil } from './look-again';
import type { RunContext } from './run-context';
import { writeBatch } from './write';

/**
 * Takes away the playlist in which a run listed the likes that it removed. It stays where any of them is still out, since it
 * may be all that tells of them, and where its person has renamed it or put something else into it. Comes after the
 * rollback's likes.
 */
export async function unlistRemovedLikes(context: RunContext, action: OpenAction): Promise<void> {
  const end = (outcome: Omit<ActionOutcome, 'id'>) =>
    settle(context.em, context.run, [{ id: action.id, ...outcome, losses: [] }]);
  const undoesId = action.undoesId ?? '';
  const playlistId = action.playlistId ?? (await findListing(context, undoesId));
  if (playlistId === null) return end({ status: 'skipped', code: 'already_absent' });
  if (action.playlistId === null)
    await settle(context.em, context.run, [], (tx) => noteListingPlaylist(tx, action.id, playlistId));
  const likes = await removedLikes(context.em, await runUndoneBy(context.em, undoesId));
  if (likes.some(({ out }) => out)) return end({ status: 'skipped', code: 'likes_still_out' });
  if (!(await showsKept(context, playlistId))) return end(goneBefore(action));
  try {
    const uris = likes.map(({ uri }) => uri);
    if (!(await isAsMade(context, playlistId, { name: action.name, uris })))
      return await end({ status: 'skipped', code: 'changed_since' });
  } catch (error) {
    if (!closedPlaylist(error)) throw error;
    return end(goneBefore(action));
  }
  await intend(context.em, context.run, [{ id: action.id, before: { present: true } }]);
  return end(await remove(context, action, playlistId));
}

const goneBefore = ({ status }: OpenAction): Omit<ActionOutcome, 'id'> =>
  status === 'applying' ? { status: 'applied', code: 'unlisted' } : { status: 'skipped', code: 'already_absent' };

async function isAsMade(
  context: RunContext,
  playlistId: string,
  made: { name: string; uris: readonly string[] },
): Promise<boolean> {
  const state = await context.session.call((spotify, auth) => spotify.playlistState(auth, playlistId));
  if (state.name !== made.name) return false;
  const { entries } = await readPlaylist(context.session, playlistId, state.snapshotId);
  return holdsOnly(
    entries.map(([uri]) => uri),
    made.uris,
  );
}

async function remove(
  context: RunContext,
  action: OpenAction,
  playlistId: string,
  repeated = false,
): Promise<Omit<ActionOutcome, 'id'>> {
  const write = await writeBatch(context, repeated ? [] : [action], () =>
    context.session.call((spotify, auth) => spotify.removeFromLibrary(auth, [playlistUri('spotify', playlistId)])),
  );
  if (write.outcome === 'refused') return { status: 'failed', code: write.code };
  const kept = await lookUntil(
    context,
    () => showsKept(context, playlistId),
    (seen) => !seen,
  );
  if (!kept) return { status: 'applied', code: 'unlisted' };
  // An answer that got lost and ten seconds without effect: it did not arrive. Removing twice does no harm.
  if (write.outcome === 'unknown' && !repeated) return remove(context, action, playlistId, true);
  return { status: 'failed', code: 'not_removed' };
}
