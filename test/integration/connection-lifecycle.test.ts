import { createMaintenanceActivities } from '../../activities/connection-health-maintenance';
import { createProbe, reportProbe, type Probe } from '../../activities/connection-health-probe';
import { createHealthActivities } from '../../activities/connection-health';
import { createRenewal, type RenewOnce } from '../../activities/renew-credential';
import type { HealthChange } from '../../adapters/postgres/connection-health';
import { AuditEntry, Connection, Credential, Identity, User } from '../../adapters/postgres/entities';
import { claimChecks } from '../../adapters/postgres/credential-checks';
import { newId } from '../../adapters/postgres/ids';
import { createProviderGate } from '../../adapters/postgres/provider-gate';
import { createAppleMusic } from '../../adapters/providers/apple-music/apple-music';
import { oauthProviders } from '../../adapters/providers/oauth-exchange';
import { createSpotifyClient } from '../../adapters/providers/spotify/client';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import { changeHealth } from '../../adapters/postgres/connection-health';
import { createVault } from '../../adapters/vault/vault';
import { startHarness, type Harness } from './credentials-harness';

const healthy = { health: 'healthy', healthCode: null };
const accounts = (more: object) => ({ service: 'spotify-accounts', method: 'POST', ...more });
const signal = new AbortController().signal;

