import { Context } from '@temporalio/activity';
import { setTimeout as sleep } from 'node:timers/promises';
import { markNeedsReconnect, markProviderUnavailable, markTokenUsable } from '../adapters/postgres/connection-health';
import { createCredentialStore, type NewTokens, type StoredCredential } from '../adapters/postgres/credentials';
import { Connection } from '../adapters/postgres/entities';
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
import { DomainError, ProviderError } from '../domain/errors';

export interface CredentialActivityDeps {
  orm: MikroORM;
  vault: Vault;
  providers: OauthProviders;
  /** Told how each try ended; both are bounded sets of names. */
  onRefresh?: (info: { provider: string; outcome: string }) => void;
}

export interface RefreshInput {
  connectionId: string;
  /** The credential's version that is to be replaced. */
  version: number;
}

/** How one try ended. `again`: nothing is known to have changed, try after that many seconds at the earliest. */
export type RefreshTry =
  | { outcome: 'refreshed' | 'already_newer' | 'needs_reconnect' | 'gone' }
  | { outcome: 'again'; afterSeconds: number }
  | { outcome: 'misconfigured' };

/** Times that a renewed token is offered to the database: the provider may not give it a second time. */
const STORE_ATTEMPTS = 8;

export function createCredentialActivities(deps: CredentialActivityDeps) {
  const store = createCredentialStore(deps.orm, deps.vault);

  async function readCredential(connectionId: string): Promise<StoredCredential | 'none' | 'sealed'> {
    try {
      return (await store.read(connectionId)) ?? 'none';
    } catch (error) {
      if (error instanceof VaultError) return 'sealed';
      throw error;
    }
  }

  async function personNeeded(
    { connectionId, version }: RefreshInput,
    code: Parameters<typeof markNeedsReconnect>[2],
  ): Promise<RefreshTry> {
    const marked = await markNeedsReconnect(deps.orm, connectionId, code, version);
    return { outcome: marked ? 'needs_reconnect' : 'already_newer' };
  }

  async function keep(input: RefreshInput, tokens: NewTokens): Promise<RefreshTry> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const replaced = await store.replace(input.connectionId, input.version, tokens);
        if (!replaced) return { outcome: 'already_newer' };
        break;
      } catch (error) {
        if (attempt === STORE_ATTEMPTS) throw error;
        await sleep(100 * 2 ** attempt);
      }
    }
    await markTokenUsable(deps.orm, input.connectionId);
    return { outcome: 'refreshed' };
  }

  async function use(
    provider: OauthProvider,
    input: RefreshInput,
    refreshToken: string,
    answer: TokenAnswer,
  ): Promise<RefreshTry> {
    const kind = classifyAnswer(provider, answer);
    if (kind === 'misconfigured') return { outcome: 'misconfigured' };
    if (kind === 'code_rejected') return personNeeded(input, 'refresh_rejected');
    if (kind !== 'ok') return { outcome: 'again', afterSeconds: 0 };
    let tokens: NewTokens;
    try {
      tokens = await verifyRefresh(provider, answer, Context.current().cancellationSignal);
    } catch (error) {
      if (!(error instanceof DomainError) && !(error instanceof ProviderError)) throw error;
      return { outcome: 'again', afterSeconds: 0 };
    }
    return keep(input, { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken });
  }

  async function tryOnce(input: RefreshInput): Promise<{ provider: string; tried: RefreshTry }> {
    const connection = await deps.orm.em.fork().findOne(Connection, { id: input.connectionId });
    if (!connection) return { provider: 'unknown', tried: { outcome: 'gone' } };
    const ended = (tried: RefreshTry) => ({ provider: connection.provider, tried });
    const credential = await readCredential(input.connectionId);
    if (credential === 'none') return ended({ outcome: 'gone' });
    if (credential === 'sealed') return ended(await personNeeded(input, 'decrypt_failed'));
    if (credential.version !== input.version) return ended({ outcome: 'already_newer' });
    if (credential.refreshToken === null) return ended(await personNeeded(input, 'refresh_token_missing'));
    const provider = connection.provider === 'spotify' ? deps.providers.spotify : null;
    if (!provider) return ended({ outcome: 'misconfigured' });
    // A token belongs to the client id that it was issued to; another one must not even see it.
    if (connection.clientId !== provider.clientId) return ended(await personNeeded(input, 'refresh_rejected'));

    const attempt = await requestRefresh(provider, credential.refreshToken, Context.current().cancellationSignal);
    if (attempt.kind === 'answered') return ended(await use(provider, input, credential.refreshToken, attempt));
    if (attempt.kind === 'misconfigured') return ended({ outcome: 'misconfigured' });
    const afterSeconds = attempt.kind === 'rate_limited' ? attempt.retryAfterSeconds : 0;
    return ended({ outcome: 'again', afterSeconds });
  }

  return {
    /** Tries once to renew one version of a connection's credential, and stores what came before anybody uses it. */
    async tryRefresh(input: RefreshInput): Promise<RefreshTry> {
      const { provider, tried } = await tryOnce(input);
      deps.onRefresh?.({ provider, outcome: tried.outcome });
      return tried;
    },

    /** Records that no token could be had for a long time. */
    async giveUpRefresh({ connectionId }: { connectionId: string }): Promise<void> {
      await markProviderUnavailable(deps.orm, connectionId);
    },
  };
}
