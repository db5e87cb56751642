import { startApi, type ApiUnderTest } from './api-under-test';

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const make = (token: string, scopes: string[], expiresAt = tomorrow()) =>
  api.call('POST', '/api/v1/auth/tokens', { token, body: { name: 'a program', scopes, expiresAt } });

describe('tokens for programs', () => {
  it('are shown once, kept as a hash, and work until they are taken away', async () => {
    const { token } = await api.person();
    const made = await make(token, ['read']);
    expect(made.status).toBe(201);
    const fresh = made.body.token as string;
    expect(fresh).toMatch(/^dnp_[\w-]{43}$/);
    expect((await api.call('GET', '/api/v1/auth/session', { token: fresh })).status).toBe(200);
    const list = await api.call('GET', '/api/v1/auth/tokens', { token });
    expect(list.text).not.toContain(fresh);
    const stored = await api.deps.orm.em.fork().execute(`select * from personal_tokens`);
    expect(JSON.stringify(stored)).not.toContain(fresh.slice(4));
    expect((await api.call('DELETE', `/api/v1/auth/tokens/${made.body.id as string}`, { token })).status).toBe(204);
    const gone = await api.call('GET', '/api/v1/auth/session', { token: fresh });
    expect({ status: gone.status, code: gone.body.code }).toEqual({ status: 401, code: 'unauthenticated' });
    expect(gone.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('do no more than their scopes', async () => {
    const { token } = await api.person({ scopes: ['read'] });
    const answer = await api.call('PATCH', '/api/v1/me', { token, body: { version: 1 } });
    expect(answer.body).toMatchObject({ status: 403, code: 'scope_missing', params: { scope: 'write' } });
  });

  it('never allow more than their person’s roles, nor make a wider token', async () => {
    const plain = await api.person();
    expect((await make(plain.token, ['admin'])).body.code).toBe('role_missing');
    const admin = await api.person({ roles: ['admin'], scopes: ['read', 'write'] });
    expect((await make(admin.token, ['admin'])).body.code).toBe('scope_missing');
    const whole = await api.person({ roles: ['admin'], scopes: ['read', 'write', 'admin'] });
    expect((await make(whole.token, ['read', 'admin'])).status).toBe(201);
    await api.deps.orm.em.fork().execute(`delete from user_roles where user_id = ?`, [whole.id]);
    expect((await make(whole.token, ['admin'])).body.code).toBe('role_missing');
  });

  it('end when they said, and say so', async () => {
    const { token } = await api.person();
    await api.deps.orm.em
      .fork()
      .execute(
        `update personal_tokens set expires_at = now() where user_id = (select id from users order by id desc limit 1)`,
      );
    const answer = await api.call('GET', '/api/v1/auth/session', { token });
    expect(answer.body).toMatchObject({ status: 401, code: 'token_expired' });
  });

  it.each([new Date(Date.now() - 1000).toISOString(), new Date(Date.now() + 400 * 86_400_000).toISOString()])(
    'can’t end at %s',
    async (expiresAt) => {
      const { token } = await api.person();
      expect((await make(token, ['read'], expiresAt)).body).toMatchObject({
        code: 'invalid_request',
        errors: [{ path: 'body.expiresAt' }],
      });
    },
  );

  it('a wrong one is refused even beside a good session', async () => {
    const answer = await api.call('GET', '/api/v1/auth/providers', { token: 'dnp_wrong-wrong-wrong-wrong' });
    expect(answer.status).toBe(401);
  });

  it('come in pages, newest first, each once', async () => {
    const { token } = await api.person();
    for (let n = 0; n < 4; n += 1) await make(token, ['read']);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.call('GET', `/api/v1/auth/tokens?limit=2${cursor ? `&cursor=${cursor}` : ''}`, { token });
      const { items, nextCursor } = page.body as { items: { id: string }[]; nextCursor: string | null };
      seen.push(...items.map(({ id }) => id));
      cursor = nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });
});

describe('me', () => {
  it('says what comes next, and changes under a version', async () => {
    const { token } = await api.person();
    const me = await api.call('GET', '/api/v1/me', { token });
    expect(me.body).toMatchObject({
      settings: {},
      setup: { connected: false, synced: false, blocks: 0, subscriptions: 0, firstPlanAt: null, next: 'connect' },
    });
    const change = (version: number, settings: object) =>
      api.call('PATCH', '/api/v1/me', { token, body: { version, settings } });
    expect((await change(1, { locale: 'de-AT' })).body).toMatchObject({ settings: { locale: 'de-AT' }, version: 2 });
    expect((await change(2, { defaultPreset: 'light' })).body.settings).toEqual({
      locale: 'de-AT',
      defaultPreset: 'light',
    });
    expect((await change(2, {})).body).toMatchObject({ status: 409, code: 'version_conflict' });
    expect((await change(3, { lcoale: 'en' })).body.code).toBe('invalid_request');
  });
});
