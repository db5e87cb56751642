import { audit } from './audit';
import type { EntityManager, MikroORM } from './orm';

/** Why a connection needs its person. */
export type ReconnectCode = 'refresh_rejected' | 'refresh_token_missing' | 'decrypt_failed';

/** Codes that end by themselves as soon as a token can be had again. */
const PASSING_CODES = ['refresh_rejected', 'token_expired', 'decrypt_failed', 'provider_unavailable', 'rate_limited'];

/**
 * Says that only the person can help now, with its audit row. With a credential version given it holds for that version
 * alone: false, and nothing done, where the credential has moved on meanwhile.
 */
export function markNeedsReconnect(
  orm: MikroORM,
  connectionId: string,
  code: ReconnectCode,
  ofVersion: number,
): Promise<boolean> {
  return orm.em.fork().transactional(async (em) => {
    // Locks the credential, so that a renewal cannot slip in between this look and the verdict.
    const current = await em.execute<{ version: number }[]>(
      `select version from credentials where owner_id = ? and version = ? for update`,
      [connectionId, ofVersion],
    );
    if (current.length === 0) return false;
    const changed = await em.execute<{ id: string }[]>(
      `update connections set health = 'needs_reconnect', health_code = ?, version = version + 1
        where id = ? and (health <> 'needs_reconnect' or health_code is distinct from ?) returning id`,
      [code, connectionId, code],
    );
    if (changed.length > 0)
      audit(em, {
        actorId: null,
        event: 'connection.needs_reconnect',
        outcome: 'done',
        subjectType: 'connection',
        subjectId: connectionId,
        details: { code },
      });
    return true;
  });
}

/** A token could be had again: ends the states that were about that and leaves others (missing scopes) alone. */
export async function markTokenUsable(em: EntityManager, connectionId: string): Promise<void> {
  await em.execute(
    `update connections set health = 'healthy', health_code = null, version = version + 1
      where id = ? and health in ('needs_reconnect', 'degraded') and health_code = any(?::text[])`,
    [connectionId, `{${PASSING_CODES.join(',')}}`],
  );
}

/** No token could be had, and that is nobody's fault here. Never hides that the person is needed. */
export async function markProviderUnavailable(em: EntityManager, connectionId: string): Promise<void> {
  await em.execute(
    `update connections set health = 'degraded', health_code = 'provider_unavailable', version = version + 1
      where id = ? and health in ('healthy', 'expiring')`,
    [connectionId],
  );
}
