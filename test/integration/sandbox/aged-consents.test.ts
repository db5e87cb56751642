import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { appleMusicVisitor, refusal } from './apple-music-visitor';
import { githubApp, githubVisitor } from './github-visitor';
import { admin, basic, consent, pkce, postForm, redirectUri } from './visitor';

let sandbox: Sandbox;
let age: (service: string, months: number) => Promise<unknown>;
beforeAll(async () => {
  sandbox = await startSandbox();
  age = (service, months) => admin(sandbox.url)('POST', `/users/listener/${service}/age-consent`, { months });
});
afterAll(() => sandbox.close());

async function googleRefreshToken(): Promise<string> {
  const { verifier, challenge } = pkce();
  const callback = await consent(
    `${sandbox.url}/google/o/oauth2/v2/auth`,
    {
      client_id: 'sandbox-google',
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid',
      access_type: 'offline',
      prompt: 'consent',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    },
    { user: 'listener' },
  );
  const form = { grant_type: 'authorization_code', code: callback.get('code') ?? '', redirect_uri: redirectUri };
  const { body } = await postForm(
    `${sandbox.url}/google/token`,
    { ...form, code_verifier: verifier },
    basic('sandbox-google'),
  );
  return String(body['refresh_token']);
}

describe('a consent that grew old', () => {
  it('at Google ends when its refresh token was not used for six months, and each use starts them anew', async () => {
    const token = await googleRefreshToken();
    const refresh = () =>
      postForm(
        `${sandbox.url}/google/token`,
        { grant_type: 'refresh_token', refresh_token: token },
        basic('sandbox-google'),
      );
    await age('google', 4);
    expect((await refresh()).status).toBe(200);
    await age('google', 4);
    expect((await refresh()).status).toBe(200);
    await age('google', 7);
    expect(await refresh()).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
    });
  });

  it('at GitHub ends for a GitHub App after half a year, and never for an OAuth app', async () => {
    const github = githubVisitor(sandbox.url);
    const app = await github.signIn('listener', githubApp);
    const oauth = await github.signIn('listener');
    await age('github', 1);
    expect(await github.statusOf(app['access_token'])).toBe(401);
    const { body } = await github.refresh(app['refresh_token']);
    expect(await github.statusOf(body['access_token'])).toBe(200);
    await age('github', 7);
    expect((await github.refresh(body['refresh_token'])).body['error']).toBe('bad_refresh_token');
    expect(await github.statusOf(oauth['access_token'])).toBe(200);
  });

  it('at Apple Music ends after half a year: only the person can give a new token', async () => {
    const apple = await appleMusicVisitor(sandbox.url);
    const token = await apple.userToken('listener');
    await age('apple-music', 5);
    expect((await apple.api(token)('GET', '/v1/me/storefront')).status).toBe(200);
    await age('apple-music', 2);
    expect(refusal(await apple.api(token)('GET', '/v1/me/storefront'))).toEqual([403, '40300']);
    const fresh = await apple.userToken('listener');
    expect((await apple.api(fresh)('GET', '/v1/me/storefront')).status).toBe(200);
  });
});
