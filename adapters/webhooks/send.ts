import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { addressFault, isAllowedAddress } from './allowed-address';
import { signatureHeaders } from './signature';

export interface WebhookMessage {
  id: string;
  url: string;
  /** All that receivers may know now; the newest first. */
  secrets: readonly string[];
  body: string;
}

/** The receiver's HTTP status, or why there is none. */
export type SendResult = { status: number } | { code: 'timeout' | 'unreachable' | 'address_not_allowed' };

/** Sends a message once. Whatever a receiver does is a result; throws only where `signal` ends it. */
export type WebhookSender = (message: WebhookMessage, signal?: AbortSignal) => Promise<SendResult>;

/** Bytes of an answer that are read and thrown away. */
const longestAnswer = 64 * 1024;

class AddressNotAllowed extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';
}

/**
 * Redirects are not followed. A name is looked up for each connection and what it leads to is checked there, so that it cannot
 * change between the check and the use. `timeoutSeconds` holds for everything together.
 */
export function createWebhookSender(options: {
  allowLoopback: boolean;
  timeoutSeconds: number;
  resolve?: typeof systemLookup;
}): WebhookSender {
  const { allowLoopback, timeoutSeconds, resolve = systemLookup } = options;
  const milliseconds = timeoutSeconds * 1_000;
  const lookup: LookupFunction = (hostname, wanted, done) => {
    resolve(hostname, { ...wanted, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return done(error, '', 0);
      const [first] = addresses;
      if (!first || addresses.some(({ address }) => !isAllowedAddress(address, { allowLoopback })))
        return done(new AddressNotAllowed(), '', 0);
      if (wanted.all) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
  const agent = new Agent({
    connect: { lookup, timeout: milliseconds },
    headersTimeout: milliseconds,
    bodyTimeout: milliseconds,
    maxHeaderSize: 16 * 1024,
    keepAliveTimeout: 1_000,
  });

  return async (message, signal) => {
    if (addressFault(message.url, { allowLoopback })) return { code: 'address_not_allowed' };
    const timestamp = Math.floor(Date.now() / 1_000);
    const clock = AbortSignal.timeout(milliseconds);
    const either = signal ? AbortSignal.any([clock, signal]) : clock;
    try {
      const { statusCode, body } = await request(message.url, {
        method: 'POST',
        dispatcher: agent,
        signal: either,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'do-not-play-webhooks/1',
          ...signatureHeaders(message.secrets, { id: message.id, timestamp, body: message.body }),
        },
        body: message.body,
      });
      // The status says it all; an answer that is long or slow is cut off.
      await body.dump({ limit: longestAnswer, signal: either }).catch(() => undefined);
      return { status: statusCode };
    } catch (error) {
      signal?.throwIfAborted();
      // The error's text may hold the address: only its kind goes further.
      return { code: codeOf(error, clock) };
    }
  };
}

function codeOf(error: unknown, clock: AbortSignal): 'timeout' | 'unreachable' | 'address_not_allowed' {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ADDRESS_NOT_ALLOWED') return 'address_not_allowed';
  return clock.aborted || String(code).includes('TIMEOUT') ? 'timeout' : 'unreachable';
}
