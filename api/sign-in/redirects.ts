import grant, { type GrantConfig } from 'grant';
import type { Config } from '../../adapters/environment/config';
import { callbackUrl, flowProviderIds, flowProviders, type FlowProvider, type FlowProviderId } from './providers';

/** Where to send the browser, and what the flow needs to finish. */
export interface Redirect {
  location: string;
  state: string;
  /** Null where the provider knows no PKCE. */
  verifier: string | null;
  nonce: string | null;
}
/** Null where the provider is not configured. */
export type MakeRedirect = (provider: FlowProviderId, clientId: string | null) => Promise<Redirect | null>;

/** As much of a Koa context as Grant looks at. */
interface GrantContext {
  originalUrl: string;
  method: string;
  request: { query: Record<string, never> };
  response: { redirect: (location: string) => void };
  session: { grant?: { state?: string; nonce?: string; code_verifier?: string } };
  state: { grant?: unknown };
}
type GrantHandler = (ctx: GrantContext, next: () => Promise<void>) => Promise<void>;

/**
 * Grant makes the redirects: state, PKCE, nonce and each provider's quirks. It gets a context made for it, with an empty query
 * and a session that lives for this one call, so nothing that a caller sends can reach its settings.
 */
export function createRedirects(config: Config): MakeRedirect {
  const prefixes = { 'sign-in': '/api/v1/auth', connect: '/api/v1/connections' } as const;
  const handlers = {
    'sign-in': handlerFor(config, 'sign-in', prefixes['sign-in']),
    connect: handlerFor(config, 'connect', prefixes.connect),
  };
  return async (id, clientId) => {
    const { kind, grant: settings }: FlowProvider = flowProviders[id];
    const own = settings(config);
    if (!own) return null;
    let location = '';
    const ctx: GrantContext = {
      originalUrl: `${prefixes[kind]}/${id}/start`,
      method: 'GET',
      request: { query: {} },
      response: { redirect: (to) => void (location = to) },
      session: {},
      state: {},
    };
    await handlers[kind](ctx, () => Promise.resolve());
    const { state, nonce = null, code_verifier: verifier = null } = ctx.session.grant ?? {};
    const whole = state !== undefined && (verifier !== null || own.pkce === false) && (nonce !== null || !own.nonce);
    if (!location.startsWith('http') || !whole) throw new Error(`no redirect to ${id}`);
    return { location: asClient(location, clientId), state, verifier, nonce };
  };
}

/** The same address for another client of ours; null leaves the configured one. */
function asClient(location: string, clientId: string | null): string {
  if (clientId === null) return location;
  const url = new URL(location);
  url.searchParams.set('client_id', clientId);
  return url.href;
}

function handlerFor(config: Config, kind: 'sign-in' | 'connect', prefix: string): GrantHandler {
  const settings: GrantConfig = {
    defaults: { origin: config.apiUrl, prefix, transport: 'state', state: true, pkce: true },
  };
  for (const id of flowProviderIds) {
    const provider: FlowProvider = flowProviders[id];
    const own = provider.grant(config);
    if (own && provider.kind === kind) settings[id] = { ...own, redirect_uri: callbackUrl(config, id) };
  }
  return grant.koa()(settings) as unknown as GrantHandler;
}
