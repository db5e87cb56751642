import { newId } from './ids';
import type { EntityManager } from './orm';

/** Blocks one track, or changes when that ends; false, and nothing done, for a track that the catalog does not have. */
export async function saveTrackBlock(
  tx: EntityManager,
  { userId, trackId, expiresAt }: { userId: string; trackId: string; expiresAt: Date | null },
): Promise<boolean> {
  const known = await tx.execute<{ id: string }[]>(`select id from tracks where id = ?`, [trackId]);
  if (known.length === 0) return false;
  await tx.execute(
    `insert into track_blocks (id, user_id, track_id, expires_at) values (?, ?, ?, ?)
     on conflict (user_id, track_id) do update set expires_at = excluded.expires_at, created_at = now()`,
    [newId(), userId, trackId, expiresAt],
  );
  return true;
}

/** False where it was not blocked. */
export async function deleteTrackBlock(
  tx: EntityManager,
  { userId, trackId }: { userId: string; trackId: string },
): Promise<boolean> {
  const gone = await tx.execute<{ id: string }[]>(
    `delete from track_blocks where user_id = ? and track_id = ? returning id`,
    [userId, trackId],
  );
  return gone.length > 0;
}
