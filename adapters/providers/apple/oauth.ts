import type { Config } from '../../environment/config';
import type { OauthProvider } from '../oauth-provider';
import { revokeByToken } from '../revocation';
import { appleClientAuth } from './client-secret';

/**
 * Sign in with Apple for the web (developer.apple.com, "Sign in with Apple REST API"). It knows no PKCE; the nonce in the
 * id_token binds a code to its flow.
 */
export function appleProvider(settings: NonNullable<Config['apple']>, timeoutSeconds: number): OauthProvider {
  const clientAuth = appleClientAuth(settings);
  return {
    provider: 'apple',
    clientId: settings.clientId,
    as: {
      issuer: settings.issuer,
      authorization_endpoint: settings.authorizeUrl,
      token_endpoint: settings.tokenUrl,
      jwks_uri: settings.jwksUrl,
      revocation_endpoint: settings.revokeUrl,
      id_token_signing_alg_values_supported: ['RS256'],
    },
    formerAs: null,
    client: { client_id: settings.clientId, id_token_signed_response_alg: 'RS256' },
    clientAuth,
    pkce: false,
    scopes: ['name', 'email'],
    idToken: true,
    fetchIdentity: null,
    revoke: revokeByToken(clientAuth),
    allowInsecure: settings.sandbox,
    timeoutSeconds,
  };
}
