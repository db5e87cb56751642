import type { EntityManager } from './orm';

/** Whose credential it is, and what its renewal depends on. */
export interface CredentialOwnerRow {
  provider: string;
  type: 'connection' | 'identity';
  version: number;
  /** The client id that the tokens were issued to; null for a sign-in account, whose provider has one. */
  clientId: string | null;
  consentedAt: Date | null;
}

/**
 * How long a renewal counts as under way if nothing more is heard of it, in seconds: longer than the wait for the provider and
 * for the database together.
 */
const LEASE_SECONDS = 90;

/** Null where there is no credential, or where the account that it belongs to is gone and only its revocation is left. */
export async function credentialOwner(em: EntityManager, ownerId: string): Promise<CredentialOwnerRow | null> {
  const [row] = await em.execute<
    {
      provider: string;
      owner_type: CredentialOwnerRow['type'];
      version: number;
      client_id: string | null;
      consented_at: string | null;
    }[]
  >(
    `select k.provider, k.owner_type, k.version, c.client_id, c.consented_at
       from credentials k left join connections c on c.id = k.owner_id left join identities i on i.id = k.owner_id
      where k.owner_id = ? and coalesce(c.id, i.id) is not null`,
    [ownerId],
  );
  if (!row) return null;
  return {
    provider: row.provider,
    type: row.owner_type,
    version: row.version,
    clientId: row.client_id,
    consentedAt: row.consented_at === null ? null : new Date(row.consented_at),
  };
}

/**
 * Takes the right to renew one version: a refresh token that is sent twice at the same time may be lost. Whoever holds it takes
 * it again. False where somebody else renews, or the version has moved on.
 */
export async function takeLease(em: EntityManager, ownerId: string, version: number, holder: string): Promise<boolean> {
  const rows = await em.execute<{ owner_id: string }[]>(
    `update credentials set lease_holder = ?, leased_until = clock_timestamp() + make_interval(secs => ?)
      where owner_id = ? and version = ?
        and (leased_until is null or leased_until < clock_timestamp() or lease_holder = ?) returning owner_id`,
    [holder, LEASE_SECONDS, ownerId, version, holder],
  );
  return rows.length > 0;
}

/** Lets others try; `answered` says that the provider gave its verdict. */
export async function endLease(
  em: EntityManager,
  ownerId: string,
  holder: string,
  { answered }: { answered: boolean },
): Promise<void> {
  await em.execute(
    `update credentials set lease_holder = null, leased_until = null, checked_at = case when ? then now() else checked_at end
      where owner_id = ? and lease_holder = ?`,
    [answered, ownerId, holder],
  );
}
