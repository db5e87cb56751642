import grant, { type GrantConfig } from 'grant';
import type { Config } from '../../adapters/environment/config';
import { DomainError } from '../../domain/errors';
import { callbackUrl, flowProviders, type FlowProviderId } from './providers';

/** Where to send the browser, and what the flow needs to finish. */
export interface Redirect {
  location: string;
  state: string;
  verifier: string;
  nonce: string | null;
}
export type MakeRedirect = (provider: FlowProviderId) => Promise<Redirect>;

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
  return async (id) => {
    const { kind, grant: settings } = flowProviders[id];
    if (!settings(config)) throw new DomainError('provider_not_configured', { params: { provider: id } });
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
    const { state, nonce, code_verifier: verifier } = ctx.session.grant ?? {};
    if (!location.startsWith('http') || !state || !verifier) throw new Error(`no redirect to ${id}`);
    return { location, state, verifier, nonce: nonce ?? null };
  };
}

function handlerFor(config: Config, kind: 'sign-in' | 'connect', prefix: string): GrantHandler {
  const settings: GrantConfig = {
    defaults: { origin: config.apiUrl, prefix, transport: 'state', state: true, pkce: true },
  };
  for (const id of Object.keys(flowProviders) as FlowProviderId[]) {
    const provider = flowProviders[id];
    const own = provider.grant(config);
    if (own && provider.kind === kind) settings[id] = { ...own, redirect_uri: callbackUrl(config, id) };
  }
  return grant.koa()(settings) as unknown as GrantHandler;
}
