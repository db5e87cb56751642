import { z } from 'zod';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../../api/route';
import { startApi, type ApiUnderTest } from './api-under-test';

let api: ApiUnderTest;
let token: string;
let started = 0;
let held: Promise<void> | undefined;

const start = defineRoute({
  method: 'post',
  path: '/things',
  summary: 'Starts a thing',
  tags: ['Things'],
  permission: 'user',
  body: z.object({ fail: z.boolean().default(false), name: z.string().optional() }),
  responses: { 202: z.object({ jobId: z.string() }) },
  idempotent: true,
  handler: async ({ body }) => {
    started += 1;
    await held;
    if (body.fail) throw new DomainError('plan_stale');
    return { status: 202, body: { jobId: `job-${started}` }, headers: { Location: `/api/v1/jobs/job-${started}` } };
  },
});

beforeAll(async () => {
  api = await startApi({ routes: [start] });
  token = (await api.person()).token;
});
afterAll(() => api.close());
beforeEach(() => {
  started = 0;
  held = undefined;
});

const post = (key: string | null, body: object = {}, by = token) =>
  api.call('POST', '/api/v1/things', { token: by, body, headers: key ? { 'idempotency-key': key } : {} });

describe('a POST that starts something', () => {
  it('sent twice under one key starts it once and answers the same, Location included', async () => {
    const [first, second] = [await post('k1'), await post('k1')];
    expect(started).toBe(1);
    expect(second.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
  });

  it('without a key, or under another, starts again', async () => {
    await post(null);
    await post(null);
    await post('k2');
    expect(started).toBe(3);
  });

  it('a key is one person’s', async () => {
    await post('k3');
    await post('k3', {}, (await api.person()).token);
    expect(started).toBe(2);
  });

  it('another body under the same key is a 422', async () => {
    await post('k4', { name: 'one' });
    const answer = await post('k4', { name: 'two' });
    expect({ status: answer.status, code: answer.body.code, started }).toEqual({
      status: 422,
      code: 'idempotency_key_reused',
      started: 1,
    });
  });

  it('while the first is being answered the second is a 409', async () => {
    let release = () => {};
    held = new Promise((resolve) => (release = resolve));
    const first = post('k5');
    while (started === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await post('k5');
    expect({ status: second.status, code: second.body.code }).toEqual({ status: 409, code: 'idempotency_in_flight' });
    release();
    expect((await first).status).toBe(202);
  });

  it('a refusal isn’t kept: the same key works once the reason is gone', async () => {
    expect((await post('k6', { fail: true })).status).toBe(409);
    expect((await post('k6', { fail: false })).status).toBe(202);
  });

  it('after 24 hours the key is free', async () => {
    await post('k7');
    await api.deps.orm.em.fork().execute(`update idempotency_keys set expires_at = now() - interval '1 second'`);
    await post('k7', { name: 'another' });
    expect(started).toBe(2);
  });

  it('a key whose request died with its process is free after two minutes, for the same request only', async () => {
    await post('k8');
    await api.deps.orm.em
      .fork()
      .execute(
        `update idempotency_keys set status = null, body = null, created_at = now() - interval '3 minutes' where key = 'k8'`,
      );
    expect((await post('k8', { name: 'another' })).body.code).toBe('idempotency_key_reused');
    expect((await post('k8')).status).toBe(202);
    expect(started).toBe(2);
  });

  it('a key that can’t be one is a 400', async () => {
    expect((await post('x'.repeat(201))).body).toMatchObject({
      status: 400,
      errors: [{ path: 'headers.Idempotency-Key' }],
    });
  });
});

describe('an answer that isn’t what the route documents', () => {
  it('is a 500 in tests, so that no test passes over it', async () => {
    const wrong = defineRoute({
      method: 'get',
      path: '/wrong',
      summary: 'Answers something else',
      tags: ['Things'],
      permission: 'anyone',
      responses: { 200: z.object({ id: z.uuid() }) },
      handler: async () => ({ status: 200, body: { id: 'not an id' } }),
    });
    const other = await startApi({ routes: [wrong] });
    expect((await other.call('GET', '/api/v1/wrong')).status).toBe(500);
    expect(JSON.stringify(other.logged())).toContain('get /wrong 200');
    await other.close();
  });
});
