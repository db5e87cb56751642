import { appleMusicClient, appleMusicSettings, type AppleMusicClientSettings } from './apple-music-client';
import type { Environment } from './variables';
import { originOf } from './origin-of';
import type { SpotifyApp } from '../providers/spotify/apps';
import { sandboxAppleKey } from './sandbox-apple-key';
import { isSandboxApp } from './spotify-apps';

/** How we are known at a provider. */
export interface OauthClient {
  clientId: string;
  clientSecret: string;
  sandbox: boolean;
}

/** Spotify's addresses with the operator's apps there, in the order in which they fill. */
export interface SpotifyClients {
  /** At least one. */
  apps: [SpotifyApp, ...SpotifyApp[]];
  sandbox: boolean;
  authorizeUrl: string;
  tokenUrl: string;
  apiUrl: string;
}

/** Each provider's addresses with our client there; null where it is not configured and no sandbox stands in. */
export interface ProviderClients {
  google:
    | (OauthClient & { issuer: string; authorizeUrl: string; tokenUrl: string; jwksUrl: string; revokeUrl: string })
    | null;
  apple:
    | (Omit<OauthClient, 'clientSecret'> & {
        teamId: string;
        keyId: string;
        /** PEM; client secrets are signed with it. */
        privateKey: string;
        issuer: string;
        authorizeUrl: string;
        tokenUrl: string;
        jwksUrl: string;
        revokeUrl: string;
      })
    | null;
  github: (OauthClient & { issuer: string; authorizeUrl: string; tokenUrl: string; apiUrl: string }) | null;
  spotify: SpotifyClients | null;
  appleMusic: AppleMusicClientSettings | null;
}

/** What each provider's client is made of. */
const settingsOf = {
  google: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  apple: ['APPLE_CLIENT_ID', 'APPLE_TEAM_ID', 'APPLE_KEY_ID', 'APPLE_PRIVATE_KEY'],
  github: ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
  spotify: ['SPOTIFY_CLIENT_ID', 'SPOTIFY_CLIENT_SECRET'],
  appleMusic: appleMusicSettings,
} as const satisfies Record<keyof ProviderClients, readonly (keyof Environment)[]>;

/** The variables that a provider's own client lacks. */
export const missingOf = (env: Environment, provider: keyof ProviderClients): string[] =>
  settingsOf[provider].filter((name) => !env[name]);

/** Every provider's client by an environment; adds what is wrong to `faults`. */
export function providerClients(env: Environment, faults: string[]): ProviderClients {
  return {
    google: googleClient(env, faults),
    apple: appleClient(env, faults),
    github: githubClient(env, faults),
    spotify: spotifyClient(env, faults),
    appleMusic: appleMusicClient(env, faults),
  };
}

function pair(
  env: Environment,
  prefix: 'GOOGLE' | 'GITHUB' | 'SPOTIFY',
  faults: string[],
): { id: string; secret: string } | null {
  const id = env[`${prefix}_CLIENT_ID`];
  const secret = env[`${prefix}_CLIENT_SECRET`];
  if (Boolean(id) !== Boolean(secret))
    faults.push(`${prefix}_CLIENT_${id ? 'SECRET' : 'ID'}: both or neither of the pair must be set`);
  return id && secret ? { id, secret } : null;
}

/** Google's own addresses are those of its discovery document. */
function googleClient(env: Environment, faults: string[]): ProviderClients['google'] {
  const own = pair(env, 'GOOGLE', faults);
  if (own) {
    return {
      clientId: own.id,
      clientSecret: own.secret,
      sandbox: false,
      issuer: 'https://accounts.google.com',
      authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
      tokenUrl: 'https://oauth2.googleapis.com/token',
      jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
      revokeUrl: 'https://oauth2.googleapis.com/revoke',
    };
  }
  if (!env.SANDBOX_URL) return null;
  const base = `${originOf(env.SANDBOX_URL)}/google`;
  return {
    clientId: 'sandbox-google',
    clientSecret: 'sandbox-google-secret',
    sandbox: true,
    issuer: base,
    authorizeUrl: `${base}/o/oauth2/v2/auth`,
    tokenUrl: `${base}/token`,
    jwksUrl: `${base}/oauth2/v3/certs`,
    revokeUrl: `${base}/revoke`,
  };
}

