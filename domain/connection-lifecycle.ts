import type { StreamingProvider } from './capabilities';

/** What can be done with a consent at a provider without its person, and where the person goes to give one. */
export interface ConnectionLifecycle {
  /** Whether we renew the access ourselves; otherwise the person consents again when it ends. */
  refreshable: boolean;
  /** Whether the provider has a call that takes a consent back. */
  revocable: boolean;
  /** Path at the API, for a browser that is signed in. */
  connectPath: string;
}

export const connectionLifecycles: Readonly<Record<StreamingProvider, ConnectionLifecycle>> = {
  spotify: { refreshable: true, revocable: false, connectPath: '/api/v1/connections/spotify/start' },
  // A Music User Token comes from a browser alone: nothing renews it and no call ends it.
  apple_music: { refreshable: false, revocable: false, connectPath: '/connect/apple-music' },
};

/** Throws for a name that is no streaming provider's. */
export function lifecycleOf(provider: string): ConnectionLifecycle {
  if (!Object.hasOwn(connectionLifecycles, provider)) throw new Error('not a streaming provider');
  return connectionLifecycles[provider as StreamingProvider];
}

/** Where a person renews a connection. */
export const reconnectPath = ({ provider, id }: { provider: string; id: string }): string =>
  `${lifecycleOf(provider).connectPath}?connectionId=${id}`;
