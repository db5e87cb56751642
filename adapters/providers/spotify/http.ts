import { Agent, request, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { ProviderError } from '../../../domain/errors';
import type { ProviderGate } from '../gate';
import { parseRetryAfter } from '../retry-after';
import { answerFailure, requestFailure, unreadableAnswer, type SpotifyAnswer } from './failures';
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

  async function send(auth: SpotifyAuth, call: SpotifyCall<unknown>): Promise<SpotifyAnswer> {
    const url = new URL(`${base}${call.path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, String(value));
    const timeout = AbortSignal.timeout(deps.timeoutSeconds * 1000);
    const { statusCode, headers, body } = await request(url, {
      dispatcher,
      method: call.method ?? 'GET',
      headers: {
        authorization: `Bearer ${auth.accessToken}`,
        accept: 'application/json',
        ...(call.body ? { 'content-type': 'application/json' } : {}),
      },
      body: call.body ? JSON.stringify(call.body) : null,
      signal: auth.signal ? AbortSignal.any([auth.signal, timeout]) : timeout,
    });
    const retryAfter = headers['retry-after'];
    return {
      status: statusCode,
      text: await body.text(),
      retryAfterSeconds: parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, new Date()),
    };
  }

  async function exchange<T>(auth: SpotifyAuth, call: SpotifyCall<T>): Promise<T> {
    const isWrite = (call.method ?? 'GET') !== 'GET';
    let answer: SpotifyAnswer;
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
    return readAnswer(call, answer, isWrite);
  }

  return async (auth, call) => {
    auth.signal?.throwIfAborted();
    await deps.gate.take(auth.quota, 'spotify');
    const start = performance.now();
    let outcome = 'ok';
    try {
      return await exchange(auth, call);
    } catch (error) {
      outcome = error instanceof ProviderError ? error.failure : 'cancelled';
      throw error;
    } finally {
      deps.onCall?.({ endpoint: call.endpoint, outcome, seconds: (performance.now() - start) / 1000 });
    }
  };
}

function readAnswer<T>(call: SpotifyCall<T>, answer: SpotifyAnswer, isWrite: boolean): T {
  if (!call.answer) return undefined as T;
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    throw unreadableAnswer(answer.status, isWrite);
  }
  const parsed = call.answer.safeParse(body);
  if (!parsed.success) throw unreadableAnswer(answer.status, isWrite);
  return parsed.data;
}
