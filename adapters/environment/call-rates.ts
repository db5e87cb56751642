import type { StreamingProvider } from '../../domain/capabilities';
import type { Config } from './config';

/** Calls a second that the gate of each of a provider's quotas lets through. */
export type CallRates = Readonly<Record<StreamingProvider, number>>;

export function callRates(
  config: Pick<Config, 'SPOTIFY_CALLS_PER_SECOND' | 'APPLE_MUSIC_CALLS_PER_SECOND'>,
): CallRates {
  return { spotify: config.SPOTIFY_CALLS_PER_SECOND, apple_music: config.APPLE_MUSIC_CALLS_PER_SECOND };
}
