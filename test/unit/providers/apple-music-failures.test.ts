import { answerFailure } from '../../../adapters/providers/apple-music/failures';

const answer = (status: number, error: Record<string, string> | string, retryAfterSeconds: number | null = null) => ({
  status,
  text: typeof error === 'string' ? error : JSON.stringify({ errors: [{ status: `${status}`, ...error }] }),
  retryAfterSeconds,
});
const said = (...args: [number, Record<string, string> | string, (number | null)?]) => {
  const { failure, details } = answerFailure(answer(...args), false);
  return [failure, details.code];
};

describe('failures of Apple Music', () => {
  it('403 with 40300 is about the person’s token', () => {
    expect(said(403, { code: '40300', title: 'Forbidden', detail: 'Invalid authentication' })).toEqual([
      'unauthorized',
      'music_token_rejected',
    ]);
  });

  it.each(['', 'Forbidden', '<html>blocked</html>', '{"errors":"no"}', '{"errors":[{"code":"40399"}]}'])(
    '403 with %j accuses nobody’s token',
    (text) => expect(said(403, text)).toEqual(['forbidden', 'forbidden']),
  );

  it.each([
    [403, 'An active Apple Music subscription is required'],
    [401, 'The user is not subscribed'],
    [403, 'Privacy acknowledgement required'],
  ])('%i «%s» is a missing subscription, even with the code of a bad token', (status, detail) => {
    expect(said(status, { code: `${status}00`, title: 'Forbidden', detail })).toEqual([
      'forbidden',
      'subscription_missing',
    ]);
  });

  it('401 is about our own token and nobody else’s', () => {
    expect(said(401, '')).toEqual(['unavailable', 'developer_token_rejected']);
    expect(said(401, { code: '40100', title: 'Unauthorized' })).toEqual(['unavailable', 'developer_token_rejected']);
  });

  it('429 waits as long as it is told, and a minute where it is told nothing', () => {
    const told = answerFailure(answer(429, '', 7200), true);
    expect([told.failure, told.details.retryAfterSeconds]).toEqual(['rate_limited', 7200]);
    expect(answerFailure(answer(429, ''), false).details.retryAfterSeconds).toBe(60);
  });

  it('50001 and other faults of theirs are tried again; a write may have been done', () => {
    const upstream = answer(500, { code: '50001', title: 'Upstream Service Error' }, 3);
    expect(answerFailure(upstream, false)).toMatchObject({
      failure: 'unavailable',
      details: { status: 500, code: 'upstream_error', retryAfterSeconds: 3 },
    });
    expect(answerFailure(upstream, true).failure).toBe('outcome_unknown');
    expect(said(503, '')).toEqual(['unavailable', undefined]);
    expect(said(302, '')).toEqual(['unavailable', undefined]);
  });

  it('404 tells an empty playlist from one that is gone', () => {
    expect(said(404, { code: '40403', detail: 'No related resources found for tracks' })).toEqual([
      'not_found',
      'nothing_related',
    ]);
    expect(said(404, { code: '40400', title: 'Resource Not Found' })).toEqual(['not_found', undefined]);
  });

  it('keeps nothing of what was said', () => {
    const failure = answerFailure(answer(403, { code: '40300', detail: 'of Jane Doe' }), false);
    expect(JSON.stringify([failure, failure.message, failure.details])).not.toContain('Jane');
  });
});
