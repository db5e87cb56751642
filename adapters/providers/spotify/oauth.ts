import { ClientSecretBasic, None } from 'oauth4webapi';
import type { Config } from '../../environment/config';
import type { OauthProvider } from '../oauth-provider';
import type { SpotifyApp } from './apps';

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

/**
 * Spotify's accounts service as an app sees it: plain OAuth 2 with PKCE; one without a secret names itself in the body. It has
 * no call that revokes a token.
 */
export function spotifyProvider(
  settings: NonNullable<Config['spotify']>,
  { clientId, clientSecret }: SpotifyApp,
  timeoutSeconds: number,
): OauthProvider {
  return {
    provider: 'spotify',
    clientId,
    as: {
      issuer: new URL(settings.tokenUrl).origin,
      authorization_endpoint: settings.authorizeUrl,
      token_endpoint: settings.tokenUrl,
    },
    formerAs: null,
    client: { client_id: clientId },
    clientAuth: clientSecret === null ? None() : ClientSecretBasic(clientSecret),
    pkce: true,
    scopes: spotifyScopes,
    idToken: false,
    fetchIdentity: null,
    revoke: null,
    allowInsecure: settings.sandbox,
    timeoutSeconds,
  };
}
