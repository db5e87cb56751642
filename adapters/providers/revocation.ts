import { allowInsecureRequests, revocationRequest, type ClientAuth } from 'oauth4webapi';
import { askOnce, withTimeout, type ExchangeAttempt } from './ask-once';
import type { OauthProvider } from './oauth-provider';

/** `already_gone` is as good as `revoked`; `failed` may be tried again; `unsupported` where the provider has no such call. */
export type RevokeOutcome = 'revoked' | 'already_gone' | 'failed' | 'unsupported';

/** What is held of a consent; either may be missing. */
export interface HeldTokens {
  accessToken: string | null;
  refreshToken: string | null;
}
export type RevokeCall = (
  provider: OauthProvider,
  tokens: HeldTokens,
  signal?: AbortSignal,
) => Promise<Exclude<RevokeOutcome, 'unsupported'>>;

/** Takes a consent back at its provider: whatever is held of it, every token that came from it ends. Never throws. */
export async function revokeTokens(
  provider: OauthProvider,
  tokens: HeldTokens,
  signal?: AbortSignal,
): Promise<RevokeOutcome> {
  if (!provider.revoke) return 'unsupported';
  if (tokens.accessToken === null && tokens.refreshToken === null) return 'already_gone';
  return provider.revoke(provider, tokens, signal);
}

/** The same where only one token is held, and not known which. */
export function revokeToken(provider: OauthProvider, token: string, signal?: AbortSignal): Promise<RevokeOutcome> {
  return revokeTokens(provider, { accessToken: token, refreshToken: token }, signal);
}

/** Revocation by RFC 7009, with the refresh token where there is one: taking it back ends the access token too. */
export function revokeByToken(clientAuth: ClientAuth): RevokeCall {
  return async (provider, { accessToken, refreshToken }, signal) => {
    const hint = refreshToken === null ? 'access_token' : 'refresh_token';
    const answer = await askOnce({ provider: provider.provider, endpoint: 'token_revoke' }, () =>
      revocationRequest(provider.as, provider.client, clientAuth, refreshToken ?? accessToken ?? '', {
        additionalParameters: { token_type_hint: hint },
        signal: withTimeout(provider.timeoutSeconds, signal),
        [allowInsecureRequests]: provider.allowInsecure,
      }),
    );
    return outcomeOf(answer);
  };
}

function outcomeOf(answer: ExchangeAttempt): 'revoked' | 'already_gone' | 'failed' {
  if (answer.kind !== 'answered') return 'failed';
  if (answer.status === 200) return 'revoked';
  return answer.status === 400 && /"invalid_(?:token|grant)"/.test(answer.text) ? 'already_gone' : 'failed';
}
