import type { EffectiveBlock } from '../../domain/blocks';
import {
  type BlockDecisions,
  type EffectiveDecisions,
  type OwnExceptions,
  resolveBlocks,
} from '../../domain/effective-blocks';
import { type BlockedRow, blockedArtistOf, namedBlocked } from './blocked-rows';
import { among, asArray, followedArtistsAfter, followedCategories, followedLists } from './followed-sources';
import type { EntityManager } from './orm';

/** What decisions are asked about; of a kind that isn't named, everything. */
export interface DecisionSubjects {
  artistIds?: readonly string[];
  trackIds?: readonly string[];
  albumIds?: readonly string[];
  /** What a version of a list adds counts once it is so old; at once unless said. */
  listHours?: number;
}

/** What a person wants out of their music at a moment, with what blocks it, and what they keep all the same. */
export async function loadEffectiveDecisions(
  em: EntityManager,
  userId: string,
  now: Date,
  about: DecisionSubjects = {},
): Promise<EffectiveDecisions> {
  return resolveBlocks(await loadBlockDecisions(em, userId, now, about));
}

/** All that speaks for and against artists and tracks, for a person at a moment. */
export async function loadBlockDecisions(
  em: EntityManager,
  userId: string,
  now: Date,
  about: DecisionSubjects = {},
): Promise<BlockDecisions> {
  const asked = asArray(about.artistIds);
  return {
    ownArtists: await ownArtistBlocks(em, userId, about),
    ownTracks: await ownTrackBlocks(em, userId, about),
    lists: await followedLists(em, userId, { asked, hours: about.listHours ?? 0 }),
    categories: await followedCategories(em, userId, asked),
    exceptions: await ownExceptions(em, userId, about),
    // Rows that name artists go along when these are merged.
    mergedInto: new Map(),
    now,
  };
}

/** Which of these artists are kept out. Not those whom nothing but an offense under appeal speaks against: that is for review. */
export async function blockedAmong(
  em: EntityManager,
  userId: string,
  artistIds: readonly string[],
): Promise<Set<string>> {
  if (artistIds.length === 0) return new Set();
  const about = { artistIds, trackIds: [], albumIds: [] };
  return firmlyBlocked(await loadEffectiveDecisions(em, userId, new Date(), about));
}

/** The same among decisions that are loaded. */
export const firmlyBlocked = ({ artists }: EffectiveDecisions): Set<string> =>
  new Set(artists.filter(({ contested }) => !contested).map(({ artistId }) => artistId));

/** Where a blocked artist stands: by the time of the own block, behind all of those (null) by id alone. */
export interface BlockPlace {
  createdAt: string | null;
  artistId: string;
}

/**
 * Up to `limit` artists that are kept out, behind a place, each once: those whom the person blocked, in the order of their blocks (an expired one
 * keeps its place where something else blocks the artist), then those whom only lists and categories name, by id. Reads no more than that takes.
 */
export async function effectiveBlocksAfter(
  em: EntityManager,
  { userId, now, after, limit }: { userId: string; now: Date; after: BlockPlace | null; limit: number },
): Promise<{ block: EffectiveBlock; place: BlockPlace }[]> {
  const found: { block: EffectiveBlock; place: BlockPlace }[] = [];
  let from = after;
  // Some that are read may be excepted: then the next ones take their place.
  while (found.length < limit) {
    const wanted = limit - found.length;
    const places = await placesAfter(em, userId, from, wanted);
    const about = { artistIds: places.map(({ artistId }) => artistId), trackIds: [], albumIds: [] };
    const { artists } = await loadEffectiveDecisions(em, userId, now, about);
    const blocks = new Map(artists.map((block) => [block.artistId, block]));
    for (const place of places) {
      const block = blocks.get(place.artistId);
      if (block) found.push({ block, place });
    }
    if (places.length < wanted) break;
    from = places.at(-1) ?? null;
  }
  return found;
}

async function placesAfter(
  em: EntityManager,
  userId: string,
  after: BlockPlace | null,
  limit: number,
): Promise<BlockPlace[]> {
  const own = after?.createdAt === null ? [] : await ownPlacesAfter(em, userId, after, limit);
  if (own.length === limit) return own;
  const behind = after?.createdAt === null ? after.artistId : null;
  const followed = await followedArtistsAfter(em, { userId, after: behind, limit: limit - own.length });
  return [...own, ...followed.map((artistId) => ({ createdAt: null, artistId }))];
}

async function ownPlacesAfter(
  em: EntityManager,
  userId: string,
  after: BlockPlace | null,
  limit: number,
): Promise<BlockPlace[]> {
  const rows = await em.execute<{ created_at: string; artist_id: string }[]>(
    `select created_at, artist_id from blocks where user_id = ? and (?::timestamptz is null or (created_at, artist_id) > (?::timestamptz, ?::uuid))
     order by created_at, artist_id limit ?`,
    [userId, after?.createdAt ?? null, after?.createdAt ?? null, after?.artistId ?? null, limit],
  );
  return rows.map((row) => ({ createdAt: new Date(row.created_at).toISOString(), artistId: row.artist_id }));
}

async function ownArtistBlocks(
  em: EntityManager,
  userId: string,
  { artistIds }: DecisionSubjects,
): Promise<BlockDecisions['ownArtists']> {
  const asked = asArray(artistIds);
  const rows = await em.execute<(BlockedRow & { created_at: Date | string; expires_at: Date | string | null })[]>(
    `select b.created_at, b.expires_at, ${namedBlocked}
     from blocks b join artists a on a.id = b.artist_id
     where b.user_id = ? and ${among('b.artist_id')} order by b.created_at, b.artist_id`,
    [userId, asked, asked],
  );
  return rows.map((row) => ({
    ...blockedArtistOf(row),
    decidedAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  }));
}

async function ownTrackBlocks(
  em: EntityManager,
  userId: string,
  { trackIds }: DecisionSubjects,
): Promise<BlockDecisions['ownTracks']> {
  const asked = asArray(trackIds);
  const rows = await em.execute<{ track_id: string; created_at: string; expires_at: string | null }[]>(
    `select track_id, created_at, expires_at from track_blocks where user_id = ? and ${among('track_id')} order by id`,
    [userId, asked, asked],
  );
  return rows.map((row) => ({
    trackId: row.track_id,
    decidedAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  }));
}

async function ownExceptions(
  em: EntityManager,
  userId: string,
  { artistIds, trackIds, albumIds }: DecisionSubjects,
): Promise<OwnExceptions> {
  const asked = [artistIds, trackIds, albumIds].map(asArray).flatMap((ids) => [ids, ids]);
  const rows = await em.execute<{ subject_type: string; subject_id: string; created_at: string }[]>(
    `select subject_type, subject_id, created_at from exceptions where user_id = ?
       and case subject_type when 'artist' then ${among('subject_id')} when 'track' then ${among('subject_id')} else ${among('subject_id')} end
     order by id`,
    [userId, ...asked],
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
