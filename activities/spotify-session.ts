import { setTimeout as delay } from 'node:timers/promises';
import type { CredentialAccess } from '../adapters/postgres/credential-access';
import type { SpotifyAuth, SpotifyClient } from '../adapters/providers/spotify/types';
import { ProviderError } from '../domain/errors';
import { createTurns } from './call-turns';

/** One connection's use of Spotify for the length of an activity. */
export interface SpotifySession {
  /** Calls made so far. */
  readonly calls: number;
  /** Milliseconds that a call took on average, waits at the gate included; null before the first. */
  readonly averageMs: number | null;
  /** The quota that the calls count against; null before the first. */
  readonly quota: string | null;
  /**
   * Runs one call with the connection's access token. A token that Spotify no longer takes is renewed once and the call
   * issued again: a 401 means that nothing was done. Throws ProviderError.
   */
  call<T>(operation: (client: SpotifyClient, auth: SpotifyAuth) => Promise<T>): Promise<T>;
  /** Whether likes put back through the connection's app have their dates, as far as is known. No call. */
  datesLikes(): Promise<boolean>;
}

export interface SessionOptions {
  /** Where given, a connection that was replaced or removed since is `forbidden`, code `connection_disconnected`. */
  epoch?: number;
  signal?: AbortSignal;
  /** Asked right before each write is sent; where it throws, nothing is. */
  beforeWrite?: () => Promise<void>;
  /** Most calls in flight at a time; as many as are asked for where absent. */
  callsAtOnce?: number;
}

/** Seconds for which a call stands in the queue of an open gate before its slice gives up. */
const longestQueue = 60;

/**
 * An open gate with many callers says that it is busy after a second; a slice that gave up at that would never get through a
 * long playlist while others want calls too. Nothing was sent, so the call is tried again. A closed gate is thrown on.
 */
async function inQueue<T>(call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const until = performance.now() + longestQueue * 1000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const busy = error instanceof ProviderError && error.details.code === 'gate_busy';
      if (!busy || performance.now() > until) throw error;
      await delay(Math.random() * 500, undefined, { signal });
    }
  }
}

/** Opens a session; the token is read at the first call. */
export function openSpotifySession(
  deps: { client: SpotifyClient; access: CredentialAccess },
  connectionId: string,
  options: SessionOptions = {},
): SpotifySession {
  const inTurn = createTurns(options.callsAtOnce ?? Number.POSITIVE_INFINITY);
  let calls = 0;
  let spent = 0;
  let token: { auth: SpotifyAuth; version: number; readAt: number } | null = null;

  async function authorise(rejectedVersion?: number): Promise<{ auth: SpotifyAuth; version: number }> {
    // A token read seconds ago has its margin left; after that the one indexed read tells whether it still has.
    if (token && rejectedVersion === undefined && Date.now() - token.readAt < 5_000) return token;
    const fresh = await deps.access.forConnection(connectionId, { rejectedVersion, signal: options.signal });
    if (options.epoch !== undefined && fresh.epoch !== options.epoch) {
      throw new ProviderError('forbidden', { code: 'connection_disconnected' });
    }
    token = {
      auth: {
        accessToken: fresh.accessToken,
        clientId: fresh.clientId,
        quota: fresh.quota,
        ...(options.beforeWrite ? { beforeWrite: options.beforeWrite } : {}),
      },
      version: fresh.version,
      readAt: Date.now(),
    };
    return token;
  }

  return {
    get calls() {
      return calls;
    },
    get averageMs() {
      return calls > 0 ? spent / calls : null;
    },
    get quota() {
      return token?.auth.quota ?? null;
    },
    datesLikes: async () => deps.client.datesLikes((await authorise()).auth),
    call: (operation) =>
      inTurn(async () => {
        const { auth, version } = await authorise();
        calls += 1;
        const begun = performance.now();
        try {
          return await inQueue(() => operation(deps.client, auth), options.signal);
        } catch (error) {
          if (
            !(error instanceof ProviderError) ||
            error.failure !== 'unauthorized' ||
            error.details.code === 'needs_reconnect'
          )
            throw error;
          const renewed = await authorise(version);
          calls += 1;
          return await inQueue(() => operation(deps.client, renewed.auth), options.signal);
        } finally {
          spent += performance.now() - begun;
        }
      }),
  };
}
