import { ClientSecretBasic } from 'oauth4webapi';
import type { Config } from '../../environment/config';
import type { OauthProvider } from '../oauth-provider';

/** What reading a library, changing it and putting it back needs (developer.spotify.com, "Scopes"). */
export const spotifyScopes = [
  'user-library-read',
  'user-library-modify',
  'user-follow-read',
  'user-follow-modify',
  'playlist-read-private',
  'playlist-read-collaborative',
  'playlist-modify-public',
  'playlist-modify-private',
] as const;

/** Spotify's accounts service: plain OAuth 2 with PKCE. It has no call that revokes a token. */
export function spotifyProvider(settings: NonNullable<Config['spotify']>, timeoutSeconds: number): OauthProvider {
  return {
    provider: 'spotify',
    clientId: settings.clientId,
    as: {
      issuer: new URL(settings.tokenUrl).origin,
      authorization_endpoint: settings.authorizeUrl,
      token_endpoint: settings.tokenUrl,
    },
    formerAs: null,
    client: { client_id: settings.clientId },
    clientAuth: ClientSecretBasic(settings.clientSecret),
    pkce: true,
    scopes: spotifyScopes,
    idToken: false,
    fetchIdentity: null,
    revoke: null,
    allowInsecure: settings.sandbox,
    timeoutSeconds,
  };
}
