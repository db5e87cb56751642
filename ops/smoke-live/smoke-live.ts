import type { Config } from '../../adapters/environment/config';
import { oauthProviders } from '../../adapters/providers/oauth-exchange';
import type { Finding } from './check';
import { checkCredentials, checkRevocation } from './credentials';
import { checkDiscovery } from './discovery';

export const liveProviders = ['google', 'apple', 'github', 'spotify'] as const;
export type LiveProvider = (typeof liveProviders)[number];

/** The address to register at a provider. */
export const redirectAddress = (config: Pick<Config, 'apiUrl'>, provider: LiveProvider): string =>
  `${config.apiUrl}/api/v1${provider === 'spotify' ? '/connections' : '/auth'}/${provider}/callback`;

/** Looks at every configured provider as far as that goes without a person; nothing is stored or changed anywhere. */
export async function smokeLive(config: Config): Promise<Finding[]> {
  const providers = oauthProviders(config);
  const findings = await Promise.all(
    liveProviders.map(async (id) => {
      const provider = providers[id];
      if (!provider) return [];
      const published = id === 'google' || id === 'apple' ? config[id] : null;
      return [
        checkRedirect(config, id),
        ...(published ? await checkDiscovery({ provider: id, ...published }, config.PROVIDER_TIMEOUT_SECONDS) : []),
        await checkCredentials(provider, redirectAddress(config, id)),
        ...(provider.revoke ? [await checkRevocation(provider)] : []),
      ];
    }),
  );
  return findings.flat();
}

/** Loopback addresses may use plain HTTP, by number only; Apple takes a real domain with https alone. */
function checkRedirect(config: Config, provider: LiveProvider): Finding {
  const { protocol, hostname } = new URL(config.apiUrl);
  const address = /^[\d.]+$|^\[/.test(hostname);
  const loopback = hostname === '127.0.0.1' || hostname === '[::1]';
  const domain = protocol === 'https:' && !address && hostname.includes('.');
  const holds = provider === 'apple' ? domain : domain || loopback;
  const wanted = provider === 'apple' ? 'it needs https on a domain' : 'it needs https, or 127.0.0.1';
  return { provider, what: 'redirect address', holds, said: holds ? redirectAddress(config, provider) : wanted };
}
