/**
 * What a request that got no complete answer means:
 * `not_sent` nothing reached the provider · `misconfigured` its certificate is refused, or our own settings make no
 * request, a matter for the operator ·
 * `ambiguous` it may have been processed.
 */
export type TransportFailure = 'not_sent' | 'misconfigured' | 'ambiguous';

const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const MISCONFIGURED =
  /^(?:ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|ERR_INVALID_|OAUTH_)/;

/** Sorts an error that fetch or undici threw. The error's text may hold addresses and bodies: it goes no further. */
export function classifyTransportFailure(error: unknown): TransportFailure {
  for (const { code, syscall } of causes(error)) {
    if (MISCONFIGURED.test(code)) return 'misconfigured';
    if (NOT_SENT.has(code) || syscall === 'connect' || syscall === 'getaddrinfo') return 'not_sent';
  }
  return 'ambiguous';
}

/** The error and what it wraps: fetch hides the socket's error in `cause`, a connection to several addresses in `errors`. */
function* causes(error: unknown, depth = 0): Generator<{ code: string; syscall: string }> {
  if (typeof error !== 'object' || error === null || depth > 4) return;
  const { code, syscall, cause, errors } = error as {
    code?: unknown;
    syscall?: unknown;
    cause?: unknown;
    errors?: unknown;
  };
  yield { code: typeof code === 'string' ? code : '', syscall: typeof syscall === 'string' ? syscall : '' };
  yield* causes(cause, depth + 1);
  if (Array.isArray(errors)) yield* causes(errors[0], depth + 1);
}
