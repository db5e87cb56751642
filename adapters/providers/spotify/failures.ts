import { ProviderError } from '../../../domain/errors';
import { classifyTransportFailure } from '../transport-failure';

/** Seconds to wait after a 429 that names none: Spotify counts calls over a rolling 30 seconds. */
const RATE_LIMIT_WINDOW_SECONDS = 30;

export interface SpotifyAnswer {
  status: number;
  text: string;
  retryAfterSeconds: number | null;
}

/**
 * The failure behind an answer that is not a success. Messages are matched and dropped; their wordings are those seen in
 * the wild (developer.spotify.com, "Web API response status codes", and issue trackers of clients).
 */
export function answerFailure(answer: SpotifyAnswer, isWrite: boolean): ProviderError {
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

/** The failure behind a request that got no complete answer. */
export function requestFailure(error: unknown, isWrite: boolean): ProviderError {
  const failure = classifyTransportFailure(error);
  if (failure === 'misconfigured') return new ProviderError('unavailable', { code: 'certificate_refused' });
  if (failure === 'not_sent') return new ProviderError('unavailable', { code: 'unreachable' });
  return new ProviderError(isWrite ? 'outcome_unknown' : 'unavailable', { code: 'no_answer' });
}

/** A success whose body is not what was promised. */
export function unreadableAnswer(status: number, isWrite: boolean): ProviderError {
  return new ProviderError(isWrite ? 'outcome_unknown' : 'unavailable', { status, code: 'unreadable_answer' });
}
