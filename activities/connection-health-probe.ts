import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { reportHealth, type OnHealthChange } from '../adapters/postgres/connection-health';
import {
  createCredentialAccess,
  type CredentialAccess,
  type JoinRefresh,
} from '../adapters/postgres/credential-access';
import { Connection } from '../adapters/postgres/entities';
import type { MikroORM } from '../adapters/postgres/orm';
import type { SpotifyClient } from '../adapters/providers/spotify/types';
import type { Vault } from '../adapters/vault/vault';
import { isHealthCode, type HealthCode } from '../domain/connection-health';
import { ProviderError } from '../domain/errors';
import type { RenewOnce } from './renew-credential';
import { openSpotifySession } from './spotify-session';

/** The one question that Apple Music is asked about an account. Throws ProviderError. */
export interface AppleMusicProbe {
  storefront(auth: { accessToken: string; quota: string; signal?: AbortSignal }): Promise<unknown>;
}

export interface ProbeDeps {
  orm: MikroORM;
  vault: Vault;
  spotify: SpotifyClient;
  /** Null where it is not configured. */
  appleMusic: AppleMusicProbe | null;
  renewOnce: RenewOnce;
  onHealthChange?: OnHealthChange;
  /** Before a refused Music User Token is tried again, in seconds: Apple has refused valid ones for a while. */
  secondTrySeconds?: number;
}

/**
 * What a look at a connection showed. `silent`: nothing was learned about the connection itself, and why; `fault` is what the
 * person would be told of that.
 */
export type ProbeResult =
  | { result: 'working' | 'gone' | 'person_needed' }
  | { result: 'fault'; code: HealthCode }
  | { result: 'silent'; code: 'provider_unavailable' | 'rate_limited' | 'busy' };

export type Probe = (connectionId: string, options: { signal?: AbortSignal }) => Promise<ProbeResult>;

const SECOND_TRY_SECONDS = 4;
/** Looks at a renewal that somebody else has begun, a second apart. */
const MOST_LOOKS = 5;

/** Faults that an answer names itself, by the code of its failure. */
const namedFaults: Partial<Record<string, HealthCode>> = {
  app_user_not_allowed: 'app_user_not_allowed',
  app_owner_not_premium: 'app_owner_not_premium',
  insufficient_scope: 'scope_missing',
  subscription_missing: 'subscription_missing',
};

/**
 * Asks a provider the account's own question (`GET /me` at Spotify, `GET /me/storefront` at Apple Music), renewing the token
 * first where it must, and waits for no workflow. It changes nothing by itself but what a renewal shows.
 */
export function createProbe(deps: ProbeDeps): Probe {
  const access = createCredentialAccess({
    orm: deps.orm,
    vault: deps.vault,
    joinRefresh: renewHere(deps.renewOnce),
    ...(deps.onHealthChange ? { onHealthChange: deps.onHealthChange } : {}),
  });
  const probing: CredentialAccess = {
    forConnection: (id, options) => access.forConnection(id, { ...options, probing: true }),
  };

  async function askSpotify(connectionId: string, signal: AbortSignal | undefined): Promise<void> {
    const session = openSpotifySession({ client: deps.spotify, access: probing }, connectionId, { signal });
    await session.call((client, auth) => client.profile(auth));
  }

  async function askAppleMusic(connectionId: string, signal: AbortSignal | undefined): Promise<void> {
    const { appleMusic } = deps;
    if (!appleMusic) throw new ProviderError('unavailable', { code: 'not_configured' });
    const ask = async () => {
      const { accessToken, quota } = await probing.forConnection(connectionId, { signal });
      return appleMusic.storefront({ accessToken, quota, ...(signal ? { signal } : {}) });
    };
    try {
      await ask();
    } catch (error) {
      if (!isTokenRejected(error)) throw error;
      await sleep((deps.secondTrySeconds ?? SECOND_TRY_SECONDS) * 1000, undefined, { signal });
      await ask();
    }
  }

  return async (connectionId, { signal }) => {
    const connection = await deps.orm.em.fork().findOne(Connection, { id: connectionId });
    if (!connection) return { result: 'gone' };
    try {
      if (connection.provider === 'apple_music') await askAppleMusic(connectionId, signal);
      else await askSpotify(connectionId, signal);
      return { result: 'working' };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return resultOf(error);
    }
  };
}

const isTokenRejected = (error: unknown): boolean =>
  error instanceof ProviderError && error.details.code === 'music_token_rejected';

function resultOf({ failure, details: { code } }: ProviderError): ProbeResult {
  if (code === 'connection_disconnected') return { result: 'gone' };
  if (code === 'needs_reconnect') return { result: 'person_needed' };
  if (code === 'music_token_rejected') return { result: 'fault', code: 'token_expired' };
  const named = code === undefined ? undefined : namedFaults[code];
  if (failure === 'forbidden' && named) return { result: 'fault', code: named };
  if (code === 'gate_busy') return { result: 'silent', code: 'busy' };
  if (failure === 'rate_limited') return { result: 'silent', code: 'rate_limited' };
  // A refusal without a reason that we know, or a token refused right after it was made, is no verdict about the account.
  return { result: 'silent', code: 'provider_unavailable' };
}

/** Renews in this very call: many idle connections are looked at in a row, and none of them is worth a workflow. */
function renewHere(renewOnce: RenewOnce): JoinRefresh {
  return async (ownerId, version, { rejected, signal }) => {
    const holder = `probe:${randomUUID()}`;
    for (let looks = 1; ; looks += 1) {
      const input = { ownerId, version, ...(rejected ? { rejected } : {}) };
      const tried = await renewOnce(input, holder, signal ?? new AbortController().signal);
      if (tried.outcome === 'sealed') return 'needs_reconnect';
      if (tried.outcome === 'misconfigured') throw new ProviderError('unavailable', { code: 'provider_misconfigured' });
      if (tried.outcome !== 'again') return tried.outcome;
      if (tried.limited) throw new ProviderError('rate_limited', { retryAfterSeconds: tried.afterSeconds });
      // Somebody else renews it: their answer serves as well.
      if (tried.afterSeconds === 0 || looks === MOST_LOOKS)
        throw new ProviderError('unavailable', { code: 'no_answer' });
      await sleep(tried.afterSeconds * 1000, undefined, { signal });
    }
  };
}

/** Writes down what a probe showed; `settled` says that a silence has lasted long enough to be told. */
export async function reportProbe(
  deps: Pick<ProbeDeps, 'orm' | 'onHealthChange'>,
  connectionId: string,
  probed: ProbeResult,
  { settled }: { settled: boolean },
): Promise<void> {
  const report = (finding: Parameters<typeof reportHealth>[1]['finding']) =>
    reportHealth(deps.orm, { connectionId, finding }, deps.onHealthChange);
  if (probed.result === 'working') await report({ proof: 'answer' });
  if (probed.result === 'fault') await report({ fault: probed.code });
  if (probed.result === 'silent' && settled && isHealthCode(probed.code)) await report({ fault: probed.code });
}
