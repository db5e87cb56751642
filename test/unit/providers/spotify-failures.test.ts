import { requestFailure, unreadableAnswer } from '../../../adapters/providers/json-call';
import { answerFailure } from '../../../adapters/providers/spotify/failures';

const answer = (status: number, message = '', retryAfterSeconds: number | null = null) => ({
  status,
  text: JSON.stringify({ error: { status, message } }),
  retryAfterSeconds,
});
const read = (...args: Parameters<typeof answer>) => answerFailure(answer(...args), false);
const write = (...args: Parameters<typeof answer>) => answerFailure(answer(...args), true);

describe('failures of the Web API', () => {
  it('asks for a new token on 401, whatever the call was', () => {
    expect(read(401, 'The access token expired')).toMatchObject({
      failure: 'unauthorized',
      details: { code: 'token_expired' },
    });
    expect(write(401, 'Invalid access token')).toMatchObject({
      failure: 'unauthorized',
      details: { code: 'token_invalid' },
    });
  });

  it.each([
    ['Insufficient client scope', 'insufficient_scope'],
    ['User not registered in the Developer Dashboard', 'app_user_not_allowed'],
    ['Active premium subscription required for the owner of the app', 'app_owner_not_premium'],
    ["You cannot remove tracks from a playlist you don't own.", 'playlist_not_owned'],
    ['Forbidden', 'forbidden'],
  ])('names the reason of 403 %s', (message, code) => {
    expect(write(403, message)).toMatchObject({ failure: 'forbidden', details: { status: 403, code } });
    expect(answerFailure({ status: 403, text: message, retryAfterSeconds: null }, false).details.code).toBe(code);
  });

  it('waits as long as a 429 says, and half a minute where it says nothing', () => {
    expect(read(429, '', 79_892)).toMatchObject({ failure: 'rate_limited', details: { retryAfterSeconds: 79_892 } });
    expect(write(429)).toMatchObject({ failure: 'rate_limited', details: { retryAfterSeconds: 30 } });
  });

  it('tells a developer account that has used up its quota', () => {
    const text = '{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}';
    expect(answerFailure({ status: 429, text, retryAfterSeconds: 5 }, false).details.code).toBe('quota_exceeded');
  });

  it.each([[500], [502], [503], [504], [408], [302]])('does not know what a write answered with %d did', (status) => {
    expect(write(status).failure).toBe('outcome_unknown');
    expect(read(status).failure).toBe('unavailable');
  });

  it('keeps not found and refused requests apart', () => {
    expect(read(404).failure).toBe('not_found');
    for (const status of [400, 405, 413, 414, 422]) expect(write(status).failure).toBe('invalid');
  });

  it('knows that a refused connection carried no write', () => {
    const refused = Object.assign(new Error(), { code: 'ECONNREFUSED' });
    expect(requestFailure(refused, true).failure).toBe('unavailable');
    expect(requestFailure(new DOMException('', 'TimeoutError'), true).failure).toBe('outcome_unknown');
    expect(requestFailure(new DOMException('', 'TimeoutError'), false).failure).toBe('unavailable');
  });

  it('takes an unreadable success of a write for an unknown outcome', () => {
    expect(unreadableAnswer(200, true).failure).toBe('outcome_unknown');
    expect(unreadableAnswer(200, false).failure).toBe('unavailable');
  });

  it('carries no words of the provider', () => {
    const failure = read(403, 'User Jane Doe <jane@example.test> not registered');
    expect(JSON.stringify({ ...failure, message: failure.message, stack: failure.stack })).not.toMatch(/jane/i);
  });
});
