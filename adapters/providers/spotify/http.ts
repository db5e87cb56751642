import { Agent, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { ProviderError } from '../../../domain/errors';
import type { ProviderGate } from '../gate';
import { inProviderSpan } from '../../tracing/provider-span';
import { readJson, requestFailure, sendJson, type JsonAnswer } from '../json-call';
import { answerFailure } from './failures';
import type { SpotifyAuth } from './types';

/** What is told about each call that was sent; `endpoint` and `outcome` are bounded sets of names. */
export interface SpotifyCallInfo {
  endpoint: string;
  /** `ok` or the class of the failure. */
  outcome: string;
  seconds: number;
}

export interface SpotifyHttpDeps {
  /** Base of the Web API, e.g. `https://api.spotify.com/v1`. */
  apiUrl: string;
  gate: ProviderGate;
  /** Longest wait for one answer, its body included. */
  timeoutSeconds: number;
  onCall?: (info: SpotifyCallInfo) => void;
  dispatcher?: Dispatcher;
}

export interface SpotifyCall<T> {
  endpoint: string;
  method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string | number>;
  body?: Record<string, unknown>;
  /** Null where the answer's body says nothing. */
  answer: z.ZodType<T> | null;
}

export type SpotifyHttp = <T = undefined>(auth: SpotifyAuth, call: SpotifyCall<T>) => Promise<T>;

const MOST_BYTES = 16 * 1024 * 1024;

/** Sends single calls to the Web API, each let through by the gate. Never repeats one. */
export function createSpotifyHttp(deps: SpotifyHttpDeps): SpotifyHttp {
  const base = deps.apiUrl.replace(/\/+$/, '');
  const dispatcher = deps.dispatcher ?? new Agent({ connections: 16, maxResponseSize: MOST_BYTES });

  function send(auth: SpotifyAuth, call: SpotifyCall<unknown>): Promise<JsonAnswer> {
    const url = new URL(`${base}${call.path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, String(value));
    const headers = { authorization: `Bearer ${auth.accessToken}` };
    const request = { url, method: call.method ?? 'GET', headers, body: call.body ?? null };
    return sendJson(dispatcher, request, { timeoutSeconds: deps.timeoutSeconds, signal: auth.signal });
  }

  async function exchange<T>(auth: SpotifyAuth, call: SpotifyCall<T>): Promise<T> {
    const isWrite = (call.method ?? 'GET') !== 'GET';
    let answer: JsonAnswer;
    try {
      answer = await send(auth, call);
    } catch (error) {
      if (auth.signal?.aborted && !isWrite) throw auth.signal.reason;
      throw requestFailure(error, isWrite);
    }
    if (answer.status === 429) {
      const failure = answerFailure(answer, isWrite);
      await deps.gate.reportRateLimited(auth.quota, 'spotify', failure.details.retryAfterSeconds ?? 0);
      throw failure;
    }
    await deps.gate.reportSuccess(auth.quota);
    if (answer.status < 200 || answer.status > 299) throw answerFailure(answer, isWrite);
    return readJson(call.answer, answer, isWrite);
  }

  return async (auth, call) => {
    auth.signal?.throwIfAborted();
    await deps.gate.take(auth.quota, 'spotify', auth.connectionId);
    if ((call.method ?? 'GET') !== 'GET') await auth.beforeWrite?.();
    const start = performance.now();
    let outcome = 'ok';
    try {
      return await inProviderSpan({ provider: 'spotify', endpoint: call.endpoint }, () => exchange(auth, call));
    } catch (error) {
      outcome = error instanceof ProviderError ? error.failure : 'cancelled';
      throw error;
    } finally {
      deps.onCall?.({ endpoint: call.endpoint, outcome, seconds: (performance.now() - start) / 1000 });
    }
  };
}
