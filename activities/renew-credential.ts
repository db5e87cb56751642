import { setTimeout as sleep } from 'node:timers/promises';
import { audit } from '../adapters/postgres/audit';
import {
  hasConsentEnded,
  markNeedsReconnect,
  reportHealth,
  type OnHealthChange,
} from '../adapters/postgres/connection-health';
import { credentialOwner, endLease, takeLease, type CredentialOwnerRow } from '../adapters/postgres/credential-lease';
import { createCredentialStore, type NewTokens, type StoredCredential } from '../adapters/postgres/credentials';
import type { MikroORM } from '../adapters/postgres/orm';
import {
  classifyAnswer,
  requestRefresh,
  verifyRefresh,
  type OauthProvider,
  type OauthProviders,
  type TokenAnswer,
} from '../adapters/providers/oauth-exchange';
import { VaultError, type Vault } from '../adapters/vault/vault';
import { isRenewable, type HealthCode } from '../domain/connection-health';
import { DomainError, ProviderError } from '../domain/errors';
import { missingScopes } from '../domain/oauth-flows';

export interface RenewalDeps {
  orm: MikroORM;
  vault: Vault;
  providers: OauthProviders;
  /** Told how each try ended; both are bounded sets of names. */
  onRefresh?: (info: { provider: string; outcome: string }) => void;
  onHealthChange?: OnHealthChange;
}

export interface RefreshInput {
  /** The connection or the sign-in account whose credential it is. */
  ownerId: string;
  /** The credential's version that is to be replaced. */
  version: number;
  /** The provider refused the access token although it had time left. */
  rejected?: boolean;
}

/**
 * How one try ended. `again`: nothing is known to have changed, try after that many seconds at the earliest · `not_renewable`:
 * there is nothing to renew it with, and that is as it should be · `sealed`: none of our keys opens it.
 */
export type RefreshTry =
  | {
      outcome:
        'refreshed' | 'already_newer' | 'needs_reconnect' | 'gone' | 'not_renewable' | 'sealed' | 'misconfigured';
    }
  | { outcome: 'again'; afterSeconds: number; limited?: boolean };

/** Renews one version of a credential once; `holder` names who does, and may come back with the same name. */
export type RenewOnce = (input: RefreshInput, holder: string, signal: AbortSignal) => Promise<RefreshTry>;

/** Times that a renewed token is offered to the database: the provider may not give it a second time. */
const STORE_ATTEMPTS = 8;
/** When to look again at a renewal that somebody else has begun. */
const BUSY_SECONDS = 1;

