import {
  classifyAnswer,
  requestTokens,
  revokeTokens,
  type OauthProvider,
} from '../../adapters/providers/oauth-exchange';
import { errorCode, type Finding } from './check';

/** Nobody's: providers look at who asks before they look at the code. */
const madeUp = {
  code: 'smoke-live-made-up-code',
  state: 'smoke-live',
  verifier: 'smoke-live-made-up-verifier-of-forty-three-chars',
};
const madeUpToken = 'smoke-live-made-up-token';

/**
 * Whether a provider takes our client id and secret: it must refuse a made-up code as a code (`invalid_grant`,
 * `bad_verification_code`), not us (`invalid_client`, `incorrect_client_credentials`).
 */
export async function checkCredentials(provider: OauthProvider, redirectUri: string): Promise<Finding> {
  const finding = (holds: boolean, said: string): Finding => ({
    provider: provider.provider,
    what: 'client id and secret',
    holds,
    said,
  });
  const { code, state, verifier } = madeUp;
  const iss = provider.as.authorization_response_iss_parameter_supported ? provider.as.issuer : undefined;
  const attempt = await requestTokens(provider, { params: { code, state, iss }, state, verifier, redirectUri });
  if (attempt.kind !== 'answered') return finding(false, attempt.kind.replaceAll('_', ' '));
  const said = errorCode(attempt.text) ?? `HTTP ${attempt.status}`;
  return finding(classifyAnswer(provider, attempt) === 'code_rejected', said);
}

/** Whether its call for taking tokens back answers us; a made-up token is gone already, or, at Apple, revoked like any other. */
export async function checkRevocation(provider: OauthProvider): Promise<Finding> {
  const outcome = await revokeTokens(provider, { accessToken: madeUpToken, refreshToken: null });
  return {
    provider: provider.provider,
    what: 'taking tokens back',
    holds: outcome !== 'failed',
    said: outcome.replaceAll('_', ' '),
  };
}
