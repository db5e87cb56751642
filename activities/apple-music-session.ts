import { setTimeout as delay } from 'node:timers/promises';
import { reportHealth, type OnHealthChange } from '../adapters/postgres/connection-health';
import type { CredentialAccess } from '../adapters/postgres/credential-access';
import type { MikroORM } from '../adapters/postgres/orm';
import type { AppleMusicClient } from '../adapters/providers/apple-music/types';
import type { HealthCode } from '../domain/connection-health';
import { ProviderError } from '../domain/errors';
import { openSession, type ProviderSession, type SessionOptions } from './provider-session';

/** One connection's use of Apple Music for the length of an activity. */
export type AppleMusicSession = ProviderSession<AppleMusicClient>;

export interface AppleMusicSessionDeps {
  orm: MikroORM;
  /** Null where Apple Music is not configured. */
  client: AppleMusicClient | null;
  access: CredentialAccess;
  onHealthChange?: OnHealthChange;
  /** Before a refused Music User Token is tried again: Apple has refused valid ones for a while. */
  secondTrySeconds?: number;
}

const SECOND_TRY_SECONDS = 4;

/** What a refusal that stood a second try says of the connection, by the code of its failure. */
const faults: Readonly<Record<string, HealthCode>> = {
  music_token_rejected: 'token_expired',
  subscription_missing: 'subscription_missing',
};

const refuse = () => Promise.reject(new ProviderError('unavailable', { code: 'not_configured' }));
const unconfigured: AppleMusicSession = { calls: 0, averageMs: null, quota: null, ask: refuse, call: refuse };

/**
 * Opens a session. Nothing renews a Music User Token, so a refused one is tried again after a pause; when that is refused too,
 * the connection says that it needs its person. Where Apple Music is not configured, its calls throw ProviderError
 * `unavailable`, code `not_configured`.
 */
export function openAppleMusicSession(
  deps: AppleMusicSessionDeps,
  connectionId: string,
  options: SessionOptions = {},
): AppleMusicSession {
  const { client, access } = deps;
  if (!client) return unconfigured;
  let refused: number | undefined;
  const afterRefusal = async (version: number, signal: AbortSignal | undefined) => {
    refused = version;
    await delay((deps.secondTrySeconds ?? SECOND_TRY_SECONDS) * 1000, undefined, { signal });
    return undefined;
  };
  const session = openSession({ client, access, afterRefusal }, connectionId, options);
  return {
    get calls() {
      return session.calls;
    },
    get averageMs() {
      return session.averageMs;
    },
    get quota() {
      return session.quota;
    },
    ask: session.ask,
    async call(operation) {
      try {
        return await session.call(operation);
      } catch (error) {
        const fault = error instanceof ProviderError ? faults[error.details.code ?? ''] : undefined;
        // A consent that came meanwhile is not blamed for the token before it.
        const of = fault === 'token_expired' && refused !== undefined ? { ofVersion: refused } : {};
        if (fault) await reportHealth(deps.orm, { connectionId, finding: { fault }, ...of }, deps.onHealthChange);
        throw error;
      }
    },
  };
}
