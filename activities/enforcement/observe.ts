import { observeParts, type PartObservation, removedByPlaylist, settle } from '../../adapters/postgres/journal';
import { loadSequence } from '../../adapters/postgres/playlist-sequences';
import { liveView } from '../../domain/playlist-sequence';
import { observeRemovals } from './remove-saved';
import { observeRestores } from './restore-saved';
import type { RunContext } from './run-context';
import { isSavedItemType } from './saved-kinds';

/** The last look at likes, albums and follows that the run touched; playlists were looked at as they were worked on. */
export async function observeTouchedParts(context: RunContext): Promise<void> {
  const rows = await context.em.execute<{ item_type: string }[]>(
    `select distinct item_type from actions where run_id = ? and status in ('applied', 'undone', 'undo_failed') order by item_type`,
    [context.run.id],
  );
  const observe = context.run.runType === 'enforce' ? observeRemovals : observeRestores;
  await Promise.all(
    rows.flatMap(({ item_type: itemType }) => (isSavedItemType(itemType) ? [observe(context, itemType)] : [])),
  );
}

/**
 * Says of each playlist what the run took out, from the kept sequence alone: each removed copy is a ghost there, whichever
 * execution took it out and whatever the person did meanwhile. A rollback says it as it ends a playlist.
 */
export async function observeEmptiedPlaylists(context: RunContext): Promise<void> {
  if (context.run.runType !== 'enforce') return;
  const removed = await removedByPlaylist(context.em, context.run.id);
  const seen: Record<string, PartObservation> = {};
  const look = async ([playlistId, actionIds]: [string, ReadonlySet<string>]) => {
    const kept = await loadSequence(context.em, context.run.connectionId, playlistId);
    if (!kept) return;
    const observed = liveView(kept.sequence).length;
    const gone = kept.sequence.filter((entry) => entry.ghostOf !== null && actionIds.has(entry.ghostOf)).length;
    const part = { expected: observed, observed, removed: gone, restored: 0, contradicting: 0 };
    seen[`playlist:${playlistId}`] = part;
  };
  await Promise.all([...removed].map(look));
  if (removed.size > 0) await settle(context.em, context.run, [], (tx) => observeParts(tx, context.run.id, seen));
}
