import { ProviderError } from '../../domain/errors';
import { VaultError, type Vault } from '../vault/vault';
import { isRenewable, mayEndByItself } from '../../domain/connection-health';
import { markNeedsReconnect, markTokenUsable, type OnHealthChange } from './connection-health';
import type { MikroORM } from './orm';

/** How a refresh of one version of one credential ended. */
export type RefreshOutcome = 'refreshed' | 'already_newer' | 'needs_reconnect' | 'gone' | 'not_renewable';

/** Joins the one refresh of this version, starting it where nobody has, and waits for its end. Throws ProviderError. */
export type JoinRefresh = (
  ownerId: string,
  version: number,
  /** `rejected`: the provider refused an access token that had time left. */
  about: { userId: string; provider: string; rejected?: boolean; signal?: AbortSignal },
) => Promise<RefreshOutcome>;

export interface UsableToken {
  accessToken: string;
  /** The credential's version; hand it back as `rejectedVersion` where the provider does not take the token. */
  version: number;
  /** The app that it was given to. */
  clientId: string;
  quota: string;
  epoch: number;
}

export interface CredentialAccess {
  /**
   * An access token with a minute left at least. A fresh one costs one read; otherwise waits for a refresh. Throws
   * ProviderError: `unauthorized` code `needs_reconnect` where only the person can help, or `token_rejected` where a token that
   * nobody can renew was not taken; `forbidden` code `connection_disconnected` where the connection is gone; `unavailable` where
   * no refresh came to an end yet.
   */
  forConnection(
    connectionId: string,
    options?: {
      rejectedVersion?: number;
      signal?: AbortSignal;
      /** Only a look at whether it works again: also where the person is needed, if that may end by itself. */
      probing?: boolean;
    },
  ): Promise<UsableToken>;
}

interface TokenRow {
  user_id: string;
  provider: string;
  client_id: string;
  quota: string;
  epoch: number;
  health: string;
  health_code: string | null;
  access_token: string | null;
  version: number | null;
  fresh: boolean | null;
}

/** Refreshes that one caller waits for; more would mean that tokens are refused as fast as they come. */
const MOST_REFRESHES = 2;

export function createCredentialAccess(deps: {
  orm: MikroORM;
  vault: Vault;
  joinRefresh: JoinRefresh;
  onHealthChange?: OnHealthChange;
}): CredentialAccess {
  async function read(
    connectionId: string,
    probing: boolean,
  ): Promise<TokenRow & { access_token: string; version: number }> {
    const [row] = await deps.orm.em.fork().execute<TokenRow[]>(
      `select c.user_id, c.provider, c.client_id, c.quota, c.epoch, c.health, c.health_code, k.access_token, k.version,
              coalesce(k.access_expires_at > clock_timestamp() + interval '1 minute', true) as fresh
         from connections c left join credentials k on k.owner_id = c.id
        where c.id = ? and c.disconnecting_since is null`,
      [connectionId],
    );
    if (!row) throw new ProviderError('forbidden', { code: 'connection_disconnected' });
    const { access_token: jwe, version } = row;
    const lost =
      row.health === 'needs_reconnect' &&
      // A token that could not be opened is looked at again: its key may be back.
      row.health_code !== 'decrypt_failed' &&
      !(probing && row.health_code !== null && mayEndByItself(row.health_code, row.provider));
    if (lost || jwe === null || version === null) throw needsReconnect();
    return { ...row, access_token: jwe, version };
  }

  async function open(connectionId: string, row: TokenRow & { access_token: string; version: number }) {
    let accessToken: string;
    try {
      accessToken = await deps.vault.open(row.access_token, { sub: connectionId, use: 'access' });
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      await markNeedsReconnect(deps.orm, connectionId, 'decrypt_failed', row.version, deps.onHealthChange);
      throw needsReconnect();
    }
    if (row.health_code === 'decrypt_failed') await markTokenUsable(deps.orm, connectionId, deps.onHealthChange);
    return { accessToken, version: row.version, clientId: row.client_id, quota: row.quota, epoch: row.epoch };
  }

  return {
    async forConnection(connectionId, { rejectedVersion, signal, probing = false } = {}) {
      for (let refreshes = 0; ; refreshes += 1) {
        signal?.throwIfAborted();
        const row = await read(connectionId, probing);
        if (row.fresh && row.version !== rejectedVersion) return open(connectionId, row);
        if (!isRenewable(row.provider)) throw new ProviderError('unauthorized', { code: 'token_rejected' });
        if (refreshes === MOST_REFRESHES) throw new ProviderError('unavailable', { code: 'refresh_without_effect' });
        const rejected = row.fresh === true;
        const about = { userId: row.user_id, provider: row.provider, rejected, ...(signal ? { signal } : {}) };
        const outcome = await deps.joinRefresh(connectionId, row.version, about);
        if (outcome === 'needs_reconnect' || outcome === 'not_renewable') throw needsReconnect();
        if (outcome === 'gone') throw new ProviderError('forbidden', { code: 'connection_disconnected' });
      }
    },
  };
}

const needsReconnect = () => new ProviderError('unauthorized', { code: 'needs_reconnect' });
