import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { admin, basic, caller, connectSpotify, everyScope, postForm, refreshSpotify, type Answer } from './visitor';

let sandbox: Sandbox;
let control: ReturnType<typeof admin>;
// Each case has an app and a developer of its own, so that none finds what another one set up.
let app: string;
let developer: string;
let cases = 0;
beforeAll(async () => {
  sandbox = await startSandbox();
  control = admin(sandbox.url);
});
afterAll(() => sandbox.close());
beforeEach(() => {
  cases += 1;
  app = `own-app-${cases}`;
  developer = `owner-of-${app}`;
});

async function connected(user: string, clientId = app) {
  const tokens = await connectSpotify(sandbox.url, user, everyScope, clientId);
  const api = caller(`${sandbox.url}/spotify/v1`, tokens['access_token']);
  return { tokens, me: (): Promise<Answer> => api('GET', '/me') };
}
const setUp = (clientId: string, app: object) => control('PUT', `/spotify/apps/${clientId}`, app);

describe('apps of several developers', () => {
  it('connect the same person apart, each with its own tokens', async () => {
    const [first, second] = [
      await connected('listener', 'sandbox-spotify'),
      await connected('listener', 'sandbox-spotify-2'),
    ];
    expect((await refreshSpotify(sandbox.url, first.tokens['refresh_token'], 'sandbox-spotify-2')).body).toMatchObject({
      error: 'invalid_grant',
    });
    await control('POST', '/users/listener/spotify/revoke', { clientId: 'sandbox-spotify-2' });
    expect([(await first.me()).status, (await second.me()).status]).toEqual([200, 401]);
  });

  it('may be somebody’s own, which is public and has no secret at all', async () => {
    const { me, tokens } = await connected('listener');
    expect((await me()).status).toBe(200);
    expect((await refreshSpotify(sandbox.url, tokens['refresh_token'], app)).status).toBe(200);
    const form = { grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) };
    const guessed = await postForm(`${sandbox.url}/spotify/api/token`, form, basic(app));
    expect(guessed).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
    await expect(control('GET', '/spotify/apps/somebody-else')).rejects.toThrow(/404/);
  });
});

describe('an app in development mode', () => {
  it('serves only the people who are registered, and says so in plain text', async () => {
    await setUp(app, { registeredUsers: ['listener'] });
    const [known, stranger] = [await connected('listener'), await connected('reviewer')];
    expect((await known.me()).status).toBe(200);
    const refused = await stranger.me();
    expect([refused.status, refused.body]).toEqual([403, { text: 'User not registered in the Developer Dashboard' }]);
    expect(refused.headers.get('content-type')).toMatch(/^text\/plain/);
    await setUp(app, { registeredUsers: ['listener', 'reviewer'] });
    expect((await stranger.me()).status).toBe(200);
    expect((await (await connected('admin', 'sandbox-spotify-2')).me()).status).toBe(200);
  });

  it('takes five people, all of whom there are', async () => {
    const six = ['listener', 'second-listener', 'apple-listener', 'moderator', 'reviewer', 'admin'];
    await expect(setUp(app, { registeredUsers: six })).rejects.toThrow(/400/);
    await expect(setUp(app, { registeredUsers: ['nobody'] })).rejects.toThrow(/400/);
    expect(await setUp(app, { registeredUsers: six.slice(1) })).toMatchObject({ owner: developer });
  });

  it('stops for everybody when its owner has no Premium, and goes on afterwards', async () => {
    const { me } = await connected('listener');
    await setUp(app, { ownerHasPremium: false });
    expect(await me()).toMatchObject({
      status: 403,
      body: { error: { status: 403, message: 'Active premium subscription required for the owner of the app.' } },
    });
    await setUp(app, { ownerHasPremium: true });
    expect((await me()).status).toBe(200);
  });
});

