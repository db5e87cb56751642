import { request as httpRequest } from 'node:http';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { credentials, githubApp, githubVisitor, oauthApp } from './github-visitor';
import { admin, basic } from './visitor';

let sandbox: Sandbox;
let github: ReturnType<typeof githubVisitor>;
beforeAll(async () => {
  sandbox = await startSandbox();
  github = githubVisitor(sandbox.url);
});
afterAll(() => sandbox.close());

describe('the API', () => {
  it('tells a stable numeric id, and no address unless it was made public', async () => {
    const [first, second] = [await github.signIn(), await github.signIn()];
    const user = (await github.api(first['access_token'])('GET', '/user')).body;
    expect(user).toMatchObject({ id: expect.any(Number), login: 'listener', name: 'Odalys Brennvik', email: null });
    expect((await github.api(second['access_token'])('GET', '/user')).body['id']).toBe(user['id']);
    const other = (await github.api((await github.signIn('admin'))['access_token'])('GET', '/user')).body;
    expect(other['id']).not.toBe(user['id']);
  });

  it('lists several addresses, the primary one not first, and one that is somebody else’s unconfirmed', async () => {
    const emails = async (user: string) => github.emails((await github.signIn(user))['access_token']);
    const own = await emails('listener');
    expect(own.filter(({ primary }) => primary)).toEqual([
      { email: 'listener@example.test', primary: true, verified: true, visibility: 'private' },
    ]);
    expect(own[0]?.primary).toBe(false);
    const careless = await emails('second-listener');
    expect(careless.filter(({ primary, verified }) => primary && verified)).toEqual([]);
    expect(careless).toContainEqual(
      expect.objectContaining({ email: 'listener@example.test', primary: false, verified: false }),
    );
  });

  it('hides addresses from a token without the scope, and anything from a bad token', async () => {
    const token = (await github.signIn('listener', oauthApp, { scope: 'read:user' }))['access_token'];
    const shown = await github.api(token)('GET', '/user');
    expect([shown.status, shown.headers.get('x-oauth-scopes')]).toEqual([200, 'read:user']);
    expect(await github.api(token)('GET', '/user/emails')).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    });
    expect(await github.api('gho_made-up')('GET', '/user')).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    });
    const nobody = await fetch(`${github.apiUrl}/user`);
    expect([nobody.status, await nobody.json()]).toMatchObject([401, { message: 'Requires authentication' }]);
    expect((await fetch(`${github.apiUrl}/user`, { headers: { authorization: `token ${String(token)}` } })).ok).toBe(
      true,
    );
  });

  it('turns away a client that does not say who it is', async () => {
    const token = String((await github.signIn())['access_token']);
    expect(await statusWithoutAgent(`${github.apiUrl}/user`, token)).toBe(403);
  });
});

describe('what an app asks and ends about its tokens', () => {
  it('tells whose a token is while it works', async () => {
    const { access_token } = await github.signIn();
    expect(await github.ask('POST', 'token', { access_token })).toMatchObject({
      status: 200,
      body: { user: { login: 'listener' }, scopes: ['read:user', 'user:email'], expires_at: null },
    });
    expect((await github.ask('POST', 'token', { access_token: 'gho_made-up' })).status).toBe(404);
    expect((await github.ask('POST', 'token', {})).status).toBe(422);
  });

  it('ends one token, or with the grant all that the person gave this app', async () => {
    const [first, second, third] = [await github.signIn(), await github.signIn(), await github.signIn()].map(
      (body) => body['access_token'],
    );
    const other = (await github.signIn('listener', 'sandbox-github-2'))['access_token'];
    const stranger = (await github.signIn('admin'))['access_token'];
    expect((await github.ask('DELETE', 'token', { access_token: first })).status).toBe(204);
    expect([await github.statusOf(first), await github.statusOf(second)]).toEqual([401, 200]);
    expect((await github.ask('DELETE', 'grant', { access_token: second })).status).toBe(204);
    expect([await github.statusOf(second), await github.statusOf(third)]).toEqual([401, 401]);
    expect([await github.statusOf(other), await github.statusOf(stranger)]).toEqual([200, 200]);
    for (const path of ['token', 'grant']) {
      expect([path, (await github.ask('DELETE', path, { access_token: second })).status]).toEqual([path, 422]);
      expect([path, (await github.ask('DELETE', path, { access_token: 'gho_made-up' })).status]).toEqual([path, 404]);
      expect([path, (await github.ask('DELETE', path)).status]).toEqual([path, 422]);
    }
  });

  it('lets no app end another’s tokens, nor anybody without the secret', async () => {
    const { access_token } = await github.signIn();
    expect((await github.ask('DELETE', 'grant', { access_token }, 'sandbox-github-2')).status).toBe(404);
    expect((await github.ask('DELETE', 'grant', { access_token }, oauthApp, basic('sandbox-github-2'))).status).toBe(
      404,
    );
    const guess = { authorization: `Basic ${Buffer.from(`${oauthApp}:guess`).toString('base64')}` };
    expect((await github.ask('DELETE', 'grant', { access_token }, oauthApp, guess)).status).toBe(401);
    expect(
      (await github.ask('DELETE', 'grant', { access_token, ...credentials(oauthApp) }, oauthApp, { authorization: '' }))
        .status,
    ).toBe(401);
    expect(await github.statusOf(access_token)).toBe(200);
  });
});

describe('around it', () => {
  it('ends everything when the person takes the app off in the settings', async () => {
    const tokens = await github.signIn('listener', githubApp);
    await admin(sandbox.url)('POST', '/users/listener/github/revoke');
    expect(await github.statusOf(tokens['access_token'])).toBe(401);
    expect((await github.refresh(tokens['refresh_token'])).body['error']).toBe('bad_refresh_token');
    await expect(admin(sandbox.url)('POST', '/users/listener/nobody/revoke')).rejects.toThrow(/404/);
  });

  it('lets ordered faults happen at the token endpoint and at the API, by route', async () => {
    const control = admin(sandbox.url);
    const fault = (body: object) => control('POST', '/faults', { service: 'github', ...body });
    const token = (await github.signIn())['access_token'];
    await fault({ route: '/api/user', status: 429, retryAfter: 60 });
    await fault({ method: 'DELETE', route: '/api/applications/{client_id}/grant', status: 502 });
    await fault({ route: '/login/oauth/access_token', status: 200, body: { error: 'unverified_user_email' } });
    const limited = await github.api(token)('GET', '/user');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await github.ask('DELETE', 'grant', { access_token: token })).status).toBe(502);
    expect((await github.exchange('any')).body).toEqual({ error: 'unverified_user_email' });
    expect(await github.statusOf(token)).toBe(200);
    expect((await control('GET', '/calls'))['items']).toContainEqual({
      service: 'github',
      method: 'DELETE',
      route: '/api/applications/{client_id}/grant',
      status: 502,
      count: 1,
    });
  });

  it('names every secret that went in or out', async () => {
    const callback = await github.approve('second-listener', githubApp);
    const { body } = await github.exchange(callback.get('code'), {}, githubApp);
    await github.exchange('refused-code', { client_secret: 'guessed-secret' });
    const { items } = await admin(sandbox.url)('GET', '/secrets');
    const emails = await github.emails(body['access_token']);
    expect(items).toEqual(
      expect.arrayContaining([
        callback.get('code'),
        body['access_token'],
        body['refresh_token'],
        'sandbox-github-app-secret',
        'refused-code',
        'guessed-secret',
        ...emails.map(({ email }) => email),
      ]),
    );
  });
});

/** `fetch` always sends a user agent; this does not. */
function statusWithoutAgent(url: string, token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}
