import type { OnHealthChange } from '../../adapters/postgres/connection-health';
import type { CredentialStore } from '../../adapters/postgres/credentials';
import type { FlowRow } from '../../adapters/postgres/oauth-transactions';
import type { MikroORM } from '../../adapters/postgres/orm';
import type { OauthProvider, OauthProviders } from '../../adapters/providers/oauth-exchange';
import type { SpotifyApp } from '../../adapters/providers/spotify/apps';
import type { SpotifyClient } from '../../adapters/providers/spotify/types';
import type { FlowEndLabels } from '../../adapters/telemetry/oauth-flow-counter';
import type { Dispatcher } from '../../adapters/temporal/dispatch';
import type { Vault } from '../../adapters/vault/vault';
import type { ErrorCode } from '../../domain/errors';
import type { codeLost } from '../../domain/oauth-flows';

export interface SignInDeps {
  orm: MikroORM;
  vault: Vault;
  providers: OauthProviders;
  credentials: CredentialStore;
  spotify: SpotifyClient;
  /** The operator's Spotify apps. */
  spotifyApps: readonly SpotifyApp[];
  dispatcher: Dispatcher;
  /** Counts a flow's end; told once for each. */
  onFlowEnd: (end: FlowEndLabels) => void;
  /** Counts a connection that works again by its new consent. */
  onHealthChange: OnHealthChange;
}

export interface Refused {
  outcome: 'refused';
  code: ErrorCode | typeof codeLost;
}
export const refused = (code: Refused['code']): Refused => ({ outcome: 'refused', code });

/** The provider as the flow's client sees it; null where that is not configured (any more). */
export const providerOf = (deps: SignInDeps, { provider, clientId }: FlowRow): Promise<OauthProvider | null> =>
  deps.providers.forConnection({ provider, clientId });

/** What the redirect left for the exchange. */
export interface FlowSecrets {
  state: string;
  /** Null where the provider knows no PKCE. */
  verifier: string | null;
  nonce: string | null;
}
/** What the callback brought. */
export interface CallbackSecrets {
  code: string;
  state: string;
  iss?: string;
  /** The person's name, where the provider sends it with the callback. */
  name?: string | null;
}

export async function openFlowSecrets(deps: SignInDeps, flow: FlowRow): Promise<FlowSecrets> {
  return JSON.parse(await deps.vault.open(flow.flowSecrets, { sub: flow.id, use: 'flow' })) as FlowSecrets;
}

export async function openCallback(deps: SignInDeps, flow: FlowRow): Promise<CallbackSecrets> {
  const sealed = flow.callbackSecrets ?? '';
  return JSON.parse(await deps.vault.open(sealed, { sub: flow.id, use: 'callback' })) as CallbackSecrets;
}
