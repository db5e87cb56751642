import { ClientSecretPost } from 'oauth4webapi';
import type { Config } from '../../environment/config';
import type { OauthProvider } from '../oauth-provider';
import { githubIdentity } from './identity';
import { revokeGrant } from './revoke-grant';

/**
 * GitHub, as an OAuth app or a GitHub App (docs.github.com, "Authorizing OAuth apps"): plain OAuth 2 with PKCE since 2025. It
 * gives no id_token and publishes no keys; who it is has to be asked for.
 */
export function githubProvider(settings: NonNullable<Config['github']>, timeoutSeconds: number): OauthProvider {
  return {
    provider: 'github',
    clientId: settings.clientId,
    as: {
      issuer: settings.issuer,
      authorization_endpoint: settings.authorizeUrl,
      token_endpoint: settings.tokenUrl,
    },
    formerAs: null,
    client: { client_id: settings.clientId },
    clientAuth: ClientSecretPost(settings.clientSecret),
    pkce: true,
    scopes: ['read:user', 'user:email'],
    idToken: false,
    fetchIdentity: githubIdentity(settings.apiUrl, timeoutSeconds),
    revoke: revokeGrant(settings),
    allowInsecure: settings.sandbox,
    timeoutSeconds,
  };
}
