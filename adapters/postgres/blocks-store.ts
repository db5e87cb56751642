import type { ExpiryChoice } from '../../domain/block-expiry';
import { DomainError } from '../../domain/errors';
import { foldName } from '../../domain/names';
import { type BlockContent, changedContent, type ContentChange } from '../../domain/own-blocks';
import { heldArtistId } from './current-artists';
import { givenIds } from './erasure';
import { containing } from './like-pattern';
import type { EntityManager } from './orm';

/** A person's own decision about one artist. */
export interface BlockRow extends BlockContent {
  artistId: string;
  expired: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

interface RawBlock {
  artist_id: string;
  note: string | null;
  tags: string[];
  expires_at: string | null;
  on_expiry: ExpiryChoice;
  expired: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

const columns = `b.artist_id, b.note, b.tags, b.expires_at, b.on_expiry, coalesce(b.expires_at <= now(), false) as expired, b.version, b.created_at, b.updated_at`;

const blockOf = (row: RawBlock): BlockRow => ({
  artistId: row.artist_id,
  note: row.note,
  tags: row.tags,
  expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  onExpiry: row.on_expiry,
  expired: row.expired,
  version: row.version,
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
});

export interface BlockPage {
  userId: string;
  /** Part of the artist's name or of the note. */
  query: string | null;
  tag: string | null;
  limit: number;
  after: { createdAt: string; artistId: string } | null;
}

/** A person's own blocks, expired ones included, newest first. */
export async function listBlocks(em: EntityManager, page: BlockPage): Promise<BlockRow[]> {
  const pattern = page.query === null ? null : containing(foldName(page.query));
  const rows = await em.execute<RawBlock[]>(
    `select ${columns} from blocks b join artists a on a.id = b.artist_id where b.user_id = ?
       and (?::text is null or a.folded_name like ? or unaccent(lower(b.note)) like ?)
       and (?::text is null or ? = any(b.tags))
       and (?::timestamptz is null or (b.created_at, b.artist_id) < (?::timestamptz, ?::uuid))
     order by b.created_at desc, b.artist_id desc limit ?`,
    [
      page.userId,
      pattern,
      pattern,
      pattern,
      page.tag,
      page.tag,
      page.after?.createdAt ?? null,
      page.after?.createdAt ?? null,
      page.after?.artistId ?? null,
      page.limit,
    ],
  );
  return rows.map(blockOf);
}

export interface BlockChange extends ContentChange {
  /** The version that the change is made to. */
  version?: number;
}

/**
 * Blocks an artist or changes the block there is. One that has expired begins anew. Who is named by the id of an artist who was merged
 * is kept out as whom that one became, and goes on being so where the two are parted. Throws DomainError `not_found` for an
 * artist that the catalog doesn't have, `version_conflict` where the block is not in the version named.
 */
export async function saveBlock(
  tx: EntityManager,
  userId: string,
  artistId: string,
  change: BlockChange,
): Promise<{ block: BlockRow; created: boolean }> {
  const current = await heldArtistId(tx, artistId);
  const artists = await tx.execute<{ id: string }[]>(`select id from artists where id = ?`, [current]);
  if (artists.length === 0) throw new DomainError('not_found');
  const [before] = await tx.execute<RawBlock[]>(
    `select ${columns} from blocks b where b.user_id = ? and b.artist_id = ? for update`,
    [userId, current],
  );
  if (change.version !== undefined && change.version !== before?.version)
    throw new DomainError('version_conflict', before ? { params: { version: before.version } } : {});
  const { note, tags, expiresAt, onExpiry } = changedContent(before ? blockOf(before) : null, change);
  const rows = await tx.execute<(RawBlock & { created: boolean })[]>(
    `insert into blocks as b (user_id, artist_id, note, tags, expires_at, on_expiry, version, created_at, updated_at)
     values (?, ?, ?, array(select jsonb_array_elements_text(?::jsonb)), ?, ?, 1, now(), now())
     on conflict (user_id, artist_id) do update set note = excluded.note, tags = excluded.tags, expires_at = excluded.expires_at, on_expiry = excluded.on_expiry, ended_at = null,
       version = b.version + 1, updated_at = now()
     returning ${columns}, xmax = 0 as created`,
    [userId, artistId, note, JSON.stringify(tags), expiresAt, onExpiry],
  );
  const row = rows[0]!;
  return { block: blockOf(row), created: row.created };
}

/** The blocks of these artists that a person has, held until the commit, always in one order. */
export async function lockBlocks(
  tx: EntityManager,
  userId: string,
  artistIds: readonly string[],
): Promise<Map<string, BlockRow>> {
  const rows = await tx.execute<RawBlock[]>(
    `select ${columns} from blocks b where b.user_id = ? and b.artist_id in ${givenIds} order by b.artist_id for update`,
    [userId, JSON.stringify(artistIds)],
  );
  return new Map(rows.map((row) => [row.artist_id, blockOf(row)]));
}

/**
 * Writes what blocks say, new ones and those that are there; of artists that the catalog has. One whose time is over when it is
 * written has ended: nothing more comes of that.
 */
export async function writeBlocks(
  tx: EntityManager,
  userId: string,
  blocks: readonly (BlockContent & { artistId: string })[],
): Promise<void> {
  if (blocks.length === 0) return;
  await tx.execute(
    `insert into blocks as b (user_id, artist_id, note, tags, expires_at, on_expiry, ended_at, version, created_at, updated_at)
     select ?, r."artistId", r.note, array(select jsonb_array_elements_text(r.tags)), r."expiresAt", r."onExpiry",
       case when r."expiresAt" <= now() then now() end, 1, now(), now()
     from jsonb_to_recordset(?::jsonb) as r("artistId" uuid, note text, tags jsonb, "expiresAt" timestamptz, "onExpiry" text) order by r."artistId"
     on conflict (user_id, artist_id) do update set note = excluded.note, tags = excluded.tags, expires_at = excluded.expires_at,
       on_expiry = excluded.on_expiry, ended_at = case when b.expires_at = excluded.expires_at then b.ended_at else excluded.ended_at end,
       version = b.version + 1, updated_at = now()`,
    [
      userId,
      JSON.stringify(
        blocks.map(({ artistId, note, tags, expiresAt, onExpiry }) => ({ artistId, note, tags, expiresAt, onExpiry })),
      ),
    ],
  );
}

/** Takes the blocks of these artists back. */
export async function deleteBlocks(tx: EntityManager, userId: string, artistIds: readonly string[]): Promise<void> {
  await tx.execute(`delete from blocks where user_id = ? and artist_id in ${givenIds}`, [
    userId,
    JSON.stringify(artistIds),
  ]);
}

/** Takes a block back. Returns whether there was one. */
export async function deleteBlock(tx: EntityManager, userId: string, artistId: string): Promise<boolean> {
  const rows = await tx.execute<{ artist_id: string }[]>(
    `delete from blocks where user_id = ? and artist_id = ? returning artist_id`,
    [userId, artistId],
  );
  return rows.length > 0;
}

/** A person's tags with how many blocks carry each, the most used first. */
export async function listBlockTags(em: EntityManager, userId: string): Promise<{ tag: string; count: number }[]> {
  const rows = await em.execute<{ tag: string; count: string }[]>(
    `select tag, count(*) as count from blocks b, unnest(b.tags) as tag where b.user_id = ? group by tag order by count(*) desc, tag`,
    [userId],
  );
  return rows.map(({ tag, count }) => ({ tag, count: Number(count) }));
}
