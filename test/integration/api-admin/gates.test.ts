import { Connection } from '../../../adapters/postgres/entities';
import { newId } from '../../../adapters/postgres/ids';
import { createProviderGate } from '../../../adapters/postgres/provider-gate';
import { startApi, type ApiUnderTest } from '../api/api-under-test';

let api: ApiUnderTest;
let admin: string;
let quota: string;
beforeAll(async () => {
  api = await startApi({ environment: { SANDBOX_URL: 'http://127.0.0.1:9' } });
  admin = (await api.person({ roles: ['admin'], scopes: ['read', 'admin'] })).token;
  quota = api.deps.config.spotify?.apps[0].quota ?? '';
});
afterAll(() => api.close());
beforeEach(() => sql(`delete from provider_gates`));

const sql = <T>(statement: string, values: unknown[] = []): Promise<T[]> =>
  api.deps.orm.em.fork().execute<T[]>(statement, values);
const put = (body: object, { token = admin, provider = 'spotify' } = {}) =>
  api.call('PUT', `/api/v1/admin/providers/${provider}/gate`, { token, body });
/** A gate as a worker has it, with no lease of its own yet. */
const gate = () => createProviderGate(api.deps.orm, { callsPerSecond: 100 });

it('stops every call to the provider, also before the first one was made, until it is opened again', async () => {
  const closed = await put({ closed: true });
  expect(closed.status).toBe(200);
  expect(closed.body).toMatchObject({ items: [{ quota, state: 'closed', closedByAdmin: true, closedUntil: null }] });
  await expect(gate().take(quota, 'spotify')).rejects.toMatchObject({
    failure: 'rate_limited',
    details: { code: 'gate_closed_by_operator' },
  });
  const opened = await put({ closed: false });
  expect(opened.body).toMatchObject({ items: [{ quota, state: 'open', closedByAdmin: false }] });
  await gate().take(quota, 'spotify');
});

it('closes one quota and leaves the others', async () => {
  await gate().take(quota, 'spotify');
  await gate().take('second', 'spotify');
  const answer = await put({ closed: true, quota: 'second' });
  expect(answer.body).toMatchObject({
    items: [
      { quota: 'second', state: 'closed' },
      { quota, state: 'open' },
    ],
  });
  await gate().take(quota, 'spotify');
});

it('ends a wait that the provider asked for by one call that tries it', async () => {
  await gate().reportRateLimited(quota, 'spotify', 80_000);
  const opened = await put({ closed: false });
  expect(opened.body).toMatchObject({
    items: [{ quota, state: 'half_open', closedUntil: null, lastRetryAfter: 80_000 }],
  });
  const probing = gate();
  await probing.take(quota, 'spotify');
  await expect(gate().take(quota, 'spotify')).rejects.toMatchObject({ failure: 'rate_limited' });
  await probing.reportRateLimited(quota, 'spotify', 500);
  expect((await put({ closed: false, quota })).body).toMatchObject({ items: [{ lastRetryAfter: 500 }] });
});

it('is for admins, and says which quotas it does not know', async () => {
  const other = (await api.person({ roles: ['moderator'], scopes: ['read', 'write'] })).token;
  expect((await put({ closed: true }, { token: other })).status).toBe(403);
  expect((await put({ closed: true, quota: 'nobody' })).body).toMatchObject({ code: 'not_found' });
  expect((await put({ closed: 'yes' })).body).toMatchObject({ code: 'invalid_request' });
  expect((await put({ closed: true }, { provider: 'deezer' })).status).toBe(404);
  expect(await sql(`select from provider_gates where closed_by_admin`)).toHaveLength(0);
});

it('is on record', async () => {
  await put({ closed: true });
  await put({ closed: false });
  const entries = await sql<{ event: string; outcome: string }>(
    `select event, outcome from audit_entries where event like 'gate.%' order by id desc limit 2`,
  );
  expect(entries.map(({ event }) => event)).toEqual(['gate.opened', 'gate.closed']);
});

describe('where the operator has several apps', () => {
  const names = ['sandbox-spotify', 'sandbox-spotify-2', 'sandbox-spotify-3'];
  const quotas = ['developer-1', 'developer-2', 'developer-2'];
  let several: ApiUnderTest;
  let token: string;
  beforeAll(async () => {
    const SPOTIFY_APPS = names.map((name, n) => `${name}:${name}-secret:${quotas[n]}`).join(',');
    several = await startApi({
      environment: { SANDBOX_URL: 'http://127.0.0.1:9', SPOTIFY_APPS, APPLE_MUSIC_QUOTA: 'team-1' },
    });
    token = (await several.person({ roles: ['admin'], scopes: ['read', 'admin'] })).token;
  });
  afterAll(() => several?.close());
  const ask = (provider: string, body: object) =>
    several.call('PUT', `/api/v1/admin/providers/${provider}/gate`, { token, body });
  const status = async () => {
    const { items } = (await several.call('GET', '/api/v1/providers/status')).body as {
      items: { provider: string; gate: string; degraded: boolean; quotas: { gate: string }[] }[];
    };
    return Object.fromEntries(
      items
        .filter(({ quotas: some }) => some.length > 0)
        .map(({ provider, gate: best, degraded, quotas: some }) => [
          provider,
          { best, degraded, gates: some.map((one) => one.gate).sort() },
        ]),
    );
  };

  it('each of their quotas, and Apple Music’s, is known before its first call, once', async () => {
    expect(await status()).toEqual({
      spotify: { best: 'open', degraded: false, gates: ['open', 'open'] },
      apple_music: { best: 'open', degraded: false, gates: ['open'] },
    });
    expect((await ask('spotify', { closed: true, quota: 'developer-2' })).body).toMatchObject({
      items: [{ quota: 'developer-2', state: 'closed' }],
    });
    expect(await status()).toMatchObject({ spotify: { best: 'open', degraded: true, gates: ['closed', 'open'] } });
    expect((await ask('spotify', { closed: true })).body).toMatchObject({
      items: [
        { quota: 'developer-1', state: 'closed' },
        { quota: 'developer-2', state: 'closed' },
      ],
    });
    expect((await ask('apple-music', { closed: true })).body).toMatchObject({
      items: [{ quota: 'team-1', state: 'closed', closedByAdmin: true }],
    });
    expect(await status()).toEqual({
      spotify: { best: 'closed', degraded: true, gates: ['closed', 'closed'] },
      apple_music: { best: 'closed', degraded: true, gates: ['closed'] },
    });
  });

  it('people’s own apps are stopped with them', async () => {
    const { id: userId } = await several.person();
    const em = several.deps.orm.em.fork();
    const id = newId();
    const account = { accountId: id, accountUserId: id, accountName: 'Somebody', clientId: 'brought' };
    const about = { id, userId, provider: 'spotify' as const, quota: 'own:brought', scopes: [] };
    em.create(Connection, { ...account, ...about, consentedAt: new Date(), createdAt: new Date() }, { persist: true });
    await em.flush();
    expect((await ask('spotify', { closed: true })).body).toMatchObject({
      items: [{ quota: 'developer-1' }, { quota: 'developer-2' }, { quota: 'own:brought', state: 'closed' }],
    });
  });

  it('a quota is stopped at its own provider only', async () => {
    expect((await ask('spotify', { closed: true, quota: 'team-1' })).status).toBe(404);
    expect((await ask('apple-music', { closed: true, quota: 'developer-1' })).status).toBe(404);
  });
});
