import { intend, type OpenAction, settle } from '../../adapters/postgres/journal';
import { noteListingPlaylist, removedLikes } from '../../adapters/postgres/removed-likes';
import { LONGEST_PLAYLIST } from '../../domain/batches';
import { removedLikesDescription } from '../../domain/removed-likes';
import { closedPlaylist } from './current-playlist';
import { fillList } from './fill-list';
import { findListing, isKept } from './listing-playlist';
import { lookUntil } from './look-again';
import type { RunContext } from './run-context';
import { writeBatch } from './write';

/**
 * Makes a private playlist of the likes that the run has removed, in their order. Making one is not idempotent: the action's
 * id stands in its description, and before it is made again it is looked for. Comes after the run's likes.
 */
export async function listRemovedLikes(context: RunContext, action: OpenAction): Promise<void> {
  const end = (status: 'applied' | 'skipped' | 'failed', code: string) =>
    settle(context.em, context.run, [{ id: action.id, status, code }]);
  const removed = await removedLikes(context.em, context.run.id);
  const likes = removed.slice(0, LONGEST_PLAYLIST).map(({ uri }) => uri);
  if (likes.length === 0) return end('skipped', 'nothing_removed');
  const before = action.playlistId ?? (action.attempt > 0 ? await lookFor(context, action.id) : null);
  if (before !== null && action.status === 'pending') {
    // A run that is tried again goes on with the list that it made, unless its person has deleted that.
    if (!(await isKept(context, before))) return end('skipped', 'playlist_gone');
    await intend(context.em, context.run, [{ id: action.id, before: { present: true } }]);
  }
  const made = before === null ? await make(context, action) : { id: before, refused: null };
  if (made.refused !== null) return end('failed', made.refused);
  if (made.id === null) return end('failed', 'outcome_unknown');
  const { id } = made;
  await settle(context.em, context.run, [], (tx) => noteListingPlaylist(tx, action.id, id));
  const about = { actionId: action.id, likes, fresh: before === null, unsure: action.status === 'applying' };
  try {
    const { missing, refused } = await fillList(context, id, about);
    if (missing > 0) return await end('failed', 'list_incomplete');
    if (refused === likes.length) return await end('failed', 'invalid');
    return await end('applied', refused > 0 || likes.length < removed.length ? 'listed_partly' : 'listed');
  } catch (error) {
    const closed = closedPlaylist(error);
    if (!closed) throw error;
    return end(closed.status, closed.code);
  }
}

/** It may show only some time after it was made. */
const lookFor = (context: RunContext, actionId: string): Promise<string | null> =>
  lookUntil(
    context,
    () => findListing(context, actionId),
    (found) => found !== null,
  );

async function make(context: RunContext, action: OpenAction): Promise<{ id: string | null; refused: string | null }> {
  await intend(context.em, context.run, [{ id: action.id, before: { present: true } }]);
  const playlist = { name: action.name, description: removedLikesDescription(action.id) };
  const write = await writeBatch(context, [action], () =>
    context.session.call((spotify, auth) => spotify.createPrivatePlaylist(auth, playlist)),
  );
  if (write.outcome === 'refused') return { id: null, refused: write.code };
  if (write.outcome === 'done') return { id: write.value.id, refused: null };
  return { id: await lookFor(context, action.id), refused: null };
}
