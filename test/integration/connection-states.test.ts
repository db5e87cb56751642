import { createProbe } from '../../activities/connection-health-probe';
import { createRenewal } from '../../activities/renew-credential';
import { Credential } from '../../adapters/postgres/entities';
import { oauthProviders } from '../../adapters/providers/oauth-exchange';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import { createVault } from '../../adapters/vault/vault';
import { healthy, watchConnections, type WatchedConnections } from './watched-connections';

describe('each state of a connection, and its way back', () => {
  let at: WatchedConnections;
  beforeAll(async () => {
    at = await watchConnections();
  });
  afterAll(() => at?.close());
  beforeEach(() => at.calm());

  it('is healthy when the provider answers, and says when that was', async () => {
    const id = await at.connect(0);
    await expect(at.check(id)).resolves.toMatchObject({ result: 'working' });
    await expect(at.health(id)).resolves.toEqual(healthy);
    expect((await at.orm.em.fork().findOneOrFail(Credential, { ownerId: id })).checkedAt).toBeInstanceOf(Date);
    expect(at.changes).toEqual([]);
  });

  it('revoked_at_provider: a token with time left and its refresh token are both refused', async () => {
    const id = await at.connect(3600);
    await at.admin('POST', '/users/listener/spotify/revoke');
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'revoked_at_provider' });
    await at.check(id);
    expect(at.changes).toEqual([{ provider: 'spotify', health: 'needs_reconnect', code: 'revoked_at_provider' }]);
    await at.reconsent(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
    expect(await at.told(id)).toEqual(['connection.needs_reconnect', 'connection.recovered']);
  });

  it('refresh_rejected: only the refresh token is refused, and it is not sent twice', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/users/listener/spotify/revoke');
    await at.check(id);
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'refresh_rejected' });
    expect(await at.tokenCalls()).toBe(1);
  });

  it('refresh_token_missing: nothing was given to renew with', async () => {
    const id = await at.connect(0);
    await at.sql(`update credentials set refresh_token = null where owner_id = ?`, [id]);
    await at.check(id);
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
      renewOnce: createRenewal({ orm: at.orm, vault, providers: oauthProviders(at.config) }),
    });
    await expect(blind(id, {})).resolves.toEqual({ result: 'person_needed' });
    await expect(at.health(id)).resolves.toMatchObject({ health: 'needs_reconnect', healthCode: 'decrypt_failed' });
    await at.due(id);
    await at.maintain();
    await expect(at.health(id)).resolves.toEqual(healthy);
  });

  it('scope_missing: a renewed token may do less than we need, until the person consents anew', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/users/listener/spotify/reduce-scopes', { scopes: spotifyScopes.slice(1) });
    await at.check(id);
    await expect(at.health(id)).resolves.toMatchObject({ health: 'needs_reconnect', healthCode: 'scope_missing' });
    await at.reconsent(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
  });

  it('app_user_not_allowed and app_owner_not_premium: the app may not, and it ends when it may again', async () => {
    const id = await at.connect(3600);
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { registeredUsers: ['second-listener'] });
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'app_user_not_allowed' });
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { registeredUsers: null, ownerHasPremium: false });
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'app_owner_not_premium' });
    await expect(at.unread(id)).resolves.toEqual([{ type: 'connection.degraded', code: 'app_owner_not_premium' }]);
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { ownerHasPremium: true });
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
    expect(await at.told(id)).toEqual(['connection.degraded', 'connection.degraded', 'connection.recovered']);
    await expect(at.unread(id)).resolves.toEqual([{ type: 'connection.recovered', code: 'app_owner_not_premium' }]);
  });

  it('provider_unavailable and rate_limited: one silence says nothing, the last of several does, and an answer ends it', async () => {
    const id = await at.connect(3600);
    await at.admin('POST', '/faults', { service: 'spotify', status: 503, times: 2 });
    await expect(at.check(id, false)).resolves.toEqual({ result: 'silent', code: 'provider_unavailable' });
    await expect(at.health(id)).resolves.toEqual(healthy);
    await at.check(id, true);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'provider_unavailable' });
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
    await at.admin('POST', '/faults', { service: 'spotify', status: 429, retryAfter: 3600 });
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'rate_limited' });
    await at.sql(`delete from provider_gates`);
    expect(await at.told(id)).toEqual([]);
  });

  it('consent_expiring: two weeks before the end, told once, whatever comes between', async () => {
    const id = await at.connect(3600);
    await at.sql(
      `update connections set consented_at = now() - interval '6 months' + interval '13 days' where id = ?`,
      [id],
    );
    await at.due(id);
    await at.maintain();
    await expect(at.health(id)).resolves.toEqual({ health: 'expiring', healthCode: 'consent_expiring' });
    await at.admin('POST', '/faults', { service: 'spotify', status: 503 });
    await at.check(id);
    await expect(at.health(id)).resolves.toMatchObject({ health: 'degraded' });
    await at.check(id);
    await expect(at.health(id)).resolves.toMatchObject({ health: 'expiring' });
    expect(await at.told(id)).toEqual(['connection.consent_expiring']);
  });

  it('token_expired: at the end of the consent the provider has the last word', async () => {
    const id = await at.connect(3600);
    await at.sql(`update connections set consented_at = now() - interval '6 months' - interval '1 hour' where id = ?`, [
      id,
    ]);
    await at.due(id);
    await at.maintain();
    await expect(at.health(id)).resolves.toMatchObject({ health: 'expiring' });
    await at.admin('POST', '/users/listener/spotify/age-consent', { months: 7 });
    await at.due(id);
    await at.maintain();
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'token_expired' });
  });

  it('token_expired and subscription_missing at Apple Music, where a token is only given up after a second try', async () => {
    const id = await at.connectApple('apple-listener');
    await expect(at.check(id)).resolves.toMatchObject({ result: 'working' });
    await at.admin('POST', '/users/apple-listener/apple-music/subscription', { active: false });
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'subscription_missing' });
    expect(await at.told(id)).toEqual(['connection.degraded']);
    await at.admin('POST', '/users/apple-listener/apple-music/subscription', { active: true });
    const refused = {
      errors: [{ id: 'X', title: 'Forbidden', detail: 'Invalid authentication', status: '403', code: '40300' }],
    };
    await at.admin('POST', '/faults', { service: 'apple_music', status: 403, body: refused });
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
    await at.admin('POST', '/faults', { service: 'apple_music', status: 403, body: refused, times: 2 });
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'token_expired' });
    await at.check(id);
    await expect(at.health(id)).resolves.toEqual(healthy);
  });
});
