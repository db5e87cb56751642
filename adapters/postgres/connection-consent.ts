import { changeHealth, type HealthChange } from './connection-health';
import { newId } from './ids';
import type { EntityManager } from './orm';

export interface Consent {
  userId: string;
  provider: string;
  accountId: string;
  accountUserId: string;
  accountName: string;
  clientId: string;
  quota: string;
  scopes: string[];
}

/**
 * Makes the connection of an account, or renews it where the same person had it: new scopes and consent, healthy again, the
 * epoch kept, since it is the same account. Null where the account is connected to somebody else. Its health change is to be
 * counted once the caller's transaction is committed.
 */
export async function saveConsent(
  em: EntityManager,
  consent: Consent,
): Promise<{ connectionId: string; made: boolean; healthChange: HealthChange | null } | null> {
  const [row] = await em.execute<{ id: string; made: boolean }[]>(
    `insert into connections as c (id, user_id, provider, account_id, account_user_id, account_name, client_id, quota, health, scopes, consented_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, 'healthy', array[?]::text[], now())
     on conflict (provider, account_id) do update
       set account_user_id = excluded.account_user_id, account_name = excluded.account_name, client_id = excluded.client_id,
           quota = excluded.quota, scopes = excluded.scopes,
           consented_at = excluded.consented_at, version = c.version + 1
       where c.user_id = excluded.user_id
     returning id, (xmax = 0) as made`,
    [
      newId(),
      consent.userId,
      consent.provider,
      consent.accountId,
      consent.accountUserId,
      consent.accountName,
      consent.clientId,
      consent.quota,
      consent.scopes,
    ],
  );
  if (!row) return null;
  const finding = { proof: 'consent' } as const;
  const healthChange = row.made ? null : await changeHealth(em, { connectionId: row.id, finding });
  return { connectionId: row.id, made: row.made, healthChange };
}

/** Whose account a connection is at its provider; null where the person has no such connection. */
export async function ownConnection(
  em: EntityManager,
  { userId, connectionId, provider }: { userId: string; connectionId: string; provider: string },
): Promise<{ accountId: string } | null> {
  const [row] = await em.execute<{ account_id: string }[]>(
    `select account_id from connections where id = ? and user_id = ? and provider = ? and disconnecting_since is null`,
    [connectionId, userId, provider],
  );
  return row ? { accountId: row.account_id } : null;
}

/** The library sync of a connection that hasn't ended yet, if any. */
export async function unfinishedSync(em: EntityManager, connectionId: string): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    `select id from jobs where type = 'library_sync' and subject_type = 'connection' and subject_id = ? and finished_at is null
     order by id limit 1`,
    [connectionId],
  );
  return row?.id ?? null;
}
