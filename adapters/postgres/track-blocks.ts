import type { ExpiryChoice } from '../../domain/block-expiry';
import { newId } from './ids';
import type { EntityManager } from './orm';

/** Blocks one track, or changes when that ends; false, and nothing done, for a track that the catalog does not have. */
export async function saveTrackBlock(
  tx: EntityManager,
  {
    userId,
    trackId,
    expiresAt,
    onExpiry,
  }: { userId: string; trackId: string; expiresAt: Date | null; onExpiry: ExpiryChoice },
): Promise<boolean> {
  if (!(await trackExists(tx, trackId))) return false;
  await tx.execute(
    `insert into track_blocks (id, user_id, track_id, expires_at, on_expiry) values (?, ?, ?, ?, ?)
     on conflict (user_id, track_id) do update set expires_at = excluded.expires_at, on_expiry = excluded.on_expiry, ended_at = null, created_at = now()`,
    [newId(), userId, trackId, expiresAt, onExpiry],
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

/** Whether the catalog has the track. */
export async function trackExists(em: EntityManager, trackId: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(`select id from tracks where id = ?`, [trackId]);
  return rows.length > 0;
}
