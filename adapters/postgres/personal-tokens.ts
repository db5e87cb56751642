import type { Role, TokenScope } from '../../domain/roles';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { isSuspended } from './suspensions';
import { hashOf, newSecret } from './token-hash';

/** Every token starts with this, so that scanners find one that leaked. */
const prefix = 'dnp_';

export interface TokenRow {
  id: string;
  name: string;
  scopes: TokenScope[];
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date;
}

/** Makes a token and returns it, this once; only its hash is kept. */
export async function createPersonalToken(
  em: EntityManager,
  { userId, name, scopes, expiresAt }: { userId: string; name: string; scopes: TokenScope[]; expiresAt: Date },
): Promise<TokenRow & { token: string }> {
  const token = `${prefix}${newSecret()}`;
  const id = newId();
  const [row] = await em.execute<{ created_at: string }[]>(
    `insert into personal_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at)
     values (?, ?, ?, ?, array[?]::text[], now(), ?) returning created_at`,
    [id, userId, name, hashOf(token), scopes, expiresAt],
  );
  return { id, token, name, scopes, createdAt: new Date(row?.created_at ?? Date.now()), lastUsedAt: null, expiresAt };
}

export interface TokenCaller {
  id: string;
  userId: string;
  scopes: TokenScope[];
  roles: Role[];
  suspended: boolean;
  expired: boolean;
}

/** Who a token belongs to and what it was made for; null when it is unknown. Marks it as used, at most once a minute. */
export async function findPersonalToken(em: EntityManager, token: string): Promise<TokenCaller | null> {
  if (!token.startsWith(prefix)) return null;
  const [row] = await em.execute<
    {
      id: string;
      user_id: string;
      scopes: TokenScope[];
      roles: Role[];
      suspended: boolean;
      expired: boolean;
      stale: boolean;
    }[]
  >(
    `select t.id, t.user_id, t.scopes, t.expires_at <= now() as expired,
            coalesce(t.last_used_at < now() - interval '1 minute', true) as stale,
            array(select r.role from user_roles r where r.user_id = t.user_id)::text[] as roles,
            ${isSuspended('t.user_id')} as suspended
     from personal_tokens t where t.token_hash = ?
       and (select u.merged_into from users u where u.id = t.user_id) is null`,
    [hashOf(token)],
  );
  if (!row) return null;
  if (row.stale && !row.expired)
    await em.execute(`update personal_tokens set last_used_at = now() where id = ?`, [row.id]);
  const { id, user_id: userId, scopes, roles, suspended, expired } = row;
  return { id, userId, scopes, roles, suspended, expired };
}

/** A person's tokens, expired ones included, newest first. */
export async function listPersonalTokens(
  em: EntityManager,
  { userId, limit, after }: { userId: string; limit: number; after: string | null },
): Promise<TokenRow[]> {
  const rows = await em.execute<
    {
      id: string;
      name: string;
      scopes: TokenScope[];
      created_at: string;
      last_used_at: string | null;
      expires_at: string;
    }[]
  >(
    `select id, name, scopes, created_at, last_used_at, expires_at from personal_tokens
     where user_id = ? and (?::uuid is null or id < ?::uuid) order by id desc limit ?`,
    [userId, after, after, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: new Date(row.created_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
    expiresAt: new Date(row.expires_at),
  }));
}

/** Takes a token of a person's away. Returns whether there was one. */
export async function deletePersonalToken(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `delete from personal_tokens where id = ? and user_id = ? returning id`,
    [id, userId],
  );
  return rows.length > 0;
}
