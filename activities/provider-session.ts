import { setTimeout as delay } from 'node:timers/promises';
import type { CredentialAccess } from '../adapters/postgres/credential-access';
import { ProviderError } from '../domain/errors';
import { createTurns } from './call-turns';

/** What every provider's calls act with. */
export interface ProviderAuth {
  accessToken: string;
  /** The app that the consent was given to; empty where the provider knows none. */
  clientId: string;
  quota: string;
  /** Whose turn its calls take at the gate. */
  connectionId: string;
  beforeWrite?: () => Promise<void>;
}

/** What became of a session's calls. */
export interface SessionFigures {
  /** Calls made so far. */
  readonly calls: number;
  /** Milliseconds that a call took on average, waits at the gate included; null before the first. */
  readonly averageMs: number | null;
  /** The quota that the calls count against; null before the first. */
  readonly quota: string | null;
}

/** One connection's use of its provider for the length of an activity. */
export interface ProviderSession<Client> extends SessionFigures {
  /**
   * Runs one call with the connection's access token. A token that the provider refuses is seen to once, and the call
   * issued again: such a refusal means that nothing was done. Throws ProviderError.
   */
  call<T>(operation: (client: Client, auth: ProviderAuth) => Promise<T>): Promise<T>;
  /** Asks the client what it knows itself, with no call. */
  ask<T>(question: (client: Client, auth: ProviderAuth) => Promise<T>): Promise<T>;
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

/** What is done about a refused token before the call is issued again; the version to have renewed, or undefined. */
export type AfterRefusal = (version: number, signal: AbortSignal | undefined) => Promise<number | undefined>;

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
export function openSession<Client>(
  deps: { client: Client; access: CredentialAccess; afterRefusal: AfterRefusal },
  connectionId: string,
  options: SessionOptions,
): ProviderSession<Client> {
  const inTurn = createTurns(options.callsAtOnce ?? Number.POSITIVE_INFINITY);
  let calls = 0;
  let spent = 0;
  let token: { auth: ProviderAuth; version: number; readAt: number } | null = null;

  async function authorise(rejectedVersion?: number): Promise<{ auth: ProviderAuth; version: number }> {
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
        connectionId,
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
    ask: async (question) => question(deps.client, (await authorise()).auth),
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
          const rejected = await deps.afterRefusal(version, options.signal);
          token = null;
          const renewed = await authorise(rejected);
          calls += 1;
          return await inQueue(() => operation(deps.client, renewed.auth), options.signal);
        } finally {
          spent += performance.now() - begun;
        }
      }),
  };
}
