import { createSession } from '../../../adapters/postgres/sessions';
import { startApi, type ApiUnderTest } from './api-under-test';

const frontend = 'http://127.0.0.1:5173';
let api: ApiUnderTest;
let userId: string;
let cookie: string;

beforeAll(async () => {
  api = await startApi();
  userId = (await api.person()).id;
  cookie = await session();
});
afterAll(() => api.close());

async function session(): Promise<string> {
  const made = await createSession(api.deps.orm.em.fork(), { userId, userAgent: 'a browser', lifetime: api.config });
  return `dnp_session=${made.token}`;
}
const patch = (headers: Record<string, string | undefined>) =>
  api.call('PATCH', '/api/v1/me', {
    body: { version: 999 },
    headers: { cookie, ...(headers as Record<string, string>) },
  });

describe('what other sites may do with somebody’s browser', () => {
  it('a write without an origin of ours is refused before anything happens', async () => {
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ])
      expect((await patch(headers)).body.code).toBe('origin_not_allowed');
  });

  it('from ourselves or a configured frontend it goes through', async () => {
    for (const headers of [{ origin: api.url }, { origin: frontend }, { 'sec-fetch-site': 'same-origin' }])
      expect((await patch(headers)).body.code).toBe('version_conflict');
  });

  it('a token needs no origin, since no browser sends it by itself', async () => {
    const { token } = await api.person();
    const answer = await api.call('PATCH', '/api/v1/me', { token, body: { version: 1, displayName: 'Renamed' } });
    expect(answer.body).toMatchObject({ displayName: 'Renamed', version: 2 });
  });

  it('only a configured frontend may read with credentials, failures included', async () => {
    const allowed = await api.call('GET', '/api/v1/auth/session', { headers: { origin: frontend } });
    expect(allowed.status).toBe(401);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(frontend);
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
    const other = await api.call('GET', '/api/v1/auth/session', {
      headers: { origin: 'https://evil.example', cookie },
    });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    expect(other.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('a preflight is answered for frontends', async () => {
    const headers = {
      origin: frontend,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'content-type',
    };
    const answer = await api.call('OPTIONS', '/api/v1/me', { headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('content-type');
  });

  it('pages can’t be framed and load their own files only', async () => {
    const policy = (await api.call('GET', '/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('upgrade-insecure-requests');
  });
});

describe('localhost', () => {
  const asLocalhost = (path: string, method = 'GET') =>
    fetch(`${api.url.replace('127.0.0.1', 'localhost')}${path}`, { method, redirect: 'manual' });

  it('is sent to 127.0.0.1 when reading, and nowhere from a callback or when writing', async () => {
    const moved = await asLocalhost('/docs?x=1');
    expect({ status: moved.status, to: moved.headers.get('location') }).toEqual({
      status: 308,
      to: `${api.url}/docs?x=1`,
    });
    expect((await asLocalhost('/api/v1/auth/google/callback')).headers.get('location')).toContain('error=flow_unknown');
    expect((await asLocalhost('/api/v1/auth/session', 'DELETE')).status).toBe(401);
  });
});

describe('request ids', () => {
  it('a sane one is taken over, another is replaced', async () => {
    const given = await api.call('GET', '/healthz', { headers: { 'x-request-id': 'from-the-proxy-1' } });
    expect(given.headers.get('x-request-id')).toBe('from-the-proxy-1');
    const replaced = await api.call('GET', '/healthz', { headers: { 'x-request-id': 'short; <b>' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('every answer is one log line with the route’s pattern, never the path or the query', async () => {
    const { headers } = await api.call(
      'DELETE',
      '/api/v1/auth/tokens/0195c2a4-0000-7000-8000-000000000000?code=secret',
    );
    const lines = api.logged().filter((line) => line.requestId === headers.get('x-request-id'));
    expect(lines).toMatchObject([{ method: 'DELETE', route: '/api/v1/auth/tokens/{id}', status: 401 }]);
    expect(JSON.stringify(lines)).not.toMatch(/secret|0195c2a4/);
  });

  it('and one measurement under the same label', async () => {
    await api.call('GET', '/no/such/path');
    const text = await api.deps.metrics.registry.metrics();
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="unmatched",status="404"}');
    expect(text).toContain(
      'http_request_duration_seconds_count{method="DELETE",route="/api/v1/auth/tokens/{id}",status="401"}',
    );
    expect(text).not.toContain('no/such/path');
  });
});

describe('limits', () => {
  it('the number left is told, and beyond it comes a 429 that says when to come back', async () => {
    const strict = await startApi({ environment: { RATE_LIMIT_REQUESTS: '2' } });
    const { token } = await strict.person();
    const read = () => strict.call('GET', '/api/v1/me', { token });
    expect((await read()).headers.get('ratelimit')).toMatch(/^"requests";r=1;t=\d+$/);
    await read();
    const refused = await read();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-policy')).toBe('"requests";q=2;w=60');
    expect(Number(refused.headers.get('retry-after'))).toBe(refused.body.retryAfter);
    expect(refused.body).toMatchObject({ code: 'rate_limited', retryable: true });
    const { token: other } = await strict.person();
    expect((await strict.call('GET', '/api/v1/me', { token: other })).status).toBe(200);
    await strict.close();
  });

  it('starting sign-ins has a limit of its own, by address', async () => {
    const strict = await startApi({ environment: { SANDBOX_URL: 'http://127.0.0.1:9', RATE_LIMIT_SIGN_IN: '1' } });
    expect((await strict.call('GET', '/api/v1/auth/google/start')).status).toBe(302);
    expect((await strict.call('GET', '/api/v1/auth/google/start')).status).toBe(429);
    await strict.close();
  });
});

describe('a provider that is not configured', () => {
  it('is told as such, and listed as such', async () => {
    const answer = await api.call('GET', '/api/v1/auth/google/start');
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 503, code: 'provider_not_configured' });
    const { items } = (await api.call('GET', '/api/v1/auth/providers')).body as { items: Record<string, unknown>[] };
    const ids = ['google', 'apple', 'github'];
    expect(items).toMatchObject(ids.map((id) => ({ id, configured: false })));
    expect(items.map(({ redirectUri }) => redirectUri)).toEqual(
      ids.map((id) => `${api.url}/api/v1/auth/${id}/callback`),
    );
  });

  it('what is missing is said in the log, and nowhere else', async () => {
    const half = await startApi({ environment: { GITHUB_CLIENT_ID: 'ours', GITHUB_CLIENT_SECRET: 'secret' } });
    const { items } = (await half.call('GET', '/api/v1/auth/providers')).body as { items: { configured: boolean }[] };
    expect(items.map(({ configured }) => configured)).toEqual([false, false, true]);
    const answer = await half.call('GET', '/api/v1/auth/apple/start');
    expect({ status: answer.status, params: answer.body.params }).toEqual({
      status: 503,
      params: { provider: 'apple' },
    });
    expect(answer.text).not.toContain('APPLE_');
    expect(half.logged()).toContainEqual(
      expect.objectContaining({
        provider: 'apple',
        missing: ['APPLE_CLIENT_ID', 'APPLE_TEAM_ID', 'APPLE_KEY_ID', 'APPLE_PRIVATE_KEY'],
      }),
    );
    await half.close();
  });
});

describe('sessions', () => {
  it('are listed, and the others can be ended at once', async () => {
    const [mine, other] = [await session(), await session()];
    const list = (cookies: string) => api.call('GET', '/api/v1/auth/sessions', { headers: { cookie: cookies } });
    const { items } = (await list(mine)).body as { items: { id: string; current: boolean; userAgent: string }[] };
    expect(items.filter(({ current }) => current)).toMatchObject([{ userAgent: 'a browser' }]);
    const ended = await api.call('DELETE', '/api/v1/auth/sessions', { headers: { cookie: mine, origin: api.url } });
    expect(ended.status).toBe(204);
    expect((await list(other)).status).toBe(401);
    expect((await list(mine)).body.items).toHaveLength(1);
    cookie = mine;
  });

  it('one that ran out is nobody’s', async () => {
    const old = await session();
    await api.deps.orm.em
      .fork()
      .execute(`update sessions set expires_at = now() where token_hash = encode(sha256(?::bytea), 'hex')`, [
        old.slice('dnp_session='.length),
      ]);
    expect((await api.call('GET', '/api/v1/auth/session', { headers: { cookie: old } })).status).toBe(401);
  });

  it('signing out ends it and takes the cookie away', async () => {
    const mine = await session();
    const answer = await api.call('DELETE', '/api/v1/auth/session', { headers: { cookie: mine, origin: api.url } });
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toMatch(/dnp_session=;.*expires=Thu, 01 Jan 1970/i);
    expect((await api.call('GET', '/api/v1/auth/session', { headers: { cookie: mine } })).status).toBe(401);
  });
});
