import type { EffectiveBlock } from '../../domain/blocks';
import {
  type BlockDecisions,
  type EffectiveDecisions,
  type OwnExceptions,
  resolveBlocks,
} from '../../domain/effective-blocks';
import type { EntityManager } from './orm';

/**
 * What a person wants out of their music at a moment, with what blocks it, and what they keep all the same. With `artistIds`
 * given, of these artists only.
 */
export async function loadEffectiveDecisions(
  em: EntityManager,
  userId: string,
  now: Date,
  artistIds: readonly string[] | null = null,
): Promise<EffectiveDecisions> {
  return resolveBlocks({
    ownArtists: await ownArtistBlocks(em, userId, artistIds),
    ownTracks: await ownTrackBlocks(em, userId),
    lists: [],
    categories: [],
    exceptions: await ownExceptions(em, userId),
    mergedInto: new Map(),
    now,
  });
}

/** The artists of the above. */
export async function loadEffectiveBlocks(em: EntityManager, userId: string, now: Date): Promise<EffectiveBlock[]> {
  return (await loadEffectiveDecisions(em, userId, now)).artists;
}

async function ownArtistBlocks(
  em: EntityManager,
  userId: string,
  artistIds: readonly string[] | null,
): Promise<BlockDecisions['ownArtists']> {
  const among = artistIds && JSON.stringify(artistIds);
  const rows = await em.execute<
    {
      artist_id: string;
      name: string;
      provider_ids: string[];
      created_at: Date | string;
      expires_at: Date | string | null;
    }[]
  >(
    `select b.artist_id, a.name, b.created_at, b.expires_at, array(select i.provider_id from artist_provider_ids i where i.artist_id = a.id order by 1) as provider_ids
     from blocks b join artists a on a.id = b.artist_id
     where b.user_id = ? and (?::jsonb is null or b.artist_id in (select (jsonb_array_elements_text(?::jsonb))::uuid))
     order by b.created_at, b.artist_id`,
    [userId, among, among],
  );
  return rows.map((row) => ({
    artistId: row.artist_id,
    artistName: row.name,
    aliases: [],
    providerIds: row.provider_ids,
    decidedAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  }));
}

async function ownTrackBlocks(em: EntityManager, userId: string): Promise<BlockDecisions['ownTracks']> {
  const rows = await em.execute<{ track_id: string; created_at: string; expires_at: string | null }[]>(
    `select track_id, created_at, expires_at from track_blocks where user_id = ? order by id`,
    [userId],
  );
  return rows.map((row) => ({
    trackId: row.track_id,
    decidedAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  }));
}

async function ownExceptions(em: EntityManager, userId: string): Promise<OwnExceptions> {
  const rows = await em.execute<{ subject_type: string; subject_id: string; created_at: string }[]>(
    `select subject_type, subject_id, created_at from exceptions where user_id = ? order by id`,
    [userId],
  );
  const of = (type: string) =>
    rows
      .filter((row) => row.subject_type === type)
      .map((row) => ({ id: row.subject_id, decidedAt: new Date(row.created_at) }));
  return {
    artists: of('artist').map(({ id, decidedAt }) => ({ artistId: id, decidedAt })),
    tracks: of('track').map(({ id, decidedAt }) => ({ trackId: id, decidedAt })),
    albums: of('album').map(({ id, decidedAt }) => ({ albumId: id, decidedAt })),
  };
}
