import { hashOf } from '../../adapters/postgres/token-hash';
import { callbackUrl, flowProviders, type FlowProviderId } from './providers';
import type { Config } from '../../adapters/environment/config';

/** One cookie a flow, seen by its callback only, so that two tabs that start cold don't overwrite each other's. */
export function flowCookie(config: Config, provider: FlowProviderId, state: string) {
  return {
    name: `tx_${hashOf(state).slice(0, 32)}`,
    path: new URL(callbackUrl(config, provider)).pathname,
    https: config.apiUrl.startsWith('https:'),
    crossSite: flowProviders[provider].formPost,
  };
}
