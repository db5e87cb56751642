import type { Environment } from '../environment/variables';
import type { Role } from '../../domain/roles';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { isSuspended } from './suspensions';
import { hashOf, newSecret } from './token-hash';

/** How long sessions last: without being used, and in any case. */
export type SessionLifetime = Pick<Environment, 'SESSION_IDLE_DAYS' | 'SESSION_ABSOLUTE_DAYS'>;

/**
 * Both ends are looked at with each use, on the database's clock, so that shorter ones hold for sessions made before.
 * Takes `secondsOf` a lifetime.
 */
const alive = `expires_at > now() and last_seen_at > now() - make_interval(secs => ?::float8)
  and created_at > now() - make_interval(secs => ?::float8)`;
const secondsOf = (lifetime: SessionLifetime): [idle: number, absolute: number] => [
  lifetime.SESSION_IDLE_DAYS * 86_400,
  lifetime.SESSION_ABSOLUTE_DAYS * 86_400,
];

export interface SessionCaller {
  id: string;
  userId: string;
  roles: Role[];
  suspended: boolean;
}

/**
 * Makes a session and returns the token for its cookie; only the token's hash is kept. The cookie may last until `endsAt`,
 * the absolute end: that nobody used it for a while is seen here.
 */
export async function createSession(
  em: EntityManager,
  { userId, userAgent, lifetime }: { userId: string; userAgent: string | null; lifetime: SessionLifetime },
): Promise<{ id: string; token: string; endsAt: Date }> {
  const token = newSecret();
  const id = newId();
  const [idle, absolute] = secondsOf(lifetime);
  const [row] = await em.execute<{ ends_at: string }[]>(
    `insert into sessions (id, user_id, token_hash, user_agent, created_at, last_seen_at, expires_at)
     values (?, ?, ?, ?, now(), now(), now() + make_interval(secs => least(?::float8, ?::float8)))
     returning created_at + make_interval(secs => ?::float8) as ends_at`,
    [id, userId, hashOf(token), userAgent?.slice(0, 200) ?? null, idle, absolute, absolute],
  );
  return { id, token, endsAt: new Date(row?.ends_at ?? Date.now()) };
}

/**
 * Who a session's token belongs to; null when it is unknown, ended, unused for too long or too old, or its person was merged into
 * another one. Marks it as seen, at most
 * once an hour, oftener only where sessions end within hours.
 */
export async function findSession(
  em: EntityManager,
  token: string,
  lifetime: SessionLifetime,
): Promise<SessionCaller | null> {
  const [idle, absolute] = secondsOf(lifetime);
  const [row] = await em.execute<{ id: string; user_id: string; roles: Role[]; suspended: boolean; stale: boolean }[]>(
    `select s.id, s.user_id, s.last_seen_at < now() - least(interval '1 hour', make_interval(secs => ?::float8)) as stale,
            array(select r.role from user_roles r where r.user_id = s.user_id)::text[] as roles,
            ${isSuspended('s.user_id')} as suspended
     from sessions s where s.token_hash = ? and ${alive}
       and (select u.merged_into from users u where u.id = s.user_id) is null`,
    [idle / 10, hashOf(token), idle, absolute],
  );
  if (!row) return null;
  if (row.stale) {
    await em.execute(
      `update sessions set last_seen_at = now(),
         expires_at = least(now() + make_interval(secs => ?::float8), created_at + make_interval(secs => ?::float8))
       where id = ?`,
      [idle, absolute, row.id],
    );
  }
  return { id: row.id, userId: row.user_id, roles: row.roles, suspended: row.suspended };
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
  {
    userId,
    limit,
    after,
    lifetime,
  }: { userId: string; limit: number; after: string | null; lifetime: SessionLifetime },
): Promise<SessionRow[]> {
  const rows = await em.execute<
    { id: string; user_agent: string | null; created_at: string; last_seen_at: string; expires_at: string }[]
  >(
    `select id, user_agent, created_at, last_seen_at, expires_at from sessions
     where user_id = ? and ${alive} and (?::uuid is null or id < ?::uuid) order by id desc limit ?`,
    [userId, ...secondsOf(lifetime), after, after, limit],
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

/** Ends all sessions of a person, but for the one to keep. Returns how many. */
export async function endSessions(
  em: EntityManager,
  { userId, keep }: { userId: string; keep: string | null },
): Promise<number> {
  const rows = await em.execute<{ id: string }[]>(
    `delete from sessions where user_id = ? and (?::uuid is null or id <> ?::uuid) returning id`,
    [userId, keep, keep],
  );
  return rows.length;
}
