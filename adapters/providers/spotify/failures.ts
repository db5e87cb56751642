import { ProviderError } from '../../../domain/errors';
import type { JsonAnswer } from '../json-call';

/** Seconds to wait after a 429 that names none: Spotify counts calls over a rolling 30 seconds. */
const RATE_LIMIT_WINDOW_SECONDS = 30;

/**
 * The failure behind an answer that is not a success. Messages are matched and dropped; their wordings are those seen in
 * the wild (developer.spotify.com, "Web API response status codes", and issue trackers of clients).
 */
export function answerFailure(answer: JsonAnswer, isWrite: boolean): ProviderError {
  const { status } = answer;
  if (status === 429) {
    const retryAfterSeconds = answer.retryAfterSeconds ?? RATE_LIMIT_WINDOW_SECONDS;
    const code = /QUOTA_EXCEEDED/.test(answer.text) ? 'quota_exceeded' : 'rate_limited';
    return new ProviderError('rate_limited', { status, retryAfterSeconds, code });
  }
  if (status === 401) {
    return new ProviderError('unauthorized', {
      status,
      code: /expired/i.test(answer.text) ? 'token_expired' : 'token_invalid',
    });
  }
  if (status === 403) return new ProviderError('forbidden', { status, code: forbiddenCode(answer.text) });
  if (status === 404) return new ProviderError('not_found', { status });
  if (status === 408 || status < 400 || status >= 500) {
    const wait = answer.retryAfterSeconds === null ? {} : { retryAfterSeconds: answer.retryAfterSeconds };
    return new ProviderError(isWrite ? 'outcome_unknown' : 'unavailable', { status, ...wait });
  }
  return new ProviderError('invalid', { status });
}

function forbiddenCode(text: string): string {
  if (/insufficient.{0,20}scope/i.test(text)) return 'insufficient_scope';
  if (/not registered|not be registered/i.test(text)) return 'app_user_not_allowed';
  if (/premium/i.test(text)) return 'app_owner_not_premium';
  if (/playlist you don'?t own/i.test(text)) return 'playlist_not_owned';
  return 'forbidden';
}
