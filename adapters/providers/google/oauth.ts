import { ClientSecretPost, None } from 'oauth4webapi';
import type { Config } from '../../environment/config';
import type { OauthProvider } from '../oauth-provider';
import { revokeByToken } from '../revocation';

const CURRENT_ISSUER = 'https://accounts.google.com';
const FORMER_ISSUER = 'accounts.google.com';

/**
 * Google as an OpenID provider (developers.google.com/identity/openid-connect/reference). The algorithm is pinned, so
 * that an id_token can't choose a weaker one; the secret goes in the body, since Basic percent-encodes `-` and `.`.
 */
export function googleProvider(settings: NonNullable<Config['google']>, timeoutSeconds: number): OauthProvider {
  const as = {
    issuer: settings.issuer,
    authorization_endpoint: settings.authorizeUrl,
    token_endpoint: settings.tokenUrl,
    jwks_uri: settings.jwksUrl,
    revocation_endpoint: settings.revokeUrl,
    id_token_signing_alg_values_supported: ['RS256'],
  };
  return {
    provider: 'google',
    clientId: settings.clientId,
    as,
    formerAs: settings.issuer === CURRENT_ISSUER ? { ...as, issuer: FORMER_ISSUER } : null,
    client: { client_id: settings.clientId, id_token_signed_response_alg: 'RS256' },
    clientAuth: ClientSecretPost(settings.clientSecret),
    pkce: true,
    scopes: ['openid', 'email', 'profile'],
    idToken: true,
    fetchIdentity: null,
    // The token alone is enough there (developers.google.com, "Revoking a token").
    revoke: revokeByToken(None()),
    allowInsecure: settings.sandbox,
    timeoutSeconds,
  };
}