describe('a quota', () => {
  const limit = (account: string, calls: number) =>
    control('PUT', `/spotify/developers/${account}/quota`, { calls, windowSeconds: 3600 });

  it('belongs to a developer account, over all of its apps, and to no other', async () => {
    await setUp(`${app}-too`, { owner: developer });
    const [first, sibling] = [await connected('listener'), await connected('reviewer', `${app}-too`)];
    const other = await connected('listener', 'sandbox-spotify-2');
    await limit(developer, 2);
    expect([(await first.me()).status, (await sibling.me()).status]).toEqual([200, 200]);
    for (const { me } of [first, sibling]) {
      const refused = await me();
      expect(refused.body).toEqual({
        error: { status: 429, message: 'Too many requests', reason: 'QUOTA_EXCEEDED' },
      });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000);
    }
    expect((await other.me()).status).toBe(200);
    const { items } = await control('GET', '/spotify/developers');
    expect(items).toContainEqual({ account: developer, calls: 4, quota: { calls: 2, windowSeconds: 3600 } });
    expect(items).toContainEqual(expect.objectContaining({ account: 'developer-2', quota: null }));
  });

  it('is lifted again', async () => {
    const { me } = await connected('listener');
    await limit(developer, 1);
    expect([(await me()).status, (await me()).status]).toEqual([200, 429]);
    await control('DELETE', `/spotify/developers/${developer}/quota`);
    expect([(await me()).status, (await me()).status]).toEqual([200, 200]);
  });
});

describe('refresh tokens', () => {
  const described = ({ status, body }: Answer) => [status, body['error_description'] ?? null];

  it('rotate for the app that is told so, and the old one dies at once', async () => {
    await setUp(app, { rotateRefreshTokens: true });
    const { tokens } = await connected('listener');
    const refresh = (token: unknown) => refreshSpotify(sandbox.url, token, app);
    const { body } = await refresh(tokens['refresh_token']);
    expect(described(await refresh(tokens['refresh_token']))).toEqual([400, 'Refresh token revoked']);
    expect((await refresh(body['refresh_token'])).status).toBe(200);
    const other = await connected('listener', 'sandbox-spotify');
    const { body: kept } = await refreshSpotify(sandbox.url, other.tokens['refresh_token']);
    expect(kept).not.toHaveProperty('refresh_token');
  });

  it('go on for as many uses as the app has it after they were replaced', async () => {
    await setUp(app, { rotateRefreshTokens: true, oldTokenUses: 2 });
    const { tokens } = await connected('listener');
    const old = tokens['refresh_token'];
    const given = new Set<unknown>([old]);
    for (let use = 0; use < 3; use += 1) given.add((await refreshSpotify(sandbox.url, old, app)).body['refresh_token']);
    expect(given.size).toBe(4);
    expect(given).not.toContain(undefined);
    expect(described(await refreshSpotify(sandbox.url, old, app))).toEqual([400, 'Refresh token revoked']);
    expect((await refreshSpotify(sandbox.url, [...given].at(-1), app)).status).toBe(200);
  });

  it('end six months after the person agreed, whatever was refreshed in between', async () => {
    await setUp(app, { rotateRefreshTokens: true });
    const { tokens } = await connected('listener');
    await control('POST', '/users/listener/spotify/age-consent', { clientId: app, months: 5 });
    const { body } = await refreshSpotify(sandbox.url, tokens['refresh_token'], app);
    await control('POST', '/users/listener/spotify/age-consent', { clientId: app, days: 40 });
    const refused = await refreshSpotify(sandbox.url, body['refresh_token'], app);
    expect(refused.body).toEqual({ error: 'invalid_grant', error_description: 'Refresh token expired' });
    const again = await connected('listener');
    expect((await refreshSpotify(sandbox.url, again.tokens['refresh_token'], app)).status).toBe(200);
  });

  it('give fewer scopes after the person took some away, and so do the tokens that are out', async () => {
    const { tokens } = await connected('listener');
    await control('POST', '/users/listener/spotify/reduce-scopes', { clientId: app, scopes: ['user-library-read'] });
    const api = caller(`${sandbox.url}/spotify/v1`, tokens['access_token']);
    expect((await api('GET', '/me/tracks')).status).toBe(200);
    expect((await api('GET', '/me/playlists')).status).toBe(403);
    const { body } = await refreshSpotify(sandbox.url, tokens['refresh_token'], app);
    expect(body['scope']).toBe('user-library-read');
  });
});
