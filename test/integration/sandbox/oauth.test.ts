import { createRemoteJWKSet, jwtVerify } from 'jose';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { admin, basic, caller, connectSpotify, consent, pkce, postForm, redirectUri } from './visitor';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

describe('signing in with Google', () => {
  const ask = {
    client_id: 'sandbox-google',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid email profile',
  };
  const client = { client_id: 'sandbox-google', client_secret: 'sandbox-google-secret' };

  async function signIn(extra: Record<string, string> = {}, user = 'listener') {
    const { verifier, challenge } = pkce();
    const proof = { code_challenge: challenge, code_challenge_method: 'S256' };
    const request = { ...ask, state: 'the state', nonce: 'the nonce', ...proof, ...extra };
    const callback = await consent(`${sandbox.url}/google/o/oauth2/v2/auth`, request, { user });
    const code = callback.get('code') ?? '';
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      ...client,
    };
    return { callback, form, answer: await postForm(`${sandbox.url}/google/token`, form) };
  }

  it('gives an id_token that its published keys verify, with everything a client must check', async () => {
    const { callback, answer } = await signIn();
    expect(callback.get('iss')).toBe(`${sandbox.url}/google`);
    expect(callback.get('state')).toBe('the state');
    const keys = createRemoteJWKSet(new URL(`${sandbox.url}/google/oauth2/v3/certs`));
    const { payload, protectedHeader } = await jwtVerify(String(answer.body['id_token']), keys, {
      issuer: `${sandbox.url}/google`,
      audience: 'sandbox-google',
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({ email: 'listener@example.test', email_verified: true, nonce: 'the nonce' });
    expect(payload.sub).toMatch(/^\d{21}$/);
    const info = await caller(`${sandbox.url}/google`, answer.body['access_token'])('GET', '/userinfo');
    expect(info.body).toMatchObject({ sub: payload.sub, email: 'listener@example.test' });
  });

  it('gives a refresh token only for offline access with fresh consent, and keeps it on refresh', async () => {
    expect((await signIn()).answer.body['refresh_token']).toBeUndefined();
    const { answer } = await signIn({ access_type: 'offline', prompt: 'consent' });
    const form = { grant_type: 'refresh_token', refresh_token: String(answer.body['refresh_token']), ...client };
    const refreshed = await postForm(`${sandbox.url}/google/token`, form);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body['refresh_token']).toBeUndefined();
  });

  it('ends the whole pair when one token is revoked, and says so at the second try', async () => {
    const { answer } = await signIn({ access_type: 'offline', prompt: 'consent' });
    const token = String(answer.body['access_token']);
    expect((await postForm(`${sandbox.url}/google/revoke`, { token })).status).toBe(200);
    expect((await postForm(`${sandbox.url}/google/revoke`, { token })).body['error']).toBe('invalid_token');
    const form = { grant_type: 'refresh_token', refresh_token: String(answer.body['refresh_token']), ...client };
    expect(await postForm(`${sandbox.url}/google/token`, form)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await caller(`${sandbox.url}/google`, token)('GET', '/userinfo')).status).toBe(401);
  });

  it('refuses a wrong verifier, another redirect address and a wrong secret', async () => {
    const { form } = await signIn();
    const { challenge } = pkce();
    const request = { ...ask, code_challenge: challenge, code_challenge_method: 'S256' };
    const callback = await consent(`${sandbox.url}/google/o/oauth2/v2/auth`, request, { user: 'admin' });
    const fresh = { ...form, code: callback.get('code') ?? '' };
    const token = `${sandbox.url}/google/token`;
    expect((await postForm(token, fresh)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await postForm(token, { ...fresh, redirect_uri: 'https://else.example' })).status).toBe(400);
    expect((await postForm(token, { ...fresh, client_secret: 'guess' })).status).toBe(401);
  });

  it('ends what a code gave when the code comes a second time', async () => {
    const { form, answer } = await signIn();
    expect((await postForm(`${sandbox.url}/google/token`, form)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await caller(`${sandbox.url}/google`, answer.body['access_token'])('GET', '/userinfo')).status).toBe(401);
  });

  it('sends the browser back with access_denied when the person cancels', async () => {
    const page = `${sandbox.url}/google/o/oauth2/v2/auth`;
    const callback = await consent(page, { ...ask, state: 'x' }, { user: 'listener', decision: 'deny' });
    expect(Object.fromEntries(callback)).toMatchObject({ error: 'access_denied', state: 'x' });
  });
});

