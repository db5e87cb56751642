import { DomainError } from '../../domain/errors';
import type { EntityManager } from './orm';

interface Key {
  userId: string;
  key: string;
}
export interface KeptAnswer {
  status: number;
  body: unknown;
  location: string | null;
}

/** A claim whose request never ended (its process died) is free again after this many seconds. */
const abandonedAfter = 120;

/**
 * Claims a key for a request, or returns the answer kept for it. Throws `idempotency_key_reused` when it was claimed by another
 * request and `idempotency_in_flight` while the first is being answered.
 */
export async function claimIdempotencyKey(
  em: EntityManager,
  { userId, key, requestHash }: Key & { requestHash: string },
): Promise<KeptAnswer | null> {
  const [claimed] = await em.execute<{ key: string }[]>(
    `insert into idempotency_keys (user_id, key, request_hash, created_at, expires_at)
     values (?, ?, ?, now(), now() + interval '24 hours')
     on conflict (user_id, key) do update
       set request_hash = excluded.request_hash, status = null, body = null, location = null,
           created_at = excluded.created_at, expires_at = excluded.expires_at
       where idempotency_keys.expires_at < now()
          or (idempotency_keys.status is null and idempotency_keys.request_hash = excluded.request_hash
              and idempotency_keys.created_at < now() - make_interval(secs => ?))
     returning key`,
    [userId, key, requestHash, abandonedAfter],
  );
  if (claimed) return null;
  const [held] = await em.execute<
    { request_hash: string; status: number | null; body: unknown; location: string | null }[]
  >(`select request_hash, status, body, location from idempotency_keys where user_id = ? and key = ?`, [userId, key]);
  if (held && held.request_hash !== requestHash) throw new DomainError('idempotency_key_reused');
  if (!held || held.status === null) throw new DomainError('idempotency_in_flight', { retryAfter: 1 });
  return { status: held.status, body: held.body, location: held.location };
}

/** Keeps the answer under the claimed key. */
export async function keepAnswer(
  em: EntityManager,
  answer: Key & { status: number; body?: unknown; location: string | null },
): Promise<void> {
  await em.execute(
    `update idempotency_keys set status = ?, body = ?::jsonb, location = ? where user_id = ? and key = ?`,
    [
      answer.status,
      answer.body === undefined ? null : JSON.stringify(answer.body),
      answer.location,
      answer.userId,
      answer.key,
    ],
  );
}

/** Gives an unanswered key back. */
export async function releaseIdempotencyKey(em: EntityManager, { userId, key }: Key): Promise<void> {
  await em.execute(`delete from idempotency_keys where user_id = ? and key = ? and status is null`, [userId, key]);
}
