import { request, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { ProviderError } from '../../domain/errors';
import { parseRetryAfter } from './retry-after';
import { classifyTransportFailure } from './transport-failure';

/** A provider's answer with its body read whole. */
export interface JsonAnswer {
  status: number;
  text: string;
  retryAfterSeconds: number | null;
}

export interface JsonRequest {
  url: URL;
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  headers: Record<string, string>;
  body: Record<string, unknown> | null;
}

/** Sends one request, once. Throws what undici throws; `timeoutSeconds` covers the answer's body too. */
export async function sendJson(
  dispatcher: Dispatcher,
  { url, method, headers, body }: JsonRequest,
  { timeoutSeconds, signal }: { timeoutSeconds: number; signal: AbortSignal | undefined },
): Promise<JsonAnswer> {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const answer = await request(url, {
    dispatcher,
    method,
    headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    body: body ? JSON.stringify(body) : null,
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  const retryAfter = answer.headers['retry-after'];
  return {
    status: answer.statusCode,
    text: await answer.body.text(),
    retryAfterSeconds: parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, new Date()),
  };
}

/** A success's body by its schema; null where the body says nothing. Throws ProviderError `unreadable_answer`. */
export function readJson<T>(schema: z.ZodType<T> | null, { status, text }: JsonAnswer, isWrite: boolean): T {
  if (!schema) return undefined as T;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw unreadableAnswer(status, isWrite);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw unreadableAnswer(status, isWrite);
  return parsed.data;
}

/** The failure behind a request that got no complete answer. */
export function requestFailure(error: unknown, isWrite: boolean): ProviderError {
  const failure = classifyTransportFailure(error);
  if (failure === 'misconfigured') return new ProviderError('unavailable', { code: 'certificate_refused' });
  if (failure === 'not_sent') return new ProviderError('unavailable', { code: 'unreachable' });
  return new ProviderError(isWrite ? 'outcome_unknown' : 'unavailable', { code: 'no_answer' });
}

/** A success whose body is not what was promised. */
export function unreadableAnswer(status: number, isWrite: boolean): ProviderError {
  return new ProviderError(isWrite ? 'outcome_unknown' : 'unavailable', { status, code: 'unreadable_answer' });
}
