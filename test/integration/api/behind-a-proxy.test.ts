import { startApi, type ApiUnderTest } from './api-under-test';

const google = '/api/v1/auth/google';
const sandbox = { SANDBOX_URL: 'http://127.0.0.1:9' };
const opened: ApiUnderTest[] = [];
async function open(environment: Record<string, string>): Promise<ApiUnderTest> {
  const api = await startApi({ environment: { ...sandbox, ...environment } });
  opened.push(api);
  return api;
}
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});
const start = (api: ApiUnderTest, headers: Record<string, string> = {}) =>
  api.call('GET', `${google}/start`, { headers });
const cookieOf = ({ headers }: { headers: Headers }): string => headers.getSetCookie().join('\n');

describe('cookies', () => {
  it('on plain HTTP at 127.0.0.1 are not Secure, or no browser would send them back', async () => {
    const cookie = cookieOf(await start(await open({})));
    expect(cookie).toMatch(/^tx_\w+=/);
    expect(cookie).not.toMatch(/secure/i);
  });

  it('are Secure where people come by https, also over the plain connection from a proxy', async () => {
    const cookie = cookieOf(await start(await open({ API_URL: 'https://dnp.example' })));
    expect(cookie).toMatch(/; secure/i);
    expect(cookie).toMatch(/; httponly/i);
  });

  it('are Secure where a proxy that is trusted says that a request came by https', async () => {
    const api = await open({ TRUST_PROXY: 'true' });
    expect(cookieOf(await start(api, { 'x-forwarded-proto': 'https' }))).toMatch(/; secure/i);
    expect(cookieOf(await start(api, { 'x-forwarded-proto': 'http' }))).not.toMatch(/secure/i);
  });

  it('take nobody’s word for https but a trusted proxy’s', async () => {
    expect(cookieOf(await start(await open({}), { 'x-forwarded-proto': 'https' }))).not.toMatch(/secure/i);
  });

  it('never name a domain, so that no other host gets them', async () => {
    expect(cookieOf(await start(await open({ API_URL: 'https://dnp.example' })))).not.toMatch(/domain=/i);
  });
});

describe('redirect addresses', () => {
  it('come from the configuration, whatever a request says of hosts', async () => {
    const api = await open({ TRUST_PROXY: 'true', API_URL: 'https://dnp.example' });
    const answer = await start(api, { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' });
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.searchParams.get('redirect_uri')).toBe('https://dnp.example/api/v1/auth/google/callback');
  });
});

describe('limits by address', () => {
  it('a header that anybody can send doesn’t make somebody else of them', async () => {
    const api = await open({ RATE_LIMIT_SIGN_IN: '1' });
    const from = (address: string) => start(api, { 'x-forwarded-for': address });
    expect([(await from('203.0.113.1')).status, (await from('203.0.113.2')).status]).toEqual([302, 429]);
  });

  it('behind a trusted proxy each address has its own, and what a client put before it counts for nothing', async () => {
    const api = await open({ RATE_LIMIT_SIGN_IN: '1', TRUST_PROXY: 'true' });
    const from = (addresses: string) => start(api, { 'x-forwarded-for': addresses });
    expect((await from('203.0.113.1')).status).toBe(302);
    expect((await from('203.0.113.2')).status).toBe(302);
    expect((await from('198.51.100.9, 203.0.113.1')).status).toBe(429);
  });

  it('another address of the same IPv6 network is the same client', async () => {
    const api = await open({ RATE_LIMIT_SIGN_IN: '1', TRUST_PROXY: 'true' });
    const from = (address: string) => start(api, { 'x-forwarded-for': address });
    expect((await from('2001:db8:1:2::1')).status).toBe(302);
    expect((await from('2001:db8:1:2:ffff::2')).status).toBe(429);
    expect((await from('2001:db8:1:3::1')).status).toBe(302);
  });

  it('callbacks have a limit apart from starts, and say when to come back', async () => {
    const api = await open({ RATE_LIMIT_SIGN_IN: '1' });
    const callback = () => api.call('GET', `${google}/callback?state=guessed&code=x`);
    expect((await start(api)).status).toBe(302);
    expect((await callback()).status).toBe(303);
    const refused = await callback();
    expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited', retryable: true });
    expect(Number(refused.headers.get('retry-after'))).toBe(refused.body.retryAfter);
    expect(refused.headers.get('ratelimit-policy')).toBe('"sign-in-callback";q=1;w=60');
    expect(refused.headers.get('ratelimit')).toMatch(/^"sign-in-callback";r=0;t=\d+$/);
    expect((await api.call('GET', '/api/v1/connections/spotify/callback?state=guessed&code=x')).status).toBe(429);
  });
});
