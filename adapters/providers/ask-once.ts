import { inProviderSpan, type ProviderCallLabel } from '../tracing/provider-span';
import { markFailed } from '../tracing/spans';
import { parseRetryAfter } from './retry-after';
import { classifyTransportFailure } from './transport-failure';

/** An endpoint's answer as it came. Where its text holds tokens, keep it sealed. */
export interface TokenAnswer {
  status: number;
  text: string;
}

/**
 * What became of one request. `ambiguous`: it may have been processed, so a code or a refresh token may be spent.
 * `not_sent`, `rate_limited`, `misconfigured`: it was not.
 */
export type ExchangeAttempt =
  | ({ kind: 'answered' } & TokenAnswer)
  | { kind: 'not_sent' }
  | { kind: 'ambiguous' }
  | { kind: 'rate_limited'; retryAfterSeconds: number }
  | { kind: 'misconfigured' };

const MOST_BYTES = 64 * 1024;
const DEFAULT_RETRY_AFTER_SECONDS = 30;

/** Sends one request and reads its answer, 64 kB at most. Never throws, never repeats it. */
export function askOnce(label: ProviderCallLabel, send: () => Promise<Response>): Promise<ExchangeAttempt> {
  return inProviderSpan(label, async (span) => {
    const attempt = await ask(send);
    const status = attempt.kind === 'answered' ? attempt.status : null;
    if (status !== null) span.setAttribute('http.response.status_code', status);
    if (status === null || status >= 400) markFailed(span, status === null ? attempt.kind : String(status));
    return attempt;
  });
}

async function ask(send: () => Promise<Response>): Promise<ExchangeAttempt> {
  let response: Response;
  try {
    response = await send();
  } catch (error) {
    return { kind: classifyTransportFailure(error) };
  }
  try {
    if (isRateLimited(response)) {
      const wait = parseRetryAfter(response.headers.get('retry-after'), new Date());
      await response.body?.cancel();
      return { kind: 'rate_limited', retryAfterSeconds: wait ?? DEFAULT_RETRY_AFTER_SECONDS };
    }
    return { kind: 'answered', status: response.status, text: await readCapped(response) };
  } catch {
    return { kind: 'ambiguous' };
  }
}

/** The signal of a request that may take that long, or as long as the caller's own signal lets it. */
export function withTimeout(timeoutSeconds: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** GitHub says 403 where others say 429 (docs.github.com, "Rate limits for the REST API"). */
function isRateLimited({ status, headers }: Response): boolean {
  if (status === 429) return true;
  return status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0');
}

/** The first 64 kB: an answer that is longer is none we can read, and is cut where nobody takes it for one. */
async function readCapped(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > MOST_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8');
}
