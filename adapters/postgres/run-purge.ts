import { forgetGhosts, type PlaylistSequence } from '../../domain/playlist-sequence';
import { lockConnection, unlockConnection } from './connection-locks';
import type { EntityManager } from './orm';
import { loadSequences, saveSequence } from './playlist-sequences';
import type { RunRow } from './run-reads';

/** What is known of a run after it is gone: numbers only. */
export interface PurgedCounts {
  applied: number;
  skipped: number;
  failed: number;
  undone: number;
  /** Rollbacks that went with it, since they undid nothing else. */
  rollbacks: number;
}

/**
 * Removes a run with its journal, the plan that it carried out, and what rollbacks say of it, in the caller's transaction,
 * which holds the run's row. Its ghosts go from the kept playlists. Jobs and audit rows stay: they hold ids, codes and counts.
 * Throws DomainError `connection_busy` where any run works on the connection.
 */
export async function purgeRun(tx: EntityManager, run: RunRow): Promise<PurgedCounts> {
  await lockConnection(tx, run.connectionId, run.id);
  await forgetInPlaylists(tx, run);
  const [undone] = await tx.execute<{ count: number }[]>(
    `select count(*)::int as count from actions where run_id = ? and status = 'undone'`,
    [run.id],
  );
  await tx.execute(
    `delete from actions a using actions u where u.run_id = ? and a.undoes_id = u.id and a.run_id <> u.run_id`,
    [run.id],
  );
  await tx.execute(
    `update runs set rollback_of = array_remove(rollback_of, ?::uuid) where connection_id = ? and ?::uuid = any(rollback_of)`,
    [run.id, run.connectionId, run.id],
  );
  const rollbacks = await tx.execute<{ id: string }[]>(
    `delete from runs where connection_id = ? and run_type = 'rollback' and rollback_of = '{}' returning id`,
    [run.connectionId],
  );
  await unlockConnection(tx, run.id);
  await tx.execute(`delete from runs where id = ?`, [run.id]);
  if (run.planId) await tx.execute(`delete from plans where id = ?`, [run.planId]);
  const { applied, skipped, failed } = run.counts;
  return { applied, skipped, failed, undone: undone?.count ?? 0, rollbacks: rollbacks.length };
}

async function forgetInPlaylists(tx: EntityManager, { id, connectionId }: RunRow): Promise<void> {
  const rows = await tx.execute<{ playlist_id: string; ids: string[] }[]>(
    `select playlist_id, array_agg(id::text) as ids from actions where run_id = ? and playlist_id is not null group by playlist_id`,
    [id],
  );
  const playlistIds = rows.map((row) => row.playlist_id);
  const sequences = await loadSequences(tx, connectionId, playlistIds);
  for (const { playlist_id: playlistId, ids } of rows) {
    const kept = sequences.get(playlistId);
    if (!kept) continue;
    const sequence = forgetGhosts(kept.sequence, new Set(ids));
    if (holdsNothing(sequence)) await forgetPlaylist(tx, connectionId, playlistId);
    else await saveSequence(tx, connectionId, playlistId, { ...kept, sequence });
  }
}

/** A playlist from which nothing is held out is read from the provider when it is needed. */
const holdsNothing = (sequence: PlaylistSequence) =>
  sequence.every(({ ghostOf, standIn }) => ghostOf === null && !standIn);

async function forgetPlaylist(tx: EntityManager, connectionId: string, playlistId: string): Promise<void> {
  await tx.execute(`delete from playlist_sequences where connection_id = ? and playlist_id = ?`, [
    connectionId,
    playlistId,
  ]);
}