/** Apple's addresses are those of its discovery document. */
function appleClient(env: Environment, faults: string[]): ProviderClients['apple'] {
  const missing = missingOf(env, 'apple');
  if (missing.length === 0) {
    const base = 'https://appleid.apple.com';
    return {
      clientId: env.APPLE_CLIENT_ID ?? '',
      teamId: env.APPLE_TEAM_ID ?? '',
      keyId: env.APPLE_KEY_ID ?? '',
      privateKey: env.APPLE_PRIVATE_KEY ?? '',
      sandbox: false,
      issuer: base,
      authorizeUrl: `${base}/auth/authorize`,
      tokenUrl: `${base}/auth/token`,
      jwksUrl: `${base}/auth/keys`,
      revokeUrl: `${base}/auth/revoke`,
    };
  }
  if (missing.length < settingsOf.apple.length)
    faults.push(...missing.map((name) => `${name}: all four APPLE_ variables or none must be set`));
  if (!env.SANDBOX_URL) return null;
  const base = `${originOf(env.SANDBOX_URL)}/apple`;
  // Another site than the API's, as Apple is: only so do cookies behave at its callback as they will with the real one.
  const page = new URL(base);
  page.hostname = 'localhost';
  return {
    clientId: 'sandbox-apple',
    ...sandboxAppleKey(),
    sandbox: true,
    issuer: base,
    authorizeUrl: `${page.href}/auth/authorize`,
    tokenUrl: `${base}/auth/token`,
    jwksUrl: `${base}/auth/keys`,
    revokeUrl: `${base}/auth/revoke`,
  };
}

/** GitHub names its issuer on callbacks since 2026; it publishes no keys, since it gives no id_tokens. */
function githubClient(env: Environment, faults: string[]): ProviderClients['github'] {
  const own = pair(env, 'GITHUB', faults);
  if (own) {
    return {
      clientId: own.id,
      clientSecret: own.secret,
      sandbox: false,
      issuer: 'https://github.com/login/oauth',
      authorizeUrl: 'https://github.com/login/oauth/authorize',
      tokenUrl: 'https://github.com/login/oauth/access_token',
      apiUrl: 'https://api.github.com',
    };
  }
  if (!env.SANDBOX_URL) return null;
  const base = `${originOf(env.SANDBOX_URL)}/github`;
  return {
    clientId: 'sandbox-github',
    clientSecret: 'sandbox-github-secret',
    sandbox: true,
    issuer: `${base}/login/oauth`,
    authorizeUrl: `${base}/login/oauth/authorize`,
    tokenUrl: `${base}/login/oauth/access_token`,
    apiUrl: `${base}/api`,
  };
}

function spotifyClient(env: Environment, faults: string[]): ProviderClients['spotify'] {
  const pairOfOwn = pair(env, 'SPOTIFY', faults);
  const [first, ...others] = env.SPOTIFY_APPS ?? [];
  if (pairOfOwn && first) faults.push('SPOTIFY_APPS: either this list or the pair SPOTIFY_CLIENT_ID and _SECRET');
  // The one app's limit is not known: Spotify's own answer says when it is full.
  const one = { quota: env.SPOTIFY_QUOTA, dialect: 'development', people: null } as const;
  const apps: SpotifyClients['apps'] | null = first
    ? [first, ...others]
    : pairOfOwn && [{ clientId: pairOfOwn.id, clientSecret: pairOfOwn.secret, ...one }];
  if (apps && !isSandboxApp(apps[0])) {
    return {
      apps,
      sandbox: false,
      authorizeUrl: 'https://accounts.spotify.com/authorize',
      tokenUrl: 'https://accounts.spotify.com/api/token',
      apiUrl: env.SPOTIFY_API_URL ?? 'https://api.spotify.com/v1',
    };
  }
  if (!env.SANDBOX_URL) {
    if (apps) faults.push('SPOTIFY_APPS: apps of the sandbox need SANDBOX_URL');
    return null;
  }
  const base = `${originOf(env.SANDBOX_URL)}/spotify`;
  return {
    apps: apps ?? [{ clientId: 'sandbox-spotify', clientSecret: 'sandbox-spotify-secret', ...one }],
    sandbox: true,
    authorizeUrl: `${base}/authorize`,
    tokenUrl: `${base}/api/token`,
    apiUrl: env.SPOTIFY_API_URL ?? `${base}/v1`,
  };
}
