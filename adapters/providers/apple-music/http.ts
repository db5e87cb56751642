import { Agent, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { ProviderError } from '../../../domain/errors';
import type { ProviderGate } from '../gate';
import { inProviderSpan } from '../../tracing/provider-span';
import { readJson, requestFailure, sendJson, type JsonAnswer } from '../json-call';
import type { DeveloperTokens } from './developer-token';
import { answerFailure, isDeveloperTokenRejected } from './failures';
import type { AppleMusicAuth } from './types';

/** What is told about each call that was sent; `endpoint` and `outcome` are bounded sets of names. */
export interface AppleMusicCallInfo {
  endpoint: string;
  /** `ok` or the class of the failure. */
  outcome: string;
  seconds: number;
}

export interface AppleMusicHttpDeps {
  /** Base of the API, e.g. `https://api.music.apple.com/v1`. */
  apiUrl: string;
  tokens: DeveloperTokens;
  gate: ProviderGate;
  /** Longest wait for one answer, its body included. */
  timeoutSeconds: number;
  onCall?: (info: AppleMusicCallInfo) => void;
  /** Apple took neither our developer token nor a new one: a fault of ours, which somebody must see to. */
  onDeveloperTokenRejected?: () => void;
  dispatcher?: Dispatcher;
}

export interface AppleMusicCall<T> {
  endpoint: string;
  method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string | number>;
  body?: Record<string, unknown>;
  /** Asks about the catalog, so nobody's token goes along. */
  impersonal?: boolean;
  /** Null where the answer's body says nothing. */
  answer: z.ZodType<T> | null;
}

export type AppleMusicHttp = <T = undefined>(auth: AppleMusicAuth, call: AppleMusicCall<T>) => Promise<T>;

const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Sends single calls, each let through by the gate. One is sent again only where Apple refused our developer token, since
 * then it did nothing; with a new token, once.
 */
export function createAppleMusicHttp(deps: AppleMusicHttpDeps): AppleMusicHttp {
  const base = deps.apiUrl.replace(/\/+$/, '');
  const dispatcher = deps.dispatcher ?? new Agent({ connections: 16, maxResponseSize: MOST_BYTES });

  function send(auth: AppleMusicAuth, call: AppleMusicCall<unknown>, developerToken: string): Promise<JsonAnswer> {
    const url = new URL(`${base}${call.path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, String(value));
    const headers = {
      authorization: `Bearer ${developerToken}`,
      ...(call.impersonal ? {} : { 'music-user-token': auth.accessToken }),
    };
    const request = { url, method: call.method ?? 'GET', headers, body: call.body ?? null };
    return sendJson(dispatcher, request, { timeoutSeconds: deps.timeoutSeconds, signal: auth.signal });
  }

  async function exchange<T>(auth: AppleMusicAuth, call: AppleMusicCall<T>, developerToken: string): Promise<T> {
    const isWrite = (call.method ?? 'GET') !== 'GET';
    let answer: JsonAnswer;
    try {
      answer = await send(auth, call, developerToken);
    } catch (error) {
      if (auth.signal?.aborted && !isWrite) throw auth.signal.reason;
      throw requestFailure(error, isWrite);
    }
    if (answer.status === 429) {
      const failure = answerFailure(answer, isWrite);
      await deps.gate.reportRateLimited(auth.quota, 'apple_music', failure.details.retryAfterSeconds ?? 0);
      throw failure;
    }
    await deps.gate.reportSuccess(auth.quota);
    if (answer.status < 200 || answer.status > 299) throw answerFailure(answer, isWrite);
    return readJson(call.answer, answer, isWrite);
  }

  async function through<T>(auth: AppleMusicAuth, call: AppleMusicCall<T>, developerToken: string): Promise<T> {
    auth.signal?.throwIfAborted();
    await deps.gate.take(auth.quota, 'apple_music', auth.connectionId);
    if ((call.method ?? 'GET') !== 'GET') await auth.beforeWrite?.();
    const start = performance.now();
    let outcome = 'ok';
    try {
      return await inProviderSpan({ provider: 'apple_music', endpoint: call.endpoint }, () =>
        exchange(auth, call, developerToken),
      );
    } catch (error) {
      outcome = error instanceof ProviderError ? error.failure : 'cancelled';
      throw error;
    } finally {
      deps.onCall?.({ endpoint: call.endpoint, outcome, seconds: (performance.now() - start) / 1000 });
    }
  }

  return async (auth, call) => {
    const { token } = await deps.tokens.current();
    try {
      return await through(auth, call, token);
    } catch (error) {
      if (!isDeveloperTokenRejected(error)) throw error;
      const renewed = await deps.tokens.renew(token);
      try {
        if (renewed.token === token) throw error;
        return await through(auth, call, renewed.token);
      } catch (second) {
        if (isDeveloperTokenRejected(second)) deps.onDeveloperTokenRejected?.();
        throw second;
      }
    }
  };
}
