import type { GrantProvider } from 'grant';
import type { Config } from '../../adapters/environment/config';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';

/** How a provider takes part in flows. A further provider is an entry here and its side in `adapters/providers`. */
export interface FlowProvider {
  name: string;
  kind: 'sign-in' | 'connect';
  /** Path of its routes below `/api/v1`: `start` and `callback` hang below it. */
  base: string;
  /** Whether it sends the browser back with a form that its own page posts: from another site, that is. */
  formPost: boolean;
  /** What Grant is told; null where the provider is not configured. */
  grant: (config: Config) => GrantProvider | null;
}

export const flowProviders = {
  google: {
    name: 'Google',
    kind: 'sign-in',
    base: '/auth/google',
    formPost: false,
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
  apple: {
    name: 'Apple',
    kind: 'sign-in',
    base: '/auth/apple',
    formPost: true,
    grant: ({ apple }) =>
      apple && {
        key: apple.clientId,
        authorize_url: apple.authorizeUrl,
        scope: ['name', 'email'],
        nonce: true,
        pkce: false,
        // Name and address come by `form_post` only. The id_token that comes along says whose name it is, should the flow fail
        // before it learns that: the name comes once.
        custom_params: { response_type: 'code id_token', response_mode: 'form_post' },
      },
  },
  github: {
    name: 'GitHub',
    kind: 'sign-in',
    base: '/auth/github',
    formPost: false,
    grant: ({ github }) =>
      github && {
        key: github.clientId,
        authorize_url: github.authorizeUrl,
        scope: ['read:user', 'user:email'],
        scope_delimiter: ' ',
      },
  },
  spotify: {
    name: 'Spotify',
    kind: 'connect',
    base: '/connections/spotify',
    formPost: false,
    grant: ({ spotify }) =>
      spotify && { key: spotify.apps[0].clientId, authorize_url: spotify.authorizeUrl, scope: [...spotifyScopes] },
  },
} satisfies Record<string, FlowProvider>;

export type FlowProviderId = keyof typeof flowProviders;
export const flowProviderIds = Object.keys(flowProviders) as FlowProviderId[];

/** The address that a provider sends people back to; it must be registered there. */
export const callbackUrl = (config: Config, id: FlowProviderId): string =>
  `${config.apiUrl}/api/v1${flowProviders[id].base}/callback`;

/** Where a flow with a provider begins. */
export const startUrl = (config: Config, id: FlowProviderId): string =>
  `${config.apiUrl}/api/v1${flowProviders[id].base}/start`;

/** Paths that other sites' pages post to: what comes there proves itself by the flow's own cookie, not by its origin. */
export const crossSitePaths = (config: Config): string[] =>
  flowProviderIds.filter((id) => flowProviders[id].formPost).map((id) => new URL(callbackUrl(config, id)).pathname);
