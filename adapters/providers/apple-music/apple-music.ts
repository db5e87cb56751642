import type { Config } from '../../environment/config';
import type { ProviderGate } from '../gate';
import { createAppleMusicClient } from './client';
import { createDeveloperTokens, type DeveloperTokens } from './developer-token';
import type { AppleMusicHttpDeps } from './http';
import type { AppleMusicClient } from './types';

/** Our side of Apple Music in one process: the developer token and the client that uses it; null where it is not configured. */
export function createAppleMusic(
  config: Pick<Config, 'appleMusic' | 'PROVIDER_TIMEOUT_SECONDS'>,
  deps: { gate: ProviderGate } & Pick<AppleMusicHttpDeps, 'onCall' | 'onDeveloperTokenRejected'>,
): { tokens: DeveloperTokens; client: AppleMusicClient } | null {
  const settings = config.appleMusic;
  if (!settings) return null;
  const tokens = createDeveloperTokens(settings);
  const timeoutSeconds = config.PROVIDER_TIMEOUT_SECONDS;
  return { tokens, client: createAppleMusicClient({ apiUrl: settings.apiUrl, tokens, timeoutSeconds, ...deps }) };
}