describe('a connection that is looked at', () => {
  let at: Harness;
  let renewOnce: RenewOnce;
  let probe: Probe;
  let appleToken: (user: string) => Promise<string>;
  const changes: HealthChange[] = [];
  const onHealthChange = (change: HealthChange) => void changes.push(change);

  beforeAll(async () => {
    at = await startHarness();
    const { orm, vault, config } = at;
    const gate = createProviderGate(orm, { callsPerSecond: 500 });
    const apple = createAppleMusic(config, { gate, onDeveloperTokenRejected: () => undefined });
    renewOnce = createRenewal({ orm, vault, providers: oauthProviders(config), onHealthChange });
    const spotify = createSpotifyClient({ apiUrl: config.spotify?.apiUrl ?? '', gate, timeoutSeconds: 2 });
    const appleMusic = apple?.client ?? null;
    probe = createProbe({ orm, vault, spotify, appleMusic, renewOnce, onHealthChange, secondTrySeconds: 0.1 });
    appleToken = async (user) => {
      const body = new URLSearchParams({
        user,
        decision: 'approve',
        developer_token: (await apple?.tokens.current())?.token ?? '',
      });
      const answer = await fetch(`${at.sandbox.url}/apple-music/authorize`, {
        method: 'POST',
        body,
        headers: { accept: 'application/json' },
      });
      return ((await answer.json()) as { musicUserToken: string }).musicUserToken;
    };
  });

  afterAll(() => at?.close());

  beforeEach(async () => {
    changes.length = 0;
    await at.admin('DELETE', '/faults');
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', {
      ownerHasPremium: true,
      registeredUsers: null,
      rotateRefreshTokens: null,
      oldTokenUses: 0,
    });
    await at.orm.em.fork().execute(`delete from provider_gates`);
    await at.orm.em.fork().execute(`update credentials set next_check_at = null`);
  });

  const sql = (text: string, values: unknown[] = []) => at.orm.em.fork().execute(text, values);
  const check = async (id: string, lastTry = true) => {
    const health = createHealthActivities({ orm: at.orm, onHealthChange, probe });
    return health.probeConnection({ connectionId: id, lastTry });
  };
  const maintain = (without: string[] = []) =>
    createMaintenanceActivities({ orm: at.orm, probe, renewOnce, onHealthChange, callsPerSecond: 5000 }).maintainBatch({
      limit: 20,
      without,
    });
  const due = (id: string) => sql(`update credentials set next_check_at = now() where owner_id = ?`, [id]);
  const told = async (id: string) => {
    const rows = await at.orm.em
      .fork()
      .execute<{ type: string }[]>(`select type from person_events where params->>'connectionId' = ? order by id`, [
        id,
      ]);
    return rows.map(({ type }) => type);
  };
  const unread = (id: string) =>
    sql(`select type, params->>'code' as code from notifications where subject_id = ? and read_at is null`, [id]);
  /** A new consent, as the person gives it. */
  const reconsent = (id: string) =>
    at.orm.em.fork().transactional((tx) => changeHealth(tx, { connectionId: id, finding: { proof: 'consent' } }));

  async function connectApple(user: string): Promise<string> {
    const [userId, id] = [newId(), newId()];
    const em = at.orm.em.fork();
    em.create(User, { id: userId, displayName: 'Somebody', createdAt: new Date() }, { persist: true });
    await em.flush();
    em.create(
      Connection,
      {
        id,
        userId,
        provider: 'apple_music',
        accountId: `apple-${id}`,
        accountUserId: user,
        accountName: 'Somebody',
        clientId: 'apple',
        quota: 'apple',
        scopes: [],
        consentedAt: new Date(),
        createdAt: new Date(),
      },
      { persist: true },
    );
    await em.flush();
    const tokens = { accessToken: await appleToken(user), refreshToken: null, expiresInSeconds: null };
    await at.store.save(em, { id, type: 'connection', provider: 'apple_music' }, tokens);
    return id;
  }

  it('is healthy when the provider answers, and says when that was', async () => {
    const id = await at.connect(0);
    await expect(check(id)).resolves.toMatchObject({ result: 'working' });
    await expect(at.health(id)).resolves.toEqual(healthy);
    expect((await at.orm.em.fork().findOneOrFail(Credential, { ownerId: id })).checkedAt).toBeInstanceOf(Date);
    expect(changes).toEqual([]);
  });

  it('revoked_at_provider: a token with time left and its refresh token are both refused', async () => {
    const id = await at.connect(3600);
    await at.admin('POST', '/users/listener/spotify/revoke');
    await check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'revoked_at_provider' });
    await check(id);
    expect(changes).toEqual([{ provider: 'spotify', health: 'needs_reconnect', code: 'revoked_at_provider' }]);
    await reconsent(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
    expect(await told(id)).toEqual(['connection.needs_reconnect', 'connection.recovered']);
  });

  it('refresh_rejected: only the refresh token is refused, and it is not sent twice', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/users/listener/spotify/revoke');
    await check(id);
    await check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'refresh_rejected' });
    expect(await at.tokenCalls()).toBe(1);
  });

  it('refresh_token_missing: nothing was given to renew with', async () => {
    const id = await at.connect(0);
    await sql(`update credentials set refresh_token = null where owner_id = ?`, [id]);
    await check(id);
    await expect(at.health(id)).resolves.toMatchObject({ healthCode: 'refresh_token_missing' });
  });

  it('decrypt_failed: our key is missing, and its return ends it at the next look', async () => {
    const id = await at.connect(3600);
    const vault = createVault([{ kid: 'other', key: Buffer.alloc(32, 9) }]);
    const blind = createProbe({
      orm: at.orm,
      vault,
      spotify: null as never,
      appleMusic: null,
      renewOnce: createRenewal({ orm: at.orm, vault, providers: oauthProviders(at.config), onHealthChange }),
    });
    await expect(blind(id, {})).resolves.toEqual({ result: 'person_needed' });
    await expect(at.health(id)).resolves.toMatchObject({ health: 'needs_reconnect', healthCode: 'decrypt_failed' });
    await due(id);
    await maintain();
    await expect(at.health(id)).resolves.toEqual(healthy);
  });

  it('scope_missing: a renewed token may do less than we need, until the person consents anew', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/users/listener/spotify/reduce-scopes', { scopes: spotifyScopes.slice(1) });
    await check(id);
    await expect(at.health(id)).resolves.toMatchObject({ health: 'needs_reconnect', healthCode: 'scope_missing' });
    await reconsent(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
  });

  it('app_user_not_allowed and app_owner_not_premium: the app may not, and it ends when it may again', async () => {
    const id = await at.connect(3600);
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { registeredUsers: ['second-listener'] });
    await check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'app_user_not_allowed' });
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { registeredUsers: null, ownerHasPremium: false });
    await check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'app_owner_not_premium' });
    await expect(unread(id)).resolves.toEqual([{ type: 'connection.degraded', code: 'app_owner_not_premium' }]);
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { ownerHasPremium: true });
    await check(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
    expect(await told(id)).toEqual(['connection.degraded', 'connection.degraded', 'connection.recovered']);
    await expect(unread(id)).resolves.toEqual([{ type: 'connection.recovered', code: 'app_owner_not_premium' }]);
  });

  it('provider_unavailable and rate_limited: one silence says nothing, the last of several does, and an answer ends it', async () => {
    const id = await at.connect(3600);
    await at.admin('POST', '/faults', { service: 'spotify', status: 503, times: 2 });
    await expect(check(id, false)).resolves.toEqual({ result: 'silent', code: 'provider_unavailable' });
    await expect(at.health(id)).resolves.toEqual(healthy);
    await check(id, true);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'provider_unavailable' });
    await check(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
    await at.admin('POST', '/faults', { service: 'spotify', status: 429, retryAfter: 3600 });
    await check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'rate_limited' });
    await sql(`delete from provider_gates`);
    expect(await told(id)).toEqual([]);
  });

  it('consent_expiring: two weeks before the end, told once, whatever comes between', async () => {
    const id = await at.connect(3600);
    await sql(`update connections set consented_at = now() - interval '6 months' + interval '13 days' where id = ?`, [
      id,
    ]);
    await due(id);
    await maintain();
    await expect(at.health(id)).resolves.toEqual({ health: 'expiring', healthCode: 'consent_expiring' });
    await at.admin('POST', '/faults', { service: 'spotify', status: 503 });
    await check(id);
    await expect(at.health(id)).resolves.toMatchObject({ health: 'degraded' });
    await check(id);
    await expect(at.health(id)).resolves.toMatchObject({ health: 'expiring' });
    expect(await told(id)).toEqual(['connection.consent_expiring']);
  });

  it('token_expired: at the end of the consent the provider has the last word', async () => {
    const id = await at.connect(3600);
    await sql(`update connections set consented_at = now() - interval '6 months' - interval '1 hour' where id = ?`, [
      id,
    ]);
    await due(id);
    await maintain();
    await expect(at.health(id)).resolves.toMatchObject({ health: 'expiring' });
    await at.admin('POST', '/users/listener/spotify/age-consent', { months: 7 });
    await due(id);
    await maintain();
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'token_expired' });
  });

  it('token_expired and subscription_missing at Apple Music, where a token is only given up after a second try', async () => {
    const id = await connectApple('apple-listener');
    await expect(check(id)).resolves.toMatchObject({ result: 'working' });
    await at.admin('POST', '/users/apple-listener/apple-music/subscription', { active: false });
    await check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'subscription_missing' });
    expect(await told(id)).toEqual(['connection.degraded']);
    await at.admin('POST', '/users/apple-listener/apple-music/subscription', { active: true });
    const refused = {
      errors: [{ id: 'X', title: 'Forbidden', detail: 'Invalid authentication', status: '403', code: '40300' }],
    };
    await at.admin('POST', '/faults', { service: 'apple_music', status: 403, body: refused });
    await check(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
    await at.admin('POST', '/faults', { service: 'apple_music', status: 403, body: refused, times: 2 });
    await check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'token_expired' });
    await check(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
  });

  it('keeps a connection whose worker died between the answer and the write, where the old token is still taken', async () => {
    const id = await at.connect(0);
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { rotateRefreshTokens: true, oldTokenUses: 1 });
    await at.admin('POST', '/faults', accounts({ dropAnswer: true }));
    await expect(renewOnce({ ownerId: id, version: 1 }, 'dead', signal)).resolves.toMatchObject({ outcome: 'again' });
    await expect(renewOnce({ ownerId: id, version: 1 }, 'next', signal)).resolves.toEqual({ outcome: 'refreshed' });
    await expect(at.health(id)).resolves.toEqual(healthy);
  });

  it('says honestly that the person is needed where it is not', async () => {
    const id = await at.connect(0);
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { rotateRefreshTokens: true, oldTokenUses: 0 });
    await at.admin('POST', '/faults', accounts({ dropAnswer: true }));
    await renewOnce({ ownerId: id, version: 1 }, 'dead', signal);
    await expect(renewOnce({ ownerId: id, version: 1 }, 'next', signal)).resolves.toEqual({
      outcome: 'needs_reconnect',
    });
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'refresh_rejected' });
  });

  it('is renewed by one at a time: another waits for the lease, and takes it when its holder is not heard of', async () => {
    const id = await at.connect(0);
    await sql(
      `update credentials set lease_holder = 'dead', leased_until = now() + interval '1 minute' where owner_id = ?`,
      [id],
    );
    await expect(renewOnce({ ownerId: id, version: 1 }, 'next', signal)).resolves.toMatchObject({ outcome: 'again' });
    expect(await at.tokenCalls()).toBe(0);
    await sql(`update credentials set leased_until = now() - interval '1 second' where owner_id = ?`, [id]);
    await expect(renewOnce({ ownerId: id, version: 1 }, 'next', signal)).resolves.toEqual({ outcome: 'refreshed' });
  });

  it('never comes back by a renewal that ends after the disconnect', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/faults', accounts({ delayMs: 500 }));
    const late = renewOnce({ ownerId: id, version: 1 }, 'late', signal);
    await sql(`select pg_sleep(0.2)`);
    await sql(`delete from credentials where owner_id = ?`, [id]);
    await expect(late).resolves.toEqual({ outcome: 'gone' });
    expect(await at.store.read(id)).toBeNull();
  });

  it('leaves a provider that is away alone after three silences, flips nobody, and comes back to everybody later', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await at.connect(3600));
    for (const id of ids) await due(id);
    await at.admin('DELETE', '/calls');
    await at.admin('POST', '/faults', { service: 'spotify', status: 503, times: 100 });
    await expect(maintain()).resolves.toMatchObject({ looked: 3, without: ['spotify:test'] });
    for (const id of ids) await expect(at.health(id)).resolves.toEqual(healthy);
    const soon = await at.orm.em
      .fork()
      .execute<{ n: string }[]>(
        `select count(*) as n from credentials where next_check_at between now() + interval '10 minutes' and now() + interval '31 minutes'`,
      );
    expect(Number(soon[0]?.n)).toBe(6);
    await expect(maintain()).resolves.toMatchObject({ looked: 0 });
  });

  it('is looked at by one worker at a time, and again within a quarter of an hour where that one died', async () => {
    const id = await at.connect(3600);
    await due(id);
    await at.admin('DELETE', '/calls');
    const taken = await claimChecks(at.orm.em.fork(), { limit: 20, without: [] });
    expect(taken.map(({ ownerId }) => ownerId)).toEqual([id]);
    await expect(maintain()).resolves.toMatchObject({ looked: 0 });
    const [soon] = await at.orm.em
      .fork()
      .execute<{ soon: boolean }[]>(
        `select next_check_at between now() and now() + interval '15 minutes' as soon from credentials where owner_id = ?`,
        [id],
      );
    expect(soon).toEqual({ soon: true });
    await sql(`update credentials set next_check_at = next_check_at - interval '15 minutes' where owner_id = ?`, [id]);
    await expect(maintain()).resolves.toMatchObject({ looked: 1 });
    await expect(maintain()).resolves.toMatchObject({ looked: 0 });
  });

  it('is looked at once a day at its own time, and not again before twelve hours are over', async () => {
    const id = await at.connect(3600);
    await due(id);
    await maintain();
    const [row] = await at.orm.em
      .fork()
      .execute<{ hours: string }[]>(
        `select extract(epoch from next_check_at - now()) / 3600 as hours from credentials where owner_id = ?`,
        [id],
      );
    expect(Number(row?.hours)).toBeGreaterThanOrEqual(11.9);
    expect(Number(row?.hours)).toBeLessThanOrEqual(36);
  });

  it('forgets a sign-in account’s tokens when its consent ended, and lets its owner sign in all the same', async () => {
    const [userId, identityId] = [newId(), newId()];
    const em = at.orm.em.fork();
    em.create(User, { id: userId, displayName: 'Somebody', createdAt: new Date() }, { persist: true });
    await em.flush();
    em.create(
      Identity,
      {
        id: identityId,
        userId,
        provider: 'google',
        subject: identityId,
        createdAt: new Date(),
        lastUsedAt: new Date(),
      },
      { persist: true },
    );
    await em.flush();
    const owner = { id: identityId, type: 'identity', provider: 'google' } as const;
    await at.store.save(em, owner, { accessToken: 'ended', refreshToken: 'ended', expiresInSeconds: 0 });
    const [kept] = await at.orm.em
      .fork()
      .execute<{ days: string }[]>(
        `select extract(epoch from next_check_at - now()) / 86400 as days from credentials where owner_id = ?`,
        [identityId],
      );
    expect(Number(kept?.days)).toBeGreaterThanOrEqual(59);
    expect(Number(kept?.days)).toBeLessThanOrEqual(90);
    await due(identityId);
    await at.admin('POST', '/faults', { service: 'google', method: 'POST', status: 503 });
    await maintain();
    expect(await at.store.read(identityId)).not.toBeNull();
    await due(identityId);
    await maintain();
    expect(await at.store.read(identityId)).toBeNull();
    expect(await at.orm.em.fork().count(Identity, { id: identityId })).toBe(1);
    const entries = await at.orm.em.fork().find(AuditEntry, { subjectId: identityId });
    expect(entries).toMatchObject([{ event: 'identity.consent_ended', details: { provider: 'google' } }]);
  });

  it('writes nothing where nothing changed', async () => {
    const id = await at.connect(3600);
    const before = (await at.orm.em.fork().findOneOrFail(Connection, { id })).version;
    await reportProbe({ orm: at.orm, onHealthChange }, id, { result: 'working' }, { settled: true });
    expect((await at.orm.em.fork().findOneOrFail(Connection, { id })).version).toBe(before);
    expect(changes).toEqual([]);
  });
});
