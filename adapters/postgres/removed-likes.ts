import { playlistUri } from '../../domain/item-address';
import type { EntityManager } from './orm';

/** Playlists, by the provider's id, that a run at this connection made of what it removed, and that no rollback took away. */
export async function listingPlaylists(em: EntityManager, connectionId: string): Promise<Set<string>> {
  const rows = await em.execute<{ playlist_id: string }[]>(
    `select a.playlist_id from actions a join runs r on r.id = a.run_id
     where r.connection_id = ? and a.action_type = 'list_removed_likes' and a.playlist_id is not null and a.status <> 'undone'`,
    [connectionId],
  );
  return new Set(rows.map((row) => row.playlist_id));
}

/** Saves, in the caller's transaction, of which playlist an action is. */
export async function noteListingPlaylist(tx: EntityManager, actionId: string, playlistId: string): Promise<void> {
  await tx.execute(`update actions set playlist_id = ?, uri = ?, updated_at = now() where id = ?`, [
    playlistId,
    playlistUri('spotify', playlistId),
    actionId,
  ]);
}

/** The likes that a run removed, newest first as they stood, and whether they are out still. */
export async function removedLikes(em: EntityManager, runId: string): Promise<{ uri: string; out: boolean }[]> {
  return em.execute<{ uri: string; out: boolean }[]>(
    `select uri, status <> 'undone' as out from actions
     where run_id = ? and action_type = 'unlike_track' and status in ('applied', 'undone', 'undo_failed') order by seq`,
    [runId],
  );
}

/** The run whose action a rollback's action undoes. */
export async function runUndoneBy(em: EntityManager, undoesId: string): Promise<string> {
  const rows = await em.execute<{ run_id: string }[]>(`select run_id from actions where id = ?`, [undoesId]);
  return rows[0]?.run_id ?? '';
}