describe('connecting Spotify', () => {
  const token = () => `${sandbox.url}/spotify/api/token`;

  it('refuses localhost, an unknown client and a plain challenge on a page, without a redirect', async () => {
    const changes: Record<string, string>[] = [
      { redirect_uri: 'http://localhost:8080/cb' },
      { redirect_uri: 'http://example.com/cb' },
      { client_id: 'nobody' },
      { code_challenge: 'x', code_challenge_method: 'plain' },
    ];
    for (const change of changes) {
      const request = { client_id: 'sandbox-spotify', response_type: 'code', redirect_uri: redirectUri, ...change };
      const response = await fetch(`${sandbox.url}/spotify/authorize?${new URLSearchParams(request)}`, {
        redirect: 'manual',
      });
      expect(response.status).toBe(400);
    }
  });

  it('preselects the login_hint', async () => {
    const request = {
      client_id: 'sandbox-spotify',
      response_type: 'code',
      redirect_uri: redirectUri,
      login_hint: 'reviewer',
    };
    const html = await (await fetch(`${sandbox.url}/spotify/authorize?${new URLSearchParams(request)}`)).text();
    expect(html).toContain('<option value="reviewer" selected>');
  });

  it('refreshes without a new refresh token, as Spotify may since July 2026', async () => {
    const tokens = await connectSpotify(sandbox.url, 'listener');
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const form = { grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) };
    const { body } = await postForm(token(), form, basic('sandbox-spotify'));
    expect(body['refresh_token']).toBeUndefined();
    expect((await caller(`${sandbox.url}/spotify/v1`, body['access_token'])('GET', '/me')).body['id']).toBe('listener');
  });

  it('serves a client of somebody’s own by PKCE without a secret, and never without the verifier', async () => {
    const clientId = '0123456789abcdef0123456789abcdef';
    const { verifier, challenge } = pkce();
    const request = {
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'user-library-read',
    };
    const proof = { code_challenge: challenge, code_challenge_method: 'S256' };
    const page = `${sandbox.url}/spotify/authorize`;
    const code = (await consent(page, { ...request, ...proof }, { user: 'listener' })).get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: clientId };
    expect((await postForm(token(), form)).body).toMatchObject({ error: 'invalid_request' });
    const { body } = await postForm(token(), { ...form, code_verifier: verifier });
    expect(body['scope']).toBe('user-library-read');
    const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']), client_id: clientId };
    expect((await postForm(token(), refresh)).status).toBe(200);
  });

  it('rotates the refresh token where it is told to, and the old one is dead', async () => {
    const rotating = await startSandbox({ rotateRefreshTokens: true });
    try {
      const tokens = await connectSpotify(rotating.url, 'listener');
      const refresh = (text: unknown) =>
        postForm(
          `${rotating.url}/spotify/api/token`,
          { grant_type: 'refresh_token', refresh_token: String(text) },
          basic('sandbox-spotify'),
        );
      const first = await refresh(tokens['refresh_token']);
      expect(await refresh(tokens['refresh_token'])).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant', error_description: 'Refresh token revoked' },
      });
      expect((await refresh(first.body['refresh_token'])).status).toBe(200);
    } finally {
      await rotating.close();
    }
  });

  it('names every secret that went in or out', async () => {
    const tokens = await connectSpotify(sandbox.url, 'second-listener');
    const { items } = await admin(sandbox.url)('GET', '/secrets');
    expect(items).toEqual(
      expect.arrayContaining([
        tokens['access_token'],
        tokens['refresh_token'],
        'sandbox-spotify-secret',
        'second-listener@example.test',
        'Tomasz Quillfeather',
      ]),
    );
  });
});
