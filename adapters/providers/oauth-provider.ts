import type { AuthorizationServer, Client, ClientAuth } from 'oauth4webapi';
import type { Config } from '../environment/config';
import { appleProvider } from './apple/oauth';
import { githubProvider } from './github/oauth';
import { googleProvider } from './google/oauth';
import type { RevokeCall } from './revocation';
import { ownApp } from './spotify/apps';
import { spotifyProvider } from './spotify/oauth';

/** Who signed in, however the provider says so. */
export interface VerifiedIdentity {
  /** The provider's stable id. */
  subject: string;
  email: string | null;
  /** Only then the address says anything about who it is. */
  emailVerified: boolean;
  /** A relay address, made for us alone. */
  emailPrivate: boolean;
  /** Cleaned; null where the provider says none. */
  name: string | null;
}

/** Asks a provider without id_tokens who it is. Throws ProviderError. */
export type FetchIdentity = (
  tokens: { accessToken: string; scopes: string[] },
  signal?: AbortSignal,
) => Promise<VerifiedIdentity>;

/** How we are known at an authorization server, and what its answers must hold. */
export interface OauthProvider {
  provider: 'google' | 'apple' | 'github' | 'spotify';
  clientId: string;
  as: AuthorizationServer;
  /** The same server under the issuer it used to have, where old id_tokens may still name that one. */
  formerAs: AuthorizationServer | null;
  client: Client;
  /** Called for each request, so that a secret can be made fresh. */
  clientAuth: ClientAuth;
  pkce: boolean;
  /** What is asked for; an answer that names no scopes granted all of them (RFC 6749, 5.1). */
  scopes: readonly string[];
  /** Whether an answer must carry an id_token with our nonce. */
  idToken: boolean;
  /** Null where the id_token says who it is, or where nobody signs in. */
  fetchIdentity: FetchIdentity | null;
  /** Null where the provider has no call that takes tokens back. */
  revoke: RevokeCall | null;
  /** Plain HTTP; only towards the sandbox. */
  allowInsecure: boolean;
  /** Longest wait for one answer. */
  timeoutSeconds: number;
}

type OauthProviderName = OauthProvider['provider'];

/** As which client tokens were issued; the id is null where the provider has only the configured one. */
export interface ConnectionClient {
  provider: string;
  clientId: string | null;
}

/** Each provider as its configured client sees it (Spotify: the first of the operator's apps); null without one. */
export interface OauthProviders extends Record<OauthProviderName, OauthProvider | null> {
  /**
   * The provider as the client that tokens were issued to sees it: one of the operator's, or a person's own app, without a
   * secret. Null where there is no such client (any more): tokens must not be shown to another one.
   */
  forConnection(client: ConnectionClient): Promise<OauthProvider | null>;
}

/** Whether somebody brought this app: an operator's app that is not configured any more is not taken for one. */
export type IsPersonsApp = (client: { provider: string; clientId: string }) => Promise<boolean>;

/** The providers that are configured. Call it once a process: fetched keys are cached by these objects' identity. */
export function oauthProviders(
  config: Config,
  isPersonsApp: IsPersonsApp = () => Promise.resolve(false),
): OauthProviders {
  const timeoutSeconds = config.PROVIDER_TIMEOUT_SECONDS;
  const { spotify } = config;
  const apps = spotify?.apps.map((app) => spotifyProvider(spotify, app, timeoutSeconds)) ?? [];
  const configured: Record<OauthProviderName, OauthProvider | null> = {
    google: config.google && googleProvider(config.google, timeoutSeconds),
    apple: config.apple && appleProvider(config.apple, timeoutSeconds),
    github: config.github && githubProvider(config.github, timeoutSeconds),
    spotify: apps[0] ?? null,
  };
  return {
    ...configured,
    async forConnection({ provider, clientId }) {
      const known = isName(provider) ? configured[provider] : null;
      if (!known || clientId === null || known.clientId === clientId) return known;
      if (provider !== 'spotify' || !spotify) return null;
      const operators = apps.find((app) => app.clientId === clientId);
      if (operators) return operators;
      const own = await isPersonsApp({ provider, clientId });
      return own ? spotifyProvider(spotify, ownApp(clientId), timeoutSeconds) : null;
    },
  };
}

const names: readonly string[] = ['google', 'apple', 'github', 'spotify'] satisfies OauthProviderName[];
const isName = (name: string): name is OauthProviderName => names.includes(name);
