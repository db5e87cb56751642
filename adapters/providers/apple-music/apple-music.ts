import type { Config } from '../../environment/config';
import type { ProviderGate } from '../gate';
import { createAppleMusicClient } from './client';
import type { ArtistSource } from '../artist-source';
import { createAppleMusicArtistSource } from './artist-source';
import { createDeveloperTokens, type DeveloperTokens } from './developer-token';
import type { AppleMusicHttpDeps } from './http';
import type { AppleMusicClient } from './types';

/** Our side of Apple Music in one process: the developer token, the client that uses it, and questions about artists; null where it is not configured. */
export function createAppleMusic(
  config: Pick<Config, 'appleMusic' | 'PROVIDER_TIMEOUT_SECONDS'>,
  deps: { gate: ProviderGate } & Pick<AppleMusicHttpDeps, 'onCall' | 'onDeveloperTokenRejected'>,
): { tokens: DeveloperTokens; client: AppleMusicClient; artists: ArtistSource } | null {
  const settings = config.appleMusic;
  if (!settings) return null;
  const tokens = createDeveloperTokens(settings);
  const timeoutSeconds = config.PROVIDER_TIMEOUT_SECONDS;
  const client = createAppleMusicClient({ apiUrl: settings.apiUrl, tokens, timeoutSeconds, ...deps });
  return { tokens, client, artists: createAppleMusicArtistSource({ client, quota: settings.quota }) };
}
