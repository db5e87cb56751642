import type { Role } from '../../domain/roles';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { hashOf, newSecret } from './token-hash';

/** How long a session lasts without being used, in days; each use after the first hour prolongs it. */
const sessionDays = 30;

export interface SessionCaller {
  id: string;
  userId: string;
  roles: Role[];
}

/** Makes a session and returns the token for its cookie; only the token's hash is kept. */
export async function createSession(
  em: EntityManager,
  { userId, userAgent }: { userId: string; userAgent: string | null },
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const token = newSecret();
  const id = newId();
  const [row] = await em.execute<{ expires_at: string }[]>(
    `insert into sessions (id, user_id, token_hash, user_agent, created_at, last_seen_at, expires_at)
     values (?, ?, ?, ?, now(), now(), now() + make_interval(days => ?)) returning expires_at`,
    [id, userId, hashOf(token), userAgent?.slice(0, 200) ?? null, sessionDays],
  );
  return { id, token, expiresAt: new Date(row?.expires_at ?? Date.now()) };
}

/** Who a session's token belongs to; null when it is unknown, ended or expired. Marks it as seen, at most once an hour. */
export async function findSession(em: EntityManager, token: string): Promise<SessionCaller | null> {
  const hash = hashOf(token);
  const [row] = await em.execute<{ id: string; user_id: string; roles: Role[]; stale: boolean }[]>(
    `select s.id, s.user_id, s.last_seen_at < now() - interval '1 hour' as stale,
            array(select r.role from user_roles r where r.user_id = s.user_id)::text[] as roles
     from sessions s where s.token_hash = ? and s.expires_at > now()`,
    [hash],
  );
  if (!row) return null;
  if (row.stale) {
    await em.execute(
      `update sessions set last_seen_at = now(), expires_at = now() + make_interval(days => ?) where id = ?`,
      [sessionDays, row.id],
    );
  }
  return { id: row.id, userId: row.user_id, roles: row.roles };
}

export interface SessionRow {
  id: string;
  userAgent: string | null;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
}

/** A person's live sessions, newest first. */
export async function listSessions(
  em: EntityManager,
  { userId, limit, after }: { userId: string; limit: number; after: string | null },
): Promise<SessionRow[]> {
  const rows = await em.execute<
    { id: string; user_agent: string | null; created_at: string; last_seen_at: string; expires_at: string }[]
  >(
    `select id, user_agent, created_at, last_seen_at, expires_at from sessions
     where user_id = ? and expires_at > now() and (?::uuid is null or id < ?::uuid) order by id desc limit ?`,
    [userId, after, after, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.user_agent,
    createdAt: new Date(row.created_at),
    lastSeenAt: new Date(row.last_seen_at),
    expiresAt: new Date(row.expires_at),
  }));
}

/** Ends one session of a person. Returns whether there was one. */
export async function endSession(em: EntityManager, { userId, id }: { userId: string; id: string }): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(`delete from sessions where id = ? and user_id = ? returning id`, [
    id,
    userId,
  ]);
  return rows.length > 0;
}

/** Ends all sessions of a person but one. Returns how many. */
export async function endOtherSessions(
  em: EntityManager,
  { userId, keep }: { userId: string; keep: string | null },
): Promise<number> {
  const rows = await em.execute<{ id: string }[]>(
    `delete from sessions where user_id = ? and (?::uuid is null or id <> ?::uuid) returning id`,
    [userId, keep, keep],
  );
  return rows.length;
}
