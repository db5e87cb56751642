import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '../../../adapters/environment/config';
import { newId } from '../../../adapters/postgres/ids';
import { createApp } from '../../../api/app';
import { routes } from '../../../api/routes';
import { Random } from '../../../dev/sandbox/people/random';
import { startApi, type ApiUnderTest } from './api-under-test';

const metricsToken = 'a-token-that-is-longer-than-32-characters';
let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  api = await startApi({ environment: { METRICS_TOKEN: metricsToken } });
  token = (await api.person()).token;
});
afterAll(() => api.close());

function expectProblem(answer: Awaited<ReturnType<ApiUnderTest['call']>>, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({
    type: `/docs/errors#${code}`,
    title: expect.any(String),
    status,
    requestId: answer.headers.get('x-request-id'),
    retryable: expect.any(Boolean),
  });
}

describe('what a careless client sends', () => {
  it('an address that does not exist is a 404 problem', async () => {
    expectProblem(await api.call('GET', '/api/v1/nothing-here', { token }), 404, 'not_found');
    expectProblem(await api.call('GET', '/nothing'), 404, 'not_found');
  });

  it('a method that the address does not take is a 405 that names those it takes', async () => {
    const answer = await api.call('PATCH', '/api/v1/auth/session', { token, body: {} });
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toContain('DELETE');
  });

  it('a body over 1 MB is a 413', async () => {
    const body = { name: 'x'.repeat(1_100_000) };
    expectProblem(await api.call('POST', '/api/v1/auth/tokens', { token, body }), 413, 'payload_too_large');
  });

  it('a body of another type is a 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await api.call('POST', '/api/v1/auth/tokens', {
        token,
        raw: 'a=b',
        headers: { 'content-type': type },
      });
      expectProblem(answer, 415, 'unsupported_media_type');
    }
  });

  it.each(['{"a":', 'nonsense', '"text"', '{"a":1}}'])(
    'a body that is not a JSON object (%s) is a 400',
    async (raw) => {
      const answer = await api.call('POST', '/api/v1/auth/tokens', {
        token,
        raw,
        headers: { 'content-type': 'application/json' },
      });
      expectProblem(answer, 400, 'invalid_json');
    },
  );

  it('every fault of a body is named with its place', async () => {
    const answer = await api.call('POST', '/api/v1/auth/tokens', {
      token,
      body: { name: '', scopes: ['fly'], expiresAt: 'soon' },
    });
    expectProblem(answer, 400, 'invalid_request');
    expect((answer.body.errors as { path: string }[]).map(({ path }) => path)).toEqual([
      'body.name',
      'body.scopes[0]',
      'body.expiresAt',
    ]);
  });

  it('no body where one is needed is a 400', async () => {
    expectProblem(await api.call('POST', '/api/v1/auth/tokens', { token }), 400, 'invalid_request');
  });

  it.each([
    'x',
    'e30',
    Buffer.from('{"id":"1; drop table users"}').toString('base64url'),
    Buffer.from('null').toString('base64url'),
  ])('a cursor that was never given (%s) is a 400', async (cursor) => {
    expectProblem(await api.call('GET', `/api/v1/auth/tokens?cursor=${cursor}`, { token }), 400, 'invalid_cursor');
  });

  it.each(['0', '101', 'many'])('a limit of %s is a 400', async (limit) => {
    expectProblem(await api.call('GET', `/api/v1/auth/tokens?limit=${limit}`, { token }), 400, 'invalid_request');
  });

  it('an id that can be none is a 404, like one that is somebody else’s', async () => {
    expectProblem(await api.call('DELETE', '/api/v1/auth/tokens/not-an-id', { token }), 404, 'not_found');
    const { token: theirs } = await api.person();
    const { items } = (await api.call('GET', '/api/v1/auth/tokens', { token: theirs })).body as {
      items: { id: string }[];
    };
    expectProblem(await api.call('DELETE', `/api/v1/auth/tokens/${items[0]?.id}`, { token }), 404, 'not_found');
  });

  it('an unexpected failure tells its request id and nothing else, and is logged once', async () => {
    const broken = await startApi();
    const { token: theirs } = await broken.person();
    await broken.deps.orm.em.fork().execute('select 1');
    const spy = jest.spyOn(broken.deps.orm.em, 'fork').mockImplementation(() => {
      throw new Error('a secret detail');
    });
    const answer = await broken.call('GET', '/api/v1/auth/session', { token: theirs });
    spy.mockRestore();
    expectProblem(answer, 500, 'internal_error');
    expect(answer.text).not.toContain('secret detail');
    const failures = broken.logged().filter((line) => line.level === 50);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ requestId: answer.body.requestId });
    await broken.close();
  });
});

describe('the metrics', () => {
  it('are read on this port with the token only, and where none is set not at all', async () => {
    for (const given of [undefined, token, `${metricsToken}x`, metricsToken.slice(0, -1), ''])
      expectProblem(await api.call('GET', '/metrics', { token: given }), 401, 'unauthenticated');
    const { status, headers, text } = await api.call('GET', '/metrics', { token: metricsToken });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(api.deps.metrics.registry.contentType);
    expect(text).toMatch(/^# TYPE http_request_duration_seconds histogram$/m);
    expectProblem(await api.call('POST', '/metrics', { token: metricsToken, body: {} }), 401, 'unauthenticated');
    expect(() => loadConfig({ METRICS_TOKEN: 'short', VAULT_KEYS: 'x' })).toThrow(/METRICS_TOKEN/);
    const config = { ...api.config, METRICS_TOKEN: undefined };
    const handle = createApp({ ...api.deps, config }, []).callback();
    const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const unset = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(unset.status).toBe(404);
    for (const authorization of ['Bearer undefined', 'Bearer ', `Bearer ${metricsToken}`])
      expect((await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization } })).status).toBe(401);
    server.close();
  });

  it('have few series after a thousand made-up paths, methods and ids, each by a pattern', async () => {
    const random = new Random(20_261_129);
    const word = () => random.below(2 ** 40).toString(36);
    const methods = ['GET', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'PROPFIND', 'MKCOL'];
    const ask = (n: number) => {
      const paths = [
        `/${word()}`,
        `/api/v1/${word()}/${word()}?code=${word()}`,
        `/api/v1/artists/${newId()}`,
        `/api/v1/jobs/${newId()}?cursor=${word()}`,
        `/api/v1/auth/tokens/${word()}`,
        `/docs/${word()}`,
        `/metrics/${word()}`,
        `/%2e%2e/${word()}%00`,
      ];
      const options = n % 10 === 0 ? { token } : {};
      return api.call(methods[n % methods.length] ?? '', paths[random.below(paths.length)] ?? '', options);
    };
    for (let n = 0; n < 1_000; n += 20) await Promise.all(Array.from({ length: 20 }, (_, m) => ask(n + m)));
    const { values } = await api.deps.metrics.httpSeconds.get();
    const counts = values.filter(({ metricName }) => metricName === 'http_request_duration_seconds_count');
    expect(counts.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThan(1_000);
    expect(counts.length).toBeLessThan(60);
    const patterns = ['unmatched', '/metrics', ...routes.map(({ path }) => `/api/v1${path}`)];
    expect(counts.map(({ labels }) => labels.route).filter((route) => !patterns.includes(String(route)))).toEqual([]);
    const seen = new Set(counts.map(({ labels }) => labels.method));
    expect([...seen].sort()).toEqual(['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'other']);
  });
});
