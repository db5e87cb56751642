import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { admin, basic, caller, connectSpotify, postForm } from './visitor';

let sandbox: Sandbox;
let tokens: Record<string, unknown>;
let spotify: ReturnType<typeof caller>;
let control: ReturnType<typeof admin>;
let likes: { trackId: string }[];

beforeAll(async () => {
  sandbox = await startSandbox();
  control = admin(sandbox.url);
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await control('DELETE', '/faults');
  tokens = await connectSpotify(sandbox.url, 'second-listener');
  spotify = caller(`${sandbox.url}/spotify/v1`, tokens['access_token']);
  await control('DELETE', '/calls');
  likes = await readLikes();
});

async function readLikes(): Promise<{ trackId: string }[]> {
  return (await control('GET', '/users/second-listener/spotify/library'))['likes'] as { trackId: string }[];
}
const unlike = (n: number) => spotify('DELETE', `/me/library?uris=spotify:track:${likes[n]?.trackId}`);
const shownTotal = async () => (await spotify('GET', '/me/tracks?limit=1')).body['total'];
const fault = (body: object) => control('POST', '/faults', { service: 'spotify', ...body });
const refresh = () =>
  postForm(
    `${sandbox.url}/spotify/api/token`,
    { grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) },
    basic('sandbox-spotify'),
  );

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it never came to hold');
}

describe('faults that are ordered', () => {
  it('answers 429 with Retry-After as often as told, for the route that was named', async () => {
    await fault({ method: 'DELETE', route: '/me/library', times: 2, status: 429, retryAfter: 90 });
    const first = await unlike(0);
    expect(first.status).toBe(429);
    expect(first.headers.get('retry-after')).toBe('90');
    expect((await spotify('GET', '/me')).status).toBe(200);
    expect((await unlike(0)).status).toBe(429);
    expect(await readLikes()).toHaveLength(likes.length);
    expect((await unlike(0)).status).toBe(200);
    expect((await control('GET', '/calls'))['items']).toEqual(
      expect.arrayContaining([
        { service: 'spotify', method: 'DELETE', route: '/me/library', status: 429, count: 2 },
        { service: 'spotify', method: 'DELETE', route: '/me/library', status: 200, count: 1 },
      ]),
    );
  });

  it('lets the first calls pass where it is told to skip them, and takes a body of its own', async () => {
    const body = { error: { status: 429, message: 'Too many requests', reason: 'QUOTA_EXCEEDED' } };
    await fault({ route: '/me', skip: 1, status: 429, body });
    expect((await spotify('GET', '/me')).status).toBe(200);
    expect((await spotify('GET', '/me')).body).toEqual(body);
    expect((await spotify('GET', '/me')).status).toBe(200);
  });

  it('performs a write and withholds the answer', async () => {
    await fault({ method: 'DELETE', route: '/me/library', dropAnswer: true });
    await expect(unlike(0)).rejects.toThrow();
    expect(await readLikes()).toHaveLength(likes.length - 1);
    const { items } = await control('GET', '/calls');
    expect(items).toContainEqual({ service: 'spotify', method: 'DELETE', route: '/me/library', status: 0, count: 1 });
  });

  it('withholds the answer of a write that lands late', async () => {
    await fault({ method: 'DELETE', route: '/me/library', landLateMs: 300 });
    await expect(unlike(0)).rejects.toThrow();
    expect(await readLikes()).toHaveLength(likes.length);
    await until(async () => (await readLikes()).length === likes.length - 1);
  });

  it('shows readers the state before a write for a while, and the admin the truth', async () => {
    await fault({ readLagMs: 400, times: 1 });
    expect((await unlike(0)).status).toBe(200);
    expect(await shownTotal()).toBe(likes.length);
    expect(await readLikes()).toHaveLength(likes.length - 1);
    await until(async () => (await shownTotal()) === likes.length - 1);
    await unlike(1);
    expect(await shownTotal()).toBe(likes.length - 2);
  });

  it('is slow', async () => {
    const slow = unlikeIn(150);
    await fault({ method: 'DELETE', delayMs: 150 });
    expect(await slow()).toBe(true);
  });

  it('rejects a refresh, breaks the accounts service, and takes a scope away', async () => {
    const accounts = { service: 'spotify-accounts', method: 'POST', route: '/api/token' };
    await control('POST', '/faults', { ...accounts, status: 400 });
    expect(await refresh()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    await control('POST', '/faults', { ...accounts, status: 503 });
    expect((await refresh()).status).toBe(503);
    await control('POST', '/faults', { ...accounts, body: { scope: 'playlist-read-private' } });
    const reduced = await refresh();
    expect(reduced.body['scope']).toBe('playlist-read-private');
    const limited = caller(`${sandbox.url}/spotify/v1`, reduced.body['access_token']);
    expect((await limited('GET', '/me/tracks')).status).toBe(403);
  });

  it('rotates a refresh token once', async () => {
    await control('POST', '/faults', { service: 'spotify-accounts', route: '/api/token', rotateRefreshToken: true });
    expect((await refresh()).body['refresh_token']).toEqual(expect.any(String));
    expect((await refresh()).body['error_description']).toBe('Refresh token revoked');
  });

  it('refuses a fault that it does not understand', async () => {
    await expect(fault({ stauts: 429 })).rejects.toThrow(/400/);
    await expect(fault({ service: 'nobody' })).rejects.toThrow(/400/);
  });
});

describe('what happens to tokens', () => {
  it('expires the access tokens of a person, and a refresh helps', async () => {
    await control('POST', '/users/second-listener/spotify/expire-tokens');
    expect(await spotify('GET', '/me')).toMatchObject({
      status: 401,
      body: { error: { message: 'The access token expired' } },
    });
    const fresh = caller(`${sandbox.url}/spotify/v1`, (await refresh()).body['access_token']);
    expect((await fresh('GET', '/me')).status).toBe(200);
  });

  it('revokes everything, and a refresh does not help', async () => {
    await control('POST', '/users/second-listener/spotify/revoke');
    expect(await spotify('GET', '/me')).toMatchObject({
      status: 401,
      body: { error: { message: 'Invalid access token' } },
    });
    expect(await refresh()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

/** Whether a call is still without an answer when most of the ordered delay has passed. */
function unlikeIn(delayMs: number): () => Promise<boolean> {
  return async () => {
    const call = unlike(0).then(() => false);
    const waited = new Promise<boolean>((resolve) => setTimeout(() => resolve(true), delayMs / 2));
    const pending = await Promise.race([call, waited]);
    await call;
    return pending;
  };
}
