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
  const ownArtists = await ownArtistBlocks(em, userId, about);
  const { ownTracks, exceptions, follows } = await otherDecisions(em, userId, about);
  return {
    ownArtists,
    ownTracks,
    lists: follows.lists ? await followedLists(em, userId, { asked, hours: about.listHours ?? 0 }) : [],
    categories: follows.categories ? await followedCategories(em, userId, asked) : [],
    exceptions,
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

interface OtherDecisions {
  ownTracks: BlockDecisions['ownTracks'];
  exceptions: OwnExceptions;
  /** Whether they go by any list, and by any category: most go by none, and to look at what those say takes longer. */
  follows: { lists: boolean; categories: boolean };
}

/** What a person decided beside whom they block, with one statement: most have little of it. */
async function otherDecisions(
  em: EntityManager,
  userId: string,
  { artistIds, trackIds, albumIds }: DecisionSubjects,
): Promise<OtherDecisions> {
  const [artists, tracks, albums] = [artistIds, trackIds, albumIds].map(asArray);
  const rows = await em.execute<
    { kind: string; about: string; decided_at: string; expires_at: string | null; id: string }[]
  >(
    `select 'blocked_track' as kind, track_id as about, created_at as decided_at, expires_at, id from track_blocks
       where user_id = ? and ${among('track_id')}
     union all select 'kept_' || subject_type, subject_id, created_at, null, id from exceptions where user_id = ?
       and case subject_type when 'artist' then ${among('subject_id')} when 'track' then ${among('subject_id')} else ${among('subject_id')} end
     union all (select 'follows_list', list_id, created_at, null, id from list_subscriptions where user_id = ? limit 1)
     union all (select 'follows_category', null, created_at, null, id from category_subscriptions where user_id = ? limit 1)
     order by id`,
    [userId, tracks, tracks, userId, artists, artists, tracks, tracks, albums, albums, userId, userId],
  );
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  const kept = (kind: string) =>
    of(`kept_${kind}`).map(({ about, decided_at: at }) => ({ id: about, decidedAt: new Date(at) }));
  return {
    ownTracks: of('blocked_track').map((row) => ({
      trackId: row.about,
      decidedAt: new Date(row.decided_at),
      expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    })),
    exceptions: {
      artists: kept('artist').map(({ id, decidedAt }) => ({ artistId: id, decidedAt })),
      tracks: kept('track').map(({ id, decidedAt }) => ({ trackId: id, decidedAt })),
      albums: kept('album').map(({ id, decidedAt }) => ({ albumId: id, decidedAt })),
    },
    follows: { lists: of('follows_list').length > 0, categories: of('follows_category').length > 0 },
  };
}
