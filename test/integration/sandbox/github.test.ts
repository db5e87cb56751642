import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { credentials, githubApp, githubVisitor, oauthApp } from './github-visitor';
import { admin, consent, pkce, redirectUri } from './visitor';

let sandbox: Sandbox;
let github: ReturnType<typeof githubVisitor>;
beforeAll(async () => {
  sandbox = await startSandbox();
  github = githubVisitor(sandbox.url);
});
afterAll(() => sandbox.close());

describe('the page that asks the person', () => {
  it('sends code, state and issuer back, and takes the login as the account to choose', async () => {
    const callback = await github.approve('listener');
    expect([callback.get('state'), callback.get('iss')]).toEqual(['the state', github.issuer]);
    expect(callback.get('code')).toMatch(/^[0-9a-f]{20}$/);
    const query = new URLSearchParams({ client_id: oauthApp, redirect_uri: redirectUri, login: 'reviewer' });
    expect(await (await fetch(`${github.authorizeUrl}?${query}`)).text()).toContain('value="reviewer" selected');
  });

  it('says why where the person cancels', async () => {
    const request = { client_id: oauthApp, redirect_uri: redirectUri, state: 'x' };
    const callback = await consent(github.authorizeUrl, request, { user: 'listener', decision: 'deny' });
    expect(Object.fromEntries(callback)).toEqual({
      error: 'access_denied',
      error_description: 'The user has denied your application access.',
      error_uri: expect.stringContaining('https://docs.github.com/') as string,
      state: 'x',
      iss: github.issuer,
    });
  });

  it('shows an error page for a strange client, address or challenge', async () => {
    const changes: Record<string, string>[] = [
      { client_id: 'sandbox-google' },
      { redirect_uri: 'http://example.com/' },
      { code_challenge: 'x', code_challenge_method: 'plain' },
    ];
    for (const change of changes) {
      const query = new URLSearchParams({ client_id: oauthApp, redirect_uri: redirectUri, ...change });
      const shown = await fetch(`${github.authorizeUrl}?${query}`, { redirect: 'manual' });
      expect([change, shown.status]).toEqual([change, 400]);
    }
  });
});

describe('the token endpoint', () => {
  it('answers as a form unless JSON is asked for, with the scopes between commas', async () => {
    const code = (await github.approve('listener')).get('code') ?? '';
    const response = await fetch(github.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({ code, ...credentials(oauthApp) }),
    });
    expect(response.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/);
    const answer = Object.fromEntries(new URLSearchParams(await response.text()));
    expect(answer).toEqual({
      access_token: expect.stringMatching(/^gho_[0-9a-f]{36}$/) as string,
      scope: 'read:user,user:email',
      token_type: 'bearer',
    });
    expect(await github.signIn('listener', oauthApp, { scope: 'user:email,read:org' })).toMatchObject({
      scope: 'user:email,read:org',
    });
  });

  it('says what is wrong with status 200', async () => {
    const code = (await github.approve('listener')).get('code');
    const error = async (answer: ReturnType<typeof github.exchange>) => {
      const { status, body } = await answer;
      expect([status, typeof body['error_description'], typeof body['error_uri']]).toEqual([200, 'string', 'string']);
      return body['error'];
    };
    expect(await error(github.exchange(code, { client_secret: 'guess' }))).toBe('incorrect_client_credentials');
    expect(await error(github.exchange(code, { client_id: 'nobody' }))).toBe('incorrect_client_credentials');
    expect(await error(github.exchange(code, { redirect_uri: 'https://else.example/' }))).toBe('redirect_uri_mismatch');
    expect(await error(github.exchange(code, {}, 'sandbox-github-2'))).toBe('bad_verification_code');
    expect(await error(github.exchange('made-up'))).toBe('bad_verification_code');
    expect(await error(github.exchange(code, { grant_type: 'password' }))).toBe('unsupported_grant_type');
    expect(await error(github.refresh('made-up'))).toBe('bad_refresh_token');
    const { body } = await github.exchange(code, { redirect_uri: redirectUri });
    expect(await error(github.exchange(code))).toBe('bad_verification_code');
    expect(await github.statusOf(body['access_token'])).toBe(200);
  });

  it('holds to a challenge where there was one', async () => {
    const { verifier, challenge } = pkce();
    const proof = { code_challenge: challenge, code_challenge_method: 'S256' };
    const code = (await github.approve('listener', oauthApp, proof)).get('code');
    expect((await github.exchange(code)).body['error']).toBe('bad_verification_code');
    expect((await github.exchange(code, { code_verifier: pkce().verifier })).body['error']).toBe(
      'bad_verification_code',
    );
    expect((await github.exchange(code, { code_verifier: verifier })).body['access_token']).toBeDefined();
  });
});

describe('a GitHub App', () => {
  it('gets tokens that end after eight hours, and the old pair dies at a refresh', async () => {
    const first = await github.signIn('listener', githubApp);
    expect(first).toMatchObject({
      access_token: expect.stringMatching(/^ghu_/) as string,
      refresh_token: expect.stringMatching(/^ghr_/) as string,
      expires_in: 28_800,
      refresh_token_expires_in: 15_897_600,
      scope: '',
    });
    const { body: second } = await github.refresh(first['refresh_token']);
    expect(await github.statusOf(first['access_token'])).toBe(401);
    expect(await github.statusOf(second['access_token'])).toBe(200);
    expect(await github.refresh(first['refresh_token'])).toMatchObject({
      status: 200,
      body: { error: 'bad_refresh_token' },
    });
    expect((await github.refresh(second['refresh_token'])).body['refresh_token']).toBeDefined();
    expect(await github.statusOf(second['access_token'])).toBe(401);
  });

  it('may read addresses by its registration, and its ended token can no longer name the grant', async () => {
    const tokens = await github.signIn('listener', githubApp, { scope: '' });
    expect((await github.api(tokens['access_token'])('GET', '/user/emails')).status).toBe(200);
    await admin(sandbox.url)('POST', '/users/listener/github/expire-tokens');
    expect(await github.statusOf(tokens['access_token'])).toBe(401);
    const access_token = tokens['access_token'];
    expect((await github.ask('DELETE', 'grant', { access_token }, githubApp)).status).toBe(422);
    expect((await github.refresh(tokens['refresh_token'])).body['access_token']).toBeDefined();
  });
});
