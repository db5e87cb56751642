import { createMaintenanceActivities } from '../../activities/connection-health-maintenance';
import { createRenewal, type RenewOnce } from '../../activities/renew-credential';
import { AuditEntry, Identity, User } from '../../adapters/postgres/entities';
import { newId } from '../../adapters/postgres/ids';
import type { NewTokens } from '../../adapters/postgres/credentials';
import { oauthProviders } from '../../adapters/providers/oauth-exchange';
import { startHarness, type Harness } from './credentials-harness';

const redirectUri = 'http://127.0.0.1:9/callback';
const clients = {
  google: { id: 'sandbox-google', authorize: '/google/o/oauth2/v2/auth', token: '/google/token' },
  github: {
    id: 'sandbox-github-app',
    authorize: '/github/login/oauth/authorize',
    token: '/github/login/oauth/access_token',
  },
} as const;
type Provider = keyof typeof clients;

describe('a sign-in account’s refresh token, which dies unused', () => {
  let at: Harness;
  let renewOnce: RenewOnce;

  beforeAll(async () => {
    at = await startHarness();
    const { orm, vault, config } = at;
    // GitHub as a GitHub App, whose tokens end and rotate; an OAuth app's do neither.
    const github = config.github && {
      ...config.github,
      clientId: clients.github.id,
      clientSecret: `${clients.github.id}-secret`,
    };
    renewOnce = createRenewal({ orm, vault, providers: oauthProviders({ ...config, github }) });
  });
  afterAll(() => at?.close());
  beforeEach(async () => {
    await at.admin('DELETE', '/faults');
    await at.admin('DELETE', '/calls');
    await at.orm.em.fork().execute(`update credentials set next_check_at = null`);
  });

  /** What a consent for long gives, as the provider's own client asks for it. */
  async function consent(provider: Provider): Promise<NewTokens & { refreshToken: string }> {
    const { id, authorize, token } = clients[provider];
    const request = {
      client_id: id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: provider === 'google' ? 'openid email profile' : '',
      state: 'state',
      access_type: 'offline',
      prompt: 'consent',
    };
    const decided = await fetch(`${at.sandbox.url}${authorize}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...request, user: 'listener', decision: 'approve' }),
    });
    const code = new URL(decided.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const answer = await fetch(`${at.sandbox.url}${token}`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: id,
        client_secret: `${id}-secret`,
      }),
    });
    const body = (await answer.json()) as { access_token: string; refresh_token: string; expires_in: number };
    return { accessToken: body.access_token, refreshToken: body.refresh_token, expiresInSeconds: body.expires_in };
  }

  /** A sign-in account whose tokens are these, due to be looked at now. */
  async function account(provider: Provider, tokens: NewTokens): Promise<string> {
    const [userId, id] = [newId(), newId()];
    const em = at.orm.em.fork();
    em.create(User, { id: userId, displayName: 'Somebody', createdAt: new Date() }, { persist: true });
    await em.flush();
    const now = new Date();
    em.create(Identity, { id, userId, provider, subject: id, createdAt: now, lastUsedAt: now }, { persist: true });
    await em.flush();
    await at.store.save(em, { id, type: 'identity', provider }, tokens);
    await due(id);
    return id;
  }
  const due = (id: string) =>
    at.orm.em.fork().execute(`update credentials set next_check_at = now() where owner_id = ?`, [id]);
  const maintain = () =>
    createMaintenanceActivities({
      orm: at.orm,
      probe: () => Promise.reject(new Error('A sign-in account has nothing to be asked.')),
      renewOnce,
      callsPerSecond: 5_000,
    }).maintainBatch({ limit: 20, without: [] });
  const stored = async (id: string) =>
    (await at.store.read(id)) ?? { accessToken: null, refreshToken: null, version: 0 };
  async function daysUntilNext(id: string): Promise<number> {
    const [row] = await at.orm.em
      .fork()
      .execute<{ days: string }[]>(
        `select extract(epoch from next_check_at - now()) / 86400 as days from credentials where owner_id = ?`,
        [id],
      );
    return Number(row?.days);
  }
  async function answers(provider: Provider): Promise<number[]> {
    const { items } = (await at.admin('GET', '/calls')) as {
      items: { service: string; method: string; status: number; count: number }[];
    };
    const own = items.filter(({ service, method }) => service === provider && method === 'POST');
    return own.flatMap(({ status, count }) => Array.from({ length: count }, () => status));
  }

  it('is used at Google before it decays, keeps its place, and is left alone for two months', async () => {
    const tokens = await consent('google');
    const id = await account('google', tokens);
    await at.admin('DELETE', '/calls');
    await expect(maintain()).resolves.toMatchObject({ looked: 1, without: [] });
    const after = await stored(id);
    expect(after).toMatchObject({ refreshToken: tokens.refreshToken, version: 2 });
    expect(after.accessToken).not.toBe(tokens.accessToken);
    expect(await answers('google')).toEqual([200]);
    expect(await daysUntilNext(id)).toBeGreaterThanOrEqual(59);
    expect(await daysUntilNext(id)).toBeLessThanOrEqual(90);
    await expect(maintain()).resolves.toMatchObject({ looked: 0 });
  });

  it('is replaced at GitHub each time, and the new one is the one that is used next', async () => {
    const tokens = await consent('github');
    expect(tokens.accessToken).toMatch(/^ghu_/);
    expect(tokens.refreshToken).toMatch(/^ghr_/);
    const id = await account('github', tokens);
    await maintain();
    const first = await stored(id);
    expect(first).toMatchObject({
      accessToken: expect.stringMatching(/^ghu_/),
      refreshToken: expect.stringMatching(/^ghr_/),
      version: 2,
    });
    expect(first.refreshToken).not.toBe(tokens.refreshToken);
    await due(id);
    await maintain();
    const second = await stored(id);
    expect(second.version).toBe(3);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    const whose = await fetch(`${at.sandbox.url}/github/api/user`, {
      headers: { authorization: `Bearer ${second.accessToken}`, 'user-agent': 'test' },
    });
    expect(whose.status).toBe(200);
  });

  it('is forgotten where GitHub refuses it, which it does with 200, and nothing is asked again', async () => {
    const tokens = await consent('github');
    const id = await account('github', { ...tokens, refreshToken: 'ghr_ended' });
    await at.admin('DELETE', '/calls');
    await maintain();
    expect(await answers('github')).toEqual([200]);
    expect(await at.store.read(id)).toBeNull();
    expect(await at.orm.em.fork().count(Identity, { id })).toBe(1);
    const entries = await at.orm.em.fork().find(AuditEntry, { subjectId: id });
    expect(entries).toMatchObject([{ event: 'identity.consent_ended', details: { provider: 'github' } }]);
    await expect(maintain()).resolves.toMatchObject({ looked: 0 });
  });

  it('is forgotten where Google’s consent was taken back', async () => {
    const id = await account('google', await consent('google'));
    await at.admin('POST', '/users/listener/google/revoke');
    await maintain();
    expect(await at.store.read(id)).toBeNull();
  });

  it.each([
    ['google', { status: 503 }],
    ['github', { status: 200, body: { error: 'incorrect_client_credentials' } }],
    ['google', { status: 401, body: { error: 'invalid_client' } }],
    ['github', { status: 429, retryAfter: 60 }],
  ] as const)('is kept at %s through %j, which says nothing about it', async (provider, answer) => {
    const tokens = await consent(provider);
    const id = await account(provider, tokens);
    await at.admin('POST', '/faults', { service: provider, method: 'POST', ...answer });
    await maintain();
    expect(await stored(id)).toMatchObject({ refreshToken: tokens.refreshToken, version: 1 });
    await due(id);
    await maintain();
    expect(await stored(id)).toMatchObject({ version: 2 });
  });
});
