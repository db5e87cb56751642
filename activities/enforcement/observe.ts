import { observePart, removedByPlaylist, settle } from '../../adapters/postgres/journal';
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
  for (const { item_type: itemType } of rows) {
    if (!isSavedItemType(itemType)) continue;
    await (context.run.runType === 'enforce' ? observeRemovals(context, itemType) : observeRestores(context, itemType));
  }
}

/**
 * Says of each playlist what the run took out, from the kept sequence alone: each removed copy is a ghost there, whichever
 * execution took it out and whatever the person did meanwhile. A rollback says it as it ends a playlist.
 */
export async function observeEmptiedPlaylists(context: RunContext): Promise<void> {
  if (context.run.runType !== 'enforce') return;
  for (const [playlistId, actionIds] of await removedByPlaylist(context.em, context.run.id)) {
    const kept = await loadSequence(context.em, context.run.connectionId, playlistId);
    if (!kept) continue;
    const observed = liveView(kept.sequence).length;
    const removed = kept.sequence.filter((entry) => entry.ghostOf !== null && actionIds.has(entry.ghostOf)).length;
    await settle(context.em, context.run, [], (tx) =>
      observePart(tx, context.run.id, `playlist:${playlistId}`, {
        expected: observed,
        observed,
        removed,
        restored: 0,
        contradicting: 0,
      }),
    );
  }
}
