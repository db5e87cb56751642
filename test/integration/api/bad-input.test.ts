import { startApi, type ApiUnderTest } from './api-under-test';

let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  api = await startApi();
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
