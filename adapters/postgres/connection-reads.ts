import type { EntityManager } from './orm';

/** A connection as its person sees it. */
export interface ConnectionRow {
  id: string;
  provider: string;
  accountName: string;
  /** Which catalog it sees, where that is known (Apple Music). */
  storefront: string | null;
  health: string;
  healthCode: string | null;
  scopes: string[];
  lastSyncedAt: Date | null;
  /** When the provider last said something about its credential. */
  checkedAt: Date | null;
  version: number;
  createdAt: Date;
  /** The client id that it was consented to through, and whether that is an app of the person's own. */
  clientId: string;
  ownApp: boolean;
  /** The published generation of its library, if any. */
  generationId: string | null;
  /** Likes, albums, follows and playlists in that generation. */
  libraryCounts: Partial<Record<'likes' | 'albums' | 'follows' | 'playlist', number>> | null;
  /** The library sync that has not ended yet, if any. */
  syncJobId: string | null;
}

interface RawConnection {
  id: string;
  provider: string;
  account_name: string;
  storefront: string | null;
  health: string;
  health_code: string | null;
  scopes: string[];
  last_synced_at: string | null;
  checked_at: string | null;
  version: number;
  created_at: string;
  client_id: string;
  own_app: boolean;
  generation_id: string | null;
  counts: ConnectionRow['libraryCounts'];
  sync_job_id: string | null;
}

const columns = `c.id, c.provider, c.account_name, c.storefront, c.health, c.health_code, c.scopes, c.last_synced_at, c.version, c.created_at, c.generation_id, c.client_id,
  c.quota like 'own:%' as own_app,
  (select k.checked_at from credentials k where k.owner_id = c.id) as checked_at,
  (select g.counts from library_generations g where g.id = c.generation_id) as counts,
  (select j.id from jobs j where j.user_id = c.user_id and j.type = 'library_sync' and j.subject_id = c.id and j.finished_at is null
    order by j.id limit 1) as sync_job_id`;

/** A person's connections, newest first, after the one named. */
export async function listConnections(
  em: EntityManager,
  { userId, limit, after }: { userId: string; limit: number; after: string | null },
): Promise<ConnectionRow[]> {
  const rows = await em.execute<RawConnection[]>(
    `select ${columns} from connections c where c.user_id = ? and c.disconnecting_since is null and (?::uuid is null or c.id < ?::uuid) order by c.id desc limit ?`,
    [userId, after, after, limit],
  );
  return rows.map(connectionOf);
}

/** One connection of a person's; null where it is nobody's or somebody else's. */
export async function findConnection(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<ConnectionRow | null> {
  const rows = await em.execute<RawConnection[]>(
    `select ${columns} from connections c where c.id = ? and c.user_id = ? and c.disconnecting_since is null`,
    [id, userId],
  );
  return rows[0] ? connectionOf(rows[0]) : null;
}

/** The same with its row locked, so that what is decided about it holds until the commit. */
export async function lockOwnConnection(
  tx: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<{ id: string; provider: string; health: string; epoch: number; quota: string } | null> {
  const rows = await tx.execute<{ id: string; provider: string; health: string; epoch: number; quota: string }[]>(
    `select id, provider, health, epoch, quota from connections where id = ? and user_id = ? and disconnecting_since is null for update`,
    [id, userId],
  );
  return rows[0] ?? null;
}

/**
 * A connection through which a person's questions about artists can be put to the provider, the healthiest first; null without one.
 * Apple Music's catalog answers whatever became of the person's token.
 */
export async function usableConnection(
  em: EntityManager,
  userId: string,
  provider: string,
): Promise<{ connectionId: string; storefront: string | null } | null> {
  const rows = await em.execute<{ id: string; storefront: string | null }[]>(
    `select id, storefront from connections where user_id = ? and provider = ? and disconnecting_since is null
       and (health <> 'needs_reconnect' or provider = 'apple_music')
     order by health = 'healthy' desc, id desc limit 1`,
    [userId, provider],
  );
  const [row] = rows;
  return row ? { connectionId: row.id, storefront: row.storefront } : null;
}

function connectionOf(row: RawConnection): ConnectionRow {
  return {
    id: row.id,
    provider: row.provider,
    accountName: row.account_name,
    storefront: row.storefront,
    health: row.health,
    healthCode: row.health_code,
    scopes: row.scopes,
    lastSyncedAt: row.last_synced_at === null ? null : new Date(row.last_synced_at),
    checkedAt: row.checked_at === null ? null : new Date(row.checked_at),
    version: row.version,
    createdAt: new Date(row.created_at),
    clientId: row.client_id,
    ownApp: row.own_app,
    generationId: row.generation_id,
    libraryCounts: row.counts,
    syncJobId: row.sync_job_id,
  };
}
