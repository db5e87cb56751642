import { changeHealth, type HealthChange } from './connection-health';
import type { CredentialStore } from './credentials';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { hashOf } from './token-hash';

/** A Music User Token that Apple has just taken. */
export interface AppleMusicConsent {
  userId: string;
  /** The connection that the person says it belongs to; null for a new one. */
  connectionId: string | null;
  musicUserToken: string;
  storefront: string;
  /** Whose key signs our side of it. */
  teamId: string;
  quota: string;
}

export type SavedConsent =
  /** `unchanged`: the same token again, and all is well with it. */
  | { outcome: 'made' | 'renewed' | 'unchanged'; connectionId: string; healthChange: HealthChange | null }
  /** The person has this one already and named another, or none. */
  | { outcome: 'exists'; connectionId: string }
  | { outcome: 'of_another' }
  | { outcome: 'not_found' };

interface KnownConnection {
  id: string;
  user_id: string;
  consent_hash: string | null;
  health: string;
  storefront: string | null;
}

/**
 * Makes or renews a person's Apple Music connection in the caller's transaction. Apple tells nothing by which an account could be
 * known again, so the account of a new connection is known by the connection's own id, a person has one of them, and a further
 * consent renews it only where the person names it; the same token is known by its hash. The epoch stays: it is the same
 * account as far as anybody can tell. Roll back unless the outcome says that something was saved.
 */
export async function saveAppleMusicConsent(
  tx: EntityManager,
  credentials: CredentialStore,
  consent: AppleMusicConsent,
): Promise<SavedConsent> {
  const consentHash = hashOf(consent.musicUserToken);
  for (const lock of [`apple-music-of:${consent.userId}`, `apple-music-token:${consentHash}`])
    await tx.execute(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [lock]);
  const known = await tx.execute<KnownConnection[]>(
    `select id, user_id, consent_hash, health, storefront from connections
      where provider = 'apple_music' and (user_id = ? or consent_hash = ?) and disconnecting_since is null order by id desc`,
    [consent.userId, consentHash],
  );
  // What is being taken away stands in nobody's way.
  await tx.execute(
    `update connections set consent_hash = null where consent_hash = ? and disconnecting_since is not null`,
    [consentHash],
  );
  const same = known.find((row) => row.consent_hash === consentHash);
  if (same && same.user_id !== consent.userId) return { outcome: 'of_another' };
  const named = known.find((row) => row.id === consent.connectionId && row.user_id === consent.userId);
  if (consent.connectionId !== null && !named) return { outcome: 'not_found' };
  if (same && named && same.id !== named.id) return { outcome: 'exists', connectionId: same.id };

  const renewed = named ?? same;
  if (renewed) {
    if (renewed === same && renewed.health === 'healthy' && renewed.storefront === consent.storefront)
      return { outcome: 'unchanged', connectionId: renewed.id, healthChange: null };
    return renew(tx, credentials, { ...consent, consentHash, connectionId: renewed.id });
  }
  if (known[0]) return { outcome: 'exists', connectionId: known[0].id };

  const connectionId = newId();
  await tx.execute(
    `insert into connections (id, user_id, provider, account_id, account_user_id, account_name, client_id, quota, health, scopes,
                              storefront, consent_hash, consented_at)
     values (?, ?, 'apple_music', ?, ?, ?, ?, ?, 'healthy', '{}', ?, ?, now())`,
    [
      connectionId,
      consent.userId,
      connectionId,
      connectionId,
      nameOf(consent),
      consent.teamId,
      consent.quota,
      consent.storefront,
      consentHash,
    ],
  );
  await saveToken(tx, credentials, connectionId, consent);
  return { outcome: 'made', connectionId, healthChange: null };
}

/** Credential before connection, as everywhere. */
async function renew(
  tx: EntityManager,
  credentials: CredentialStore,
  consent: AppleMusicConsent & { connectionId: string; consentHash: string },
): Promise<SavedConsent> {
  const { connectionId } = consent;
  await saveToken(tx, credentials, connectionId, consent);
  const rows = await tx.execute<{ id: string }[]>(
    `update connections set account_name = ?, client_id = ?, quota = ?, storefront = ?, consent_hash = ?, consented_at = now(),
                            version = version + 1
      where id = ? and user_id = ? and disconnecting_since is null returning id`,
    [
      nameOf(consent),
      consent.teamId,
      consent.quota,
      consent.storefront,
      consent.consentHash,
      connectionId,
      consent.userId,
    ],
  );
  if (rows.length === 0) return { outcome: 'not_found' };
  const healthChange = await changeHealth(tx, { connectionId, finding: { proof: 'consent' } });
  return { outcome: 'renewed', connectionId, healthChange };
}

/** Its end is known to nobody, and nothing renews it. */
const saveToken = (
  tx: EntityManager,
  credentials: CredentialStore,
  connectionId: string,
  { musicUserToken }: AppleMusicConsent,
): Promise<void> =>
  credentials.save(
    tx,
    { id: connectionId, type: 'connection', provider: 'apple_music' },
    { accessToken: musicUserToken, refreshToken: null, expiresInSeconds: null },
  );

/** Apple tells nobody's name; the storefront is all that there is to tell accounts apart by. */
const nameOf = ({ storefront }: AppleMusicConsent): string => `Apple Music (${storefront.toUpperCase()})`;
