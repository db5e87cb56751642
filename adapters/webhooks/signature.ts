import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A new secret as receivers configure it: `whsec_` and 32 random bytes in base64. */
export const newWebhookSecret = (): string => `${prefix}${randomBytes(32).toString('base64')}`;

export interface SignedMessage {
  /** The same at each try, so that the receiver can tell a repetition. */
  id: string;
  /** Seconds since 1970 at which it is sent, for the receiver to refuse old ones. */
  timestamp: number;
  body: string;
}

/**
 * The headers of the Standard Webhooks scheme (standardwebhooks.com, spec 1.0): `v1` is the HMAC-SHA256 over `id.timestamp.body`
 * with the bytes behind `whsec_`. Of several secrets each signs, so that a receiver that knows any of them can tell.
 */
export function signatureHeaders(
  secrets: readonly string[],
  { id, timestamp, body }: SignedMessage,
): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}