export function createRenewal(deps: RenewalDeps): RenewOnce {
  const store = createCredentialStore(deps.orm, deps.vault);

  async function readCredential(ownerId: string): Promise<StoredCredential | 'none' | 'sealed'> {
    try {
      return (await store.read(ownerId)) ?? 'none';
    } catch (error) {
      if (error instanceof VaultError) return 'sealed';
      throw error;
    }
  }

  /** It may have been taken away while the provider was asked. */
  const isThere = async (ownerId: string) => (await credentialOwner(deps.orm.em.fork(), ownerId)) !== null;

  /** A connection then needs its person. A sign-in account does not: its next sign-in brings new tokens. */
  async function refused(input: RefreshInput, owner: CredentialOwnerRow, code: HealthCode): Promise<RefreshTry> {
    if (owner.type === 'identity') return forget(input, owner);
    const marked = await markNeedsReconnect(deps.orm, input.ownerId, code, input.version, deps.onHealthChange);
    return { outcome: marked ? 'needs_reconnect' : 'already_newer' };
  }

  async function forget({ ownerId, version }: RefreshInput, { provider }: CredentialOwnerRow): Promise<RefreshTry> {
    const forgotten = await deps.orm.em.fork().transactional(async (tx) => {
      const rows = await tx.execute<{ owner_id: string }[]>(
        `delete from credentials where owner_id = ? and version = ? returning owner_id`,
        [ownerId, version],
      );
      if (rows.length > 0)
        audit(tx, {
          actorId: null,
          event: 'identity.consent_ended',
          outcome: 'done',
          subjectType: 'identity',
          subjectId: ownerId,
          details: { provider },
        });
      return rows.length > 0;
    });
    return { outcome: forgotten ? 'gone' : 'already_newer' };
  }

  async function keep(
    { ownerId, version }: RefreshInput,
    owner: CredentialOwnerRow,
    tokens: NewTokens,
    lacking: string[],
  ): Promise<RefreshTry> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const replaced = await store.replace(ownerId, version, tokens);
        if (!replaced) return { outcome: (await isThere(ownerId)) ? 'already_newer' : 'gone' };
        break;
      } catch (error) {
        if (attempt === STORE_ATTEMPTS) throw error;
        await sleep(100 * 2 ** attempt);
      }
    }
    if (owner.type === 'identity') return { outcome: 'refreshed' };
    const finding = lacking.length > 0 ? ({ fault: 'scope_missing' } as const) : ({ proof: 'token' } as const);
    await reportHealth(deps.orm, { connectionId: ownerId, finding }, deps.onHealthChange);
    return { outcome: lacking.length > 0 ? 'needs_reconnect' : 'refreshed' };
  }

  async function use(
    provider: OauthProvider,
    input: RefreshInput,
    owner: CredentialOwnerRow,
    refreshToken: string,
    { answer, signal }: { answer: TokenAnswer; signal: AbortSignal },
  ): Promise<RefreshTry> {
    const kind = classifyAnswer(provider, answer);
    if (kind === 'misconfigured') return { outcome: 'misconfigured' };
    if (kind === 'code_rejected') return refused(input, owner, whyRefused(input, owner));
    if (kind !== 'ok') return { outcome: 'again', afterSeconds: 0 };
    let tokens: Awaited<ReturnType<typeof verifyRefresh>>;
    try {
      tokens = await verifyRefresh(provider, answer, signal);
    } catch (error) {
      if (!(error instanceof DomainError) && !(error instanceof ProviderError)) throw error;
      return { outcome: 'again', afterSeconds: 0 };
    }
    const lacking = owner.type === 'connection' ? missingScopes(provider.scopes, tokens.scopes) : [];
    return keep(input, owner, { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }, lacking);
  }

  async function renew(input: RefreshInput, owner: CredentialOwnerRow, signal: AbortSignal): Promise<RefreshTry> {
    const credential = await readCredential(input.ownerId);
    if (credential === 'none') return { outcome: 'gone' };
    if (credential === 'sealed') return sealed(input, owner);
    if (credential.version !== input.version) return { outcome: 'already_newer' };
    if (credential.refreshToken === null) {
      if (owner.type === 'identity') return { outcome: 'not_renewable' };
      return refused(input, owner, 'refresh_token_missing');
    }
    const provider = await providerOf(deps.providers, owner);
    if (provider === 'not_configured') return { outcome: 'misconfigured' };
    // A token belongs to the client id that it was issued to; another one must not even see it.
    if (provider === 'another_client') return refused(input, owner, 'refresh_rejected');
    const attempt = await requestRefresh(provider, credential.refreshToken, signal);
    if (attempt.kind === 'answered')
      return use(provider, input, owner, credential.refreshToken, { answer: attempt, signal });
    if (attempt.kind === 'misconfigured') return { outcome: 'misconfigured' };
    if (attempt.kind === 'rate_limited')
      return { outcome: 'again', afterSeconds: attempt.retryAfterSeconds, limited: true };
    return { outcome: 'again', afterSeconds: 0 };
  }

  async function sealed(input: RefreshInput, owner: CredentialOwnerRow): Promise<RefreshTry> {
    // Its key may come back, and a sign-in account's credential with it.
    if (owner.type === 'connection')
      await markNeedsReconnect(deps.orm, input.ownerId, 'decrypt_failed', input.version, deps.onHealthChange);
    return { outcome: 'sealed' };
  }

  async function underLease(input: RefreshInput, holder: string, signal: AbortSignal, owner: CredentialOwnerRow) {
    const em = deps.orm.em.fork();
    if (!isRenewable(owner.provider)) return { outcome: 'not_renewable' } as const;
    if (owner.version !== input.version) return { outcome: 'already_newer' } as const;
    if (!(await takeLease(em, input.ownerId, input.version, holder)))
      return { outcome: 'again', afterSeconds: BUSY_SECONDS } as const;
    const tried = await renew(input, owner, signal);
    if (tried.outcome !== 'refreshed')
      await endLease(em, input.ownerId, holder, { answered: tried.outcome === 'needs_reconnect' });
    return tried;
  }

  return async (input, holder, signal) => {
    const owner = await credentialOwner(deps.orm.em.fork(), input.ownerId);
    const tried: RefreshTry = owner ? await underLease(input, holder, signal, owner) : { outcome: 'gone' };
    deps.onRefresh?.({ provider: owner?.provider ?? 'unknown', outcome: tried.outcome });
    return tried;
  };
}

/** Why a refresh token is not taken any more, as far as it can be told: providers answer `invalid_grant` to everything. */
function whyRefused({ rejected }: RefreshInput, { provider, consentedAt }: CredentialOwnerRow): HealthCode {
  if (consentedAt && hasConsentEnded(provider, consentedAt, new Date())) return 'token_expired';
  return rejected ? 'revoked_at_provider' : 'refresh_rejected';
}

async function providerOf(
  providers: OauthProviders,
  { provider: name, clientId }: CredentialOwnerRow,
): Promise<OauthProvider | 'not_configured' | 'another_client'> {
  const provider = await providers.forConnection({ provider: name, clientId });
  if (provider) return provider;
  const isConfigured = (await providers.forConnection({ provider: name, clientId: null })) !== null;
  return isConfigured ? 'another_client' : 'not_configured';
}
