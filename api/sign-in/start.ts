import { missingOf } from '../../adapters/environment/provider-clients';
import { newId } from '../../adapters/postgres/ids';
import { flowMinutes, startFlow } from '../../adapters/postgres/oauth-transactions';
import { chooseSpotifyApp } from '../../adapters/postgres/spotify-app-choice';
import { hashOf, newSecret } from '../../adapters/postgres/token-hash';
import { DomainError } from '../../domain/errors';
import type { FlowPurpose } from '../../domain/oauth-flows';
import type { AppContext } from '../context';
import type { Dependencies } from '../dependencies';
import { setCookie } from '../session-cookie';
import { flowCookie } from './flow-cookie';
import { bringOwnApp } from './bring-own-app';
import { callbackUrl, type FlowProviderId } from './providers';
import { createRedirects, type MakeRedirect, type Redirect } from './redirects';

export interface FlowStart {
  provider: FlowProviderId;
  purpose: FlowPurpose;
  /** Who must finish it; null where that proves who somebody is. */
  userId: string | null;
  /** The connection that is to be renewed. */
  connectionId: string | null;
  /** Allowed before. */
  returnTo: string;
  /** 1 where it replaces a flow whose code was lost. */
  restarts: number;
}

const makers = new WeakMap<Dependencies, MakeRedirect>();
function redirects(deps: Dependencies): MakeRedirect {
  const known = makers.get(deps) ?? createRedirects(deps.config);
  makers.set(deps, known);
  return known;
}

/** Writes a flow with its sealed secrets, sets its cookie and returns the provider's address. Throws `provider_not_configured`, `spotify_apps_full`. */
export async function beginFlow(ctx: AppContext, deps: Dependencies, start: FlowStart): Promise<string> {
  const clientId = await clientFor(deps, start);
  const { location, state, verifier, nonce } = await redirectTo(ctx, deps, start.provider, clientId);
  const id = newId();
  const secret = newSecret();
  const flow = await deps.vault.seal(JSON.stringify({ state, verifier, nonce }), { sub: id, use: 'flow' });
  await startFlow(deps.orm.em.fork(), {
    ...start,
    id,
    clientId,
    stateHash: hashOf(state),
    cookieHash: hashOf(secret),
    redirectUri: callbackUrl(deps.config, start.provider),
    requestId: ctx.state.requestId,
    flowSecrets: flow.jwe,
  });
  const expires = new Date(Date.now() + flowMinutes * 60_000);
  setCookie(ctx, { ...flowCookie(deps.config, start.provider, state), value: secret, expires });
  return location;
}

/** Null where the provider has one client only, the configured one. */
async function clientFor(deps: Dependencies, { provider, userId, connectionId }: FlowStart): Promise<string | null> {
  const { spotify } = deps.config;
  if (provider !== 'spotify' || !spotify || userId === null) return null;
  const choice = await chooseSpotifyApp(deps.orm.em.fork(), spotify.apps, { userId, connectionId });
  if (!choice) throw new DomainError('spotify_apps_full', bringOwnApp('spotify_apps_full'));
  return choice.app.clientId;
}

/** What a provider lacks is for the operator: it goes to the log and no further. */
async function redirectTo(
  ctx: AppContext,
  deps: Dependencies,
  provider: FlowProviderId,
  clientId: string | null,
): Promise<Redirect> {
  const redirect = await redirects(deps)(provider, clientId);
  if (redirect) return redirect;
  ctx.state.log.warn({ provider, missing: missingOf(deps.config, provider) }, 'provider not configured');
  throw new DomainError('provider_not_configured', { params: { provider } });
}
