import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  nopkce,
  refreshTokenGrantRequest,
  validateAuthResponse,
} from 'oauth4webapi';
import { DomainError } from '../../domain/errors';
import { askOnce, withTimeout, type ExchangeAttempt } from './ask-once';
import type { OauthProvider } from './oauth-provider';

/** One flow as its callback found it. */
export interface CallbackFlow {
  /** The callback's own parameters; `iss` is empty or absent where the provider sent none. */
  params: { code: string; state: string; iss?: string };
  /** The state and PKCE verifier of the redirect, and the address it came back to. */
  state: string;
  /** Null where the provider knows no PKCE. */
  verifier: string | null;
  redirectUri: string;
}

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
  // A provider that checks the verifier must get the flow's own: without one there is nothing to send.
  if (pkce && flow.verifier === null) return Promise.reject(new DomainError('identity_invalid'));
  const verifier = pkce && flow.verifier !== null ? flow.verifier : nopkce;
  return askOnce({ provider: provider.provider, endpoint: 'token_exchange' }, () =>
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
  return askOnce({ provider: provider.provider, endpoint: 'token_refresh' }, () =>
    refreshTokenGrantRequest(
      provider.as,
      provider.client,
      provider.clientAuth,
      refreshToken,
      options(provider, signal),
    ),
  );
}

function options(provider: OauthProvider, signal?: AbortSignal) {
  return {
    signal: withTimeout(provider.timeoutSeconds, signal),
    [allowInsecureRequests]: provider.allowInsecure,
  };
}
