import { type BlockedArtist, type EffectiveBlock, effectiveBlocks } from '../../domain/blocks';
import type { EntityManager } from './orm';

/** The artists that a person wants out of their music at a moment, each with what blocks it. */
export async function loadEffectiveBlocks(em: EntityManager, userId: string, now: Date): Promise<EffectiveBlock[]> {
  const own = await em.execute<
    { artist_id: string; name: string; provider_ids: string[]; expires_at: Date | string | null }[]
  >(
    `select b.artist_id, a.name, b.expires_at, array(select i.provider_id from artist_provider_ids i where i.artist_id = a.id order by 1) as provider_ids
     from blocks b join artists a on a.id = b.artist_id where b.user_id = ? order by b.created_at, b.artist_id`,
    [userId],
  );
  return effectiveBlocks({
    own: own.map((row): BlockedArtist & { expiresAt: Date | null } => ({
      artistId: row.artist_id,
      artistName: row.name,
      providerIds: row.provider_ids,
      expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    })),
    lists: [],
    categories: [],
    exceptedArtistIds: new Set(),
    now,
  });
}
