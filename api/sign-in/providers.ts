import type { GrantProvider } from 'grant';
import type { Config } from '../../adapters/environment/config';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';

/** How a provider takes part in flows. A further provider is an entry here and its side in `adapters/providers`. */
export interface FlowProvider {
  name: string;
  kind: 'sign-in' | 'connect';
  /** Path of its routes below `/api/v1`: `start` and `callback` hang below it. */
  base: string;
  /** What Grant is told; null where the provider is not configured. */
  grant: (config: Config) => GrantProvider | null;
}

export const flowProviders = {
  google: {
    name: 'Google',
    kind: 'sign-in',
    base: '/auth/google',
    grant: ({ google }) =>
      google && {
        key: google.clientId,
        authorize_url: google.authorizeUrl,
        scope: ['openid', 'email', 'profile'],
        nonce: true,
        // Offline, so that unlinking can take the grant back long after the access token has ended.
        custom_params: { access_type: 'offline' },
      },
  },
  spotify: {
    name: 'Spotify',
    kind: 'connect',
    base: '/connections/spotify',
    grant: ({ spotify }) =>
      spotify && { key: spotify.clientId, authorize_url: spotify.authorizeUrl, scope: [...spotifyScopes] },
  },
} satisfies Record<string, FlowProvider>;

export type FlowProviderId = keyof typeof flowProviders;

/** The address that a provider sends people back to; it must be registered there. */
export const callbackUrl = (config: Config, id: FlowProviderId): string =>
  `${config.apiUrl}/api/v1${flowProviders[id].base}/callback`;
