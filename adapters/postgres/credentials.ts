import type { Vault } from '../vault/vault';
import { nextCheckSql } from './credential-schedule';
import type { EntityManager, MikroORM } from './orm';

export {
  createCredentialAccess,
  type CredentialAccess,
  type JoinRefresh,
  type RefreshOutcome,
  type UsableToken,
} from './credential-access';

/** Tokens as a provider gave them. */
export interface NewTokens {
  accessToken: string;
  /** Null where none came. */
  refreshToken: string | null;
  /** Null where the access token has no known end. */
  expiresInSeconds: number | null;
}

export interface CredentialOwner {
  id: string;
  type: 'connection' | 'identity';
  provider: string;
}

export interface StoredCredential {
  accessToken: string;
  refreshToken: string | null;
  version: number;
}

export interface CredentialStore {
  /** Stores a new consent's tokens in the caller's transaction, over whatever was there. */
  save(em: EntityManager, owner: CredentialOwner, tokens: NewTokens): Promise<void>;
  /**
   * Stores refreshed tokens over exactly the version they were made from; keeps the old refresh token where no new one
   * came. False where the version has moved on, or the credential is gone.
   */
  replace(ownerId: string, expectedVersion: number, tokens: NewTokens): Promise<boolean>;
  /** Null where there is none. Throws VaultError where it cannot be opened. */
  read(ownerId: string): Promise<StoredCredential | null>;
  erase(em: EntityManager, ownerId: string): Promise<void>;
}

interface SealedTokens {
  access: { jwe: string; kid: string };
  refresh: { jwe: string; kid: string } | null;
}

/** The vault's rows. Plaintext tokens leave it only towards activities. */
export function createCredentialStore(orm: MikroORM, vault: Vault): CredentialStore {
  async function sealed(ownerId: string, tokens: NewTokens): Promise<SealedTokens> {
    return {
      access: await vault.seal(tokens.accessToken, { sub: ownerId, use: 'access' }),
      refresh:
        tokens.refreshToken === null ? null : await vault.seal(tokens.refreshToken, { sub: ownerId, use: 'refresh' }),
    };
  }

  return {
    async save(em, owner, tokens) {
      const { access, refresh } = await sealed(owner.id, tokens);
      await em.execute(
        `insert into credentials as c (owner_id, owner_type, provider, access_token, refresh_token, key_id, access_expires_at,
                                       next_check_at, checked_at)
         select given.*, ${nextCheckSql}, now()
           from (select ?::uuid as owner_id, ?::text as owner_type, ?::text as provider, ?::text as access_token,
                        ?::text as refresh_token, ?::text as key_id, now() + make_interval(secs => ?) as access_expires_at) given
         on conflict (owner_id) do update
            set access_token = excluded.access_token, refresh_token = excluded.refresh_token, key_id = excluded.key_id,
                access_expires_at = excluded.access_expires_at, next_check_at = excluded.next_check_at,
                checked_at = excluded.checked_at, lease_holder = null, leased_until = null,
                version = c.version + 1, updated_at = now()`,
        [owner.id, owner.type, owner.provider, access.jwe, refresh?.jwe ?? null, access.kid, tokens.expiresInSeconds],
      );
    },

    async replace(ownerId, expectedVersion, tokens) {
      const { access, refresh } = await sealed(ownerId, tokens);
      const rows = await orm.em.fork().execute<{ version: number }[]>(
        `update credentials
            set access_token = ?, refresh_token = coalesce(?, refresh_token), key_id = case when ?::text is null then key_id else ? end,
                access_expires_at = now() + make_interval(secs => ?), checked_at = now(), lease_holder = null,
                leased_until = null, version = version + 1, updated_at = now()
          where owner_id = ? and version = ?
          returning version`,
        [
          access.jwe,
          refresh?.jwe ?? null,
          refresh?.jwe ?? null,
          access.kid,
          tokens.expiresInSeconds,
          ownerId,
          expectedVersion,
        ],
      );
      return rows.length > 0;
    },

    async read(ownerId) {
      const [row] = await orm.em
        .fork()
        .execute<{ access_token: string; refresh_token: string | null; version: number }[]>(
          `select access_token, refresh_token, version from credentials where owner_id = ?`,
          [ownerId],
        );
      if (!row) return null;
      return {
        accessToken: await vault.open(row.access_token, { sub: ownerId, use: 'access' }),
        refreshToken:
          row.refresh_token === null ? null : await vault.open(row.refresh_token, { sub: ownerId, use: 'refresh' }),
        version: row.version,
      };
    },

    async erase(em, ownerId) {
      await em.execute(`delete from credentials where owner_id = ?`, [ownerId]);
    },
  };
}
