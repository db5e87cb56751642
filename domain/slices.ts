import { ProviderError } from './errors';

/**
 * How one slice of a longer piece of work ended. A slice saves as it goes, so that the next one, in this process or another,
 * goes on from the rows: `more` at once, `waiting` after so many seconds, `done` or `failed` not at all.
 */
export type SliceResult =
  | { state: 'done' }
  | { state: 'more' }
  | { state: 'waiting'; reason: WaitReason; seconds: number }
  | { state: 'failed'; code: string };

export type WaitReason = 'rate_limited' | 'provider_unavailable' | 'provider_not_configured' | 'connection_busy';

/** Seconds between two looks whether a provider that this system lacks the settings of has them by now. */
const settingsWait = 60;

/**
 * What a provider's failure means for the slice that met it, before anything of its batch is decided.
 * Returns null for failures that concern single items and not the slice.
 */
export function sliceEndedBy(error: unknown): SliceResult | null {
  if (!(error instanceof ProviderError)) return null;
  switch (error.failure) {
    case 'rate_limited':
      return {
        state: 'waiting',
        reason: 'rate_limited',
        seconds: Math.max(1, Math.ceil(error.details.retryAfterSeconds ?? 30)),
      };
    case 'unavailable':
      if (error.details.code === 'not_configured')
        return { state: 'waiting', reason: 'provider_not_configured', seconds: settingsWait };
      return { state: 'waiting', reason: 'provider_unavailable', seconds: 5 };
    case 'outcome_unknown':
      return { state: 'waiting', reason: 'provider_unavailable', seconds: 5 };
    case 'unauthorized':
      return { state: 'failed', code: error.details.code ?? 'needs_reconnect' };
    case 'forbidden':
      return { state: 'failed', code: error.details.code ?? 'forbidden' };
    default:
      return null;
  }
}
