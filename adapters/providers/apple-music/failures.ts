import { z } from 'zod';
import { ProviderError } from '../../../domain/errors';
import type { JsonAnswer } from '../json-call';

/** Seconds to wait after a 429 that names none, as Apple's seldom do: "temporarily" is all that is documented. */
const RATE_LIMIT_SECONDS = 60;

/** Apple's errors, all members texts (developer.apple.com, "Handling requests and responses"). */
const errorsAnswer = z.object({
  errors: z.array(z.object({ code: z.string().nullish(), title: z.string().nullish(), detail: z.string().nullish() })),
});

interface AppleError {
  code: string;
  /** Title and detail; matched and dropped. */
  words: string;
}

/**
 * The failure behind an answer that is not a success. A 401 speaks of our developer token, whoever the person is; a 403 of the
 * person's. A 403 that is not one of Apple's own says nothing about a token: somebody between us may have refused.
 */
export function answerFailure(answer: JsonAnswer, isWrite: boolean): ProviderError {
  const { status } = answer;
  const errors = errorsOf(answer.text);
  if (status === 429) {
    const retryAfterSeconds = answer.retryAfterSeconds ?? RATE_LIMIT_SECONDS;
    return new ProviderError('rate_limited', { status, retryAfterSeconds, code: 'rate_limited' });
  }
  if ((status === 401 || status === 403) && errors.some(isAboutSubscription))
    return new ProviderError('forbidden', { status, code: 'subscription_missing' });
  if (status === 401) return new ProviderError('unavailable', { status, code: 'developer_token_rejected' });
  if (status === 403)
    return errors.some(({ code }) => code === '40300')
      ? new ProviderError('unauthorized', { status, code: 'music_token_rejected' })
      : new ProviderError('forbidden', { status, code: 'forbidden' });
  if (status === 404) {
    const nothingRelated = errors.some(({ words }) => /no related resources/i.test(words));
    return new ProviderError('not_found', { status, ...(nothingRelated ? { code: 'nothing_related' } : {}) });
  }
  if (status === 408 || status < 400 || status >= 500) {
    const code = errors.some((error) => error.code === '50001') ? { code: 'upstream_error' } : {};
    const wait = answer.retryAfterSeconds === null ? {} : { retryAfterSeconds: answer.retryAfterSeconds };
    return new ProviderError(isWrite ? 'outcome_unknown' : 'unavailable', { status, ...code, ...wait });
  }
  return new ProviderError('invalid', { status });
}

export const isDeveloperTokenRejected = (error: unknown): boolean =>
  error instanceof ProviderError && error.details.code === 'developer_token_rejected';

/** Without a subscription, or before Apple's privacy terms are agreed to, the whole of `/me` is refused. */
const isAboutSubscription = ({ words }: AppleError) => /subscri|privacy/i.test(words);

function errorsOf(text: string): AppleError[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [];
  }
  const errors = errorsAnswer.safeParse(body).data?.errors ?? [];
  return errors.map(({ code, title, detail }) => ({ code: code ?? '', words: `${title ?? ''} ${detail ?? ''}` }));
}
