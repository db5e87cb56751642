import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  None,
  nopkce,
  refreshTokenGrantRequest,
  revocationRequest,
  validateAuthResponse,
} from 'oauth4webapi';
import { DomainError } from '../../domain/errors';
import type { OauthProvider } from './oauth-provider';
import { parseRetryAfter } from './retry-after';
import { classifyTransportFailure } from './transport-failure';

/** A token endpoint's answer as it came. Its text holds tokens: keep it sealed. */
export interface TokenAnswer {
  status: number;
  text: string;
}

/**
 * What became of one request to a token endpoint. `ambiguous`: it may have been processed, so a code or a refresh token
 * may be spent. `not_sent`, `rate_limited`, `misconfigured`: it was not.
 */
export type ExchangeAttempt =
  | ({ kind: 'answered' } & TokenAnswer)
  | { kind: 'not_sent' }
  | { kind: 'ambiguous' }
  | { kind: 'rate_limited'; retryAfterSeconds: number }
  | { kind: 'misconfigured' };

/** One flow as its callback found it. */
export interface CallbackFlow {
  /** The callback's own parameters; `iss` is empty or absent where the provider sent none. */
  params: { code: string; state: string; iss?: string };
  /** The state and PKCE verifier of the redirect, and the address it came back to. */
  state: string;
  verifier: string;
  redirectUri: string;
}

const MOST_BYTES = 64 * 1024;
const DEFAULT_RETRY_AFTER_SECONDS = 30;

/** Sends a code once. Throws DomainError `identity_invalid` where the callback's state or issuer is not the flow's. */
export function requestTokens(
  provider: OauthProvider,
  flow: CallbackFlow,
  signal?: AbortSignal,
): Promise<ExchangeAttempt> {
  const callback = new URLSearchParams({ code: flow.params.code, state: flow.params.state });
  if (flow.params.iss) callback.set('iss', flow.params.iss);
  const { as, client, clientAuth, pkce } = provider;
  let params: URLSearchParams;
  try {
    params = validateAuthResponse(as, client, callback, flow.state);
  } catch {
    return Promise.reject(new DomainError('identity_invalid'));
  }
  const verifier = pkce ? flow.verifier : nopkce;
  return attempt(() =>
    authorizationCodeGrantRequest(
      as,
      client,
      clientAuth,
      params,
      flow.redirectUri,
      verifier,
      options(provider, signal),
    ),
  );
}

/** Sends a refresh token once. */
export function requestRefresh(
  provider: OauthProvider,
  refreshToken: string,
  signal?: AbortSignal,
): Promise<ExchangeAttempt> {
  return attempt(() =>
    refreshTokenGrantRequest(
      provider.as,
      provider.client,
      provider.clientAuth,
      refreshToken,
      options(provider, signal),
    ),
  );
}

/**
 * Takes a token back at its provider. `already_gone` is as good as `revoked`; `failed` may be tried again;
 * `unsupported` where the provider has no such call.
 */
export async function revokeToken(
  provider: OauthProvider,
  token: string,
  signal?: AbortSignal,
): Promise<'revoked' | 'already_gone' | 'failed' | 'unsupported'> {
  if (!provider.revokes) return 'unsupported';
  const answer = await attempt(() =>
    revocationRequest(provider.as, provider.client, None(), token, options(provider, signal)),
  );
  if (answer.kind !== 'answered') return 'failed';
  if (answer.status === 200) return 'revoked';
  return answer.status === 400 && answer.text.includes('invalid_token') ? 'already_gone' : 'failed';
}

function options(provider: OauthProvider, signal?: AbortSignal) {
  const timeout = AbortSignal.timeout(provider.timeoutSeconds * 1000);
  return {
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    [allowInsecureRequests]: provider.allowInsecure,
  };
}

async function attempt(send: () => Promise<Response>): Promise<ExchangeAttempt> {
  let response: Response;
  try {
    response = await send();
  } catch (error) {
    return { kind: classifyTransportFailure(error) };
  }
  try {
    if (response.status === 429) {
      const wait = parseRetryAfter(response.headers.get('retry-after'), new Date());
      await response.body?.cancel();
      return { kind: 'rate_limited', retryAfterSeconds: wait ?? DEFAULT_RETRY_AFTER_SECONDS };
    }
    return { kind: 'answered', status: response.status, text: await readCapped(response) };
  } catch {
    return { kind: 'ambiguous' };
  }
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
