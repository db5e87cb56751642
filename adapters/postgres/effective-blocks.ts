import type { EffectiveBlock } from '../../domain/blocks';
import { type BlockDecisions, noOwnExceptions, resolveBlocks } from '../../domain/effective-blocks';
import type { EntityManager } from './orm';

/** The artists that a person wants out of their music at a moment, each with what blocks it. */
export async function loadEffectiveBlocks(em: EntityManager, userId: string, now: Date): Promise<EffectiveBlock[]> {
  const own = await em.execute<
    {
      artist_id: string;
      name: string;
      provider_ids: string[];
      created_at: Date | string;
      expires_at: Date | string | null;
    }[]
  >(
    `select b.artist_id, a.name, b.created_at, b.expires_at, array(select i.provider_id from artist_provider_ids i where i.artist_id = a.id order by 1) as provider_ids
     from blocks b join artists a on a.id = b.artist_id where b.user_id = ? order by b.created_at, b.artist_id`,
    [userId],
  );
  const ownArtists: BlockDecisions['ownArtists'] = own.map((row) => ({
    artistId: row.artist_id,
    artistName: row.name,
    aliases: [],
    providerIds: row.provider_ids,
    decidedAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  }));
  return resolveBlocks({
    ownArtists,
    ownTracks: [],
    lists: [],
    categories: [],
    exceptions: noOwnExceptions,
    mergedInto: new Map(),
    now,
  }).artists;
}
