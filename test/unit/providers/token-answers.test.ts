import { loadConfig } from '../../../adapters/environment/config';
import { classifyAnswer, oauthProviders } from '../../../adapters/providers/oauth-exchange';

const { apple, github } = oauthProviders(
  loadConfig({ SANDBOX_URL: 'http://127.0.0.1:9', VAULT_KEYS: `test:${Buffer.alloc(32, 7).toString('base64url')}` }),
);
if (!apple || !github) throw new Error('not configured');

describe('GitHub’s answers, whose errors come with 200', () => {
  it.each([
    ['{"access_token":"gho_a","token_type":"bearer","scope":"read:user,user:email"}', 'ok'],
    ['{"error":"bad_verification_code","error_description":"x","error_uri":"y"}', 'code_rejected'],
    ['{"error":"bad_refresh_token"}', 'code_rejected'],
    ['{"error":"incorrect_client_credentials"}', 'misconfigured'],
    ['{"error":"redirect_uri_mismatch"}', 'misconfigured'],
    ['{"error":"unsupported_grant_type"}', 'misconfigured'],
    ['{"error":"unverified_user_email"}', 'account_refused'],
    // An error counts, whatever stands beside it.
    ['{"error":"bad_verification_code","access_token":"gho_a","token_type":"bearer"}', 'code_rejected'],
    ['access_token=gho_a&token_type=bearer', 'unreadable'],
    ['<html>Unicorn!</html>', 'unreadable'],
  ])('%s is %s', (text, kind) => {
    expect(classifyAnswer(github, { status: 200, text })).toBe(kind);
  });
});

describe('Apple’s answers', () => {
  it.each([
    [400, '{"error":"invalid_grant"}', 'code_rejected'],
    [400, '{"error":"invalid_client"}', 'misconfigured'],
    [400, '{"error":"unauthorized_client"}', 'misconfigured'],
    [400, '<html>', 'misconfigured'],
    [503, '', 'server_error'],
  ])('%i %s is %s', (status, text, kind) => {
    expect(classifyAnswer(apple, { status, text })).toBe(kind);
  });
});
