import type { AuthorizationServer, Client, ClientAuth } from 'oauth4webapi';
import type { Config } from '../environment/config';
import { googleProvider } from './google/oauth';
import { spotifyProvider } from './spotify/oauth';

/** How we are known at an authorization server, and what its answers must hold. */
export interface OauthProvider {
  provider: 'google' | 'spotify';
  clientId: string;
  as: AuthorizationServer;
  /** The same server under the issuer it used to have, where old id_tokens may still name that one. */
  formerAs: AuthorizationServer | null;
  client: Client;
  clientAuth: ClientAuth;
  pkce: boolean;
  /** What is asked for; an answer that names no scopes granted all of them (RFC 6749, 5.1). */
  scopes: readonly string[];
  /** Whether an answer must carry an id_token with our nonce. */
  idToken: boolean;
  revokes: boolean;
  /** Plain HTTP; only towards the sandbox. */
  allowInsecure: boolean;
  /** Longest wait for one answer. */
  timeoutSeconds: number;
}

export interface OauthProviders {
  google: OauthProvider | null;
  spotify: OauthProvider | null;
}

/** The providers that are configured. Call it once a process: fetched keys are cached by these objects' identity. */
export function oauthProviders(config: Config): OauthProviders {
  const timeoutSeconds = config.PROVIDER_TIMEOUT_SECONDS;
  return {
    google: config.google && googleProvider(config.google, timeoutSeconds),
    spotify: config.spotify && spotifyProvider(config.spotify, timeoutSeconds),
  };
}
