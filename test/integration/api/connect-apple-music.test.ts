import { decodeProtectedHeader } from 'jose';
import { createPersonalToken } from '../../../adapters/postgres/personal-tokens';
import { createAppleMusic } from '../../../adapters/providers/apple-music/apple-music';
import { developerTokenAlarm } from '../../../adapters/telemetry/developer-token-alarm';
import { sandboxKey } from '../../../adapters/environment/sandbox-key';
import { openGate } from '../providers/open-gate';
import { startApi } from './api-under-test';
import { appleMusicOn } from './apple-music-walker';
import type { Browser } from './browser';
import { fault, setStage, type Stage } from './signed-in';

interface ConnectionRow {
  id: string;
  account_id: string;
  health: string;
  health_code: string | null;
  epoch: number;
  storefront: string;
  consent_hash: string;
}

let stage: Stage;
let apple: ReturnType<typeof appleMusicOn>;
let browser: Browser;
beforeAll(async () => {
  stage = await setStage({ RATE_LIMIT_SIGN_IN: '100000' });
  apple = appleMusicOn(stage);
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.rows(`delete from connections`);
  browser = await stage.signedIn('apple-listener');
});
afterEach(() => fetch(`${stage.system.sandbox.url}/admin/faults`, { method: 'DELETE' }));

/** But for what the sync that connecting starts changes meanwhile. */
const connections = () =>
  stage.rows<ConnectionRow>(
    `select id, user_id, account_id, health, health_code, epoch, storefront, consent_hash, consented_at, quota from connections order by id`,
  );
const audited = async () =>
  (
    await stage.rows<{ event: string }>(`select event from audit_entries where event like 'connection.%' order by id`)
  ).map(({ event }) => event);
const refuse = (status: number, body?: unknown, times = 1) =>
  fault(stage.system, { service: 'apple_music', route: '/me/storefront', status, times, ...(body ? { body } : {}) });
const code = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body.code];

describe('the developer token', () => {
  it('is for whoever is signed in, with where MusicKit is and until when it holds', async () => {
    const { status, body } = await stage.read(browser, '/connections/apple-music/developer-token');
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.any(String),
      expiresAt: expect.any(String),
      musicKitUrl: `${stage.system.sandbox.url}/apple-music/musickit.js`,
    });
    expect(decodeProtectedHeader(String(body.token))).toEqual({ alg: 'ES256', kid: 'SANDBOXMUSIC' });
    expect(await apple.developerToken(await stage.signedIn('listener'))).toBe(body.token);
    const nobody = await stage.api.call('GET', '/api/v1/connections/apple-music/developer-token');
    expect(code(nobody)).toEqual([401, 'unauthenticated']);
  });

  it('is not given to a token that may only read', async () => {
    const { token } = await stage.api.person({ scopes: ['read'] });
    const answer = await stage.api.call('GET', '/api/v1/connections/apple-music/developer-token', { token });
    expect(code(answer)).toEqual([403, 'scope_missing']);
  });
});

describe('connecting Apple Music', () => {
  it('asks Apple, keeps the token sealed, and says that nothing renews or revokes it', async () => {
    const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
    const made = await apple.post(browser, { musicUserToken });
    const [row] = await connections();
    expect(made).toMatchObject({
      status: 201,
      location: `/api/v1/connections/${row?.id}`,
      body: {
        id: row?.id,
        provider: 'apple_music',
        health: 'healthy',
        refreshable: false,
        revocable: false,
        reconnectHref: `/connect/apple-music?connectionId=${row?.id}`,
        jobId: expect.any(String),
      },
    });
    expect(made.body.storefront).toBe(row?.storefront);
    expect(made.body.accountName).toBe(`Apple Music (${row?.storefront.toUpperCase()})`);
    expect(row).toMatchObject({ account_id: row?.id, epoch: 1, storefront: expect.stringMatching(/^[a-z]{2}$/) });
    const [kept] = await stage.rows<{ access_token: string; refresh_token: null; access_expires_at: null }>(
      `select access_token, refresh_token, access_expires_at from credentials where owner_id = ?`,
      [row?.id],
    );
    expect(kept).toMatchObject({ refresh_token: null, access_expires_at: null });
    expect(await stage.api.deps.vault.open(kept?.access_token ?? '', { sub: row?.id ?? '', use: 'access' })).toBe(
      musicUserToken,
    );
    expect(await audited()).toContain('connection.created');
  });

  it('the same token again changes nothing', async () => {
    const body = { musicUserToken: await apple.musicUserToken(browser, 'apple-listener') };
    const first = await apple.post(browser, body);
    const [before, told] = [await connections(), await audited()];
    const again = await apple.post(browser, body);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(first.body.id);
    expect(await connections()).toEqual(before);
    expect(await audited()).toEqual(told);
  });

  it('the same token many times at once makes one connection', async () => {
    const body = { musicUserToken: await apple.musicUserToken(browser, 'apple-listener') };
    const answers = await Promise.all(Array.from({ length: 5 }, () => apple.post(browser, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(await connections()).toHaveLength(1);
  });

  it('two tokens at once make one connection too: nobody can tell whether they are of one account', async () => {
    const tokens = [
      await apple.musicUserToken(browser, 'apple-listener'),
      await apple.musicUserToken(browser, 'apple-listener'),
    ];
    const answers = await Promise.all(tokens.map((musicUserToken) => apple.post(browser, { musicUserToken })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const [row] = await connections();
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'already_connected',
      resource: { type: 'connection', id: row?.id },
      action: { code: 'reconnect', href: `/connect/apple-music?connectionId=${row?.id}` },
    });
  });

  it('another token renews the connection that is named with it: healthy again, the epoch kept', async () => {
    const first = await apple.post(browser, { musicUserToken: await apple.musicUserToken(browser, 'apple-listener') });
    await stage.rows(`update connections set health = 'needs_reconnect', health_code = 'token_expired'`);
    const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
    const renewed = await apple.post(browser, { musicUserToken, connectionId: first.body.id });
    expect(renewed).toMatchObject({ status: 200, body: { id: first.body.id, health: 'healthy', healthCode: null } });
    const rows = await connections();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ epoch: 1, health: 'healthy' });
    expect((await audited()).slice(-2).sort()).toEqual(['connection.recovered', 'connection.renewed']);
  });

  it('somebody else’s connection can’t be named, nor one of another provider', async () => {
    const { body } = await apple.post(browser, {
      musicUserToken: await apple.musicUserToken(browser, 'apple-listener'),
    });
    const other = await stage.signedIn('second-listener');
    const musicUserToken = await apple.musicUserToken(other, 'second-listener');
    expect(code(await apple.post(other, { musicUserToken, connectionId: body.id }))).toEqual([404, 'not_found']);
    await stage.rows(`update connections set provider = 'spotify'`);
    expect(code(await apple.post(browser, { musicUserToken, connectionId: body.id }))).toEqual([404, 'not_found']);
  });

  it('a token that somebody else has given stays theirs', async () => {
    const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
    await apple.post(browser, { musicUserToken });
    const before = await connections();
    const answer = await apple.post(await stage.signedIn('second-listener'), { musicUserToken });
    expect(code(answer)).toEqual([409, 'connection_belongs_to_another']);
    expect(await connections()).toEqual(before);
  });

  it('a token that Apple never gave, or that has ended, makes nothing', async () => {
    expect(code(await apple.post(browser, { musicUserToken: 'A'.repeat(300) }))).toEqual([400, 'music_token_rejected']);
    const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
    await fetch(`${stage.system.sandbox.url}/admin/users/apple-listener/apple-music/expire-tokens`, { method: 'POST' });
    expect(code(await apple.post(browser, { musicUserToken }))).toEqual([400, 'music_token_rejected']);
    expect(await connections()).toEqual([]);
  });

  it.each(['short', 'with a space in a long enough text', 'with\nline'.padEnd(40, 'x'), 7])(
    'what can’t be a token is not even asked about: %j',
    async (musicUserToken) => {
      expect(code(await apple.post(browser, { musicUserToken }))).toEqual([400, 'invalid_request']);
    },
  );

  it('an account without a subscription is told so', async () => {
    const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
    const subscription = (active: boolean) =>
      fetch(`${stage.system.sandbox.url}/admin/users/apple-listener/apple-music/subscription`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ active }),
      });
    await subscription(false);
    expect(code(await apple.post(browser, { musicUserToken }))).toEqual([409, 'subscription_missing']);
    await subscription(true);
    expect((await apple.post(browser, { musicUserToken })).status).toBe(201);
  });

  it.each([
    ['asks us to wait', 429, 'provider_unavailable'],
    ['has a fault upstream', 500, 'provider_unavailable'],
    ['refuses with a page that is not its own', 403, 'provider_error'],
  ])('where Apple %s nothing is made and nobody’s token blamed', async (_, status, expected) => {
    const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
    await refuse(status, status === 403 ? { blocked: true } : undefined);
    expect((await apple.post(browser, { musicUserToken })).body.code).toBe(expected);
    expect(await connections()).toEqual([]);
    await stage.rows(`delete from provider_gates`);
  });

  it('needs the origin of a page of ours', async () => {
    const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
    const answer = await apple.post(browser, { musicUserToken }, { origin: 'https://elsewhere.test' });
    expect(code(answer)).toEqual([403, 'origin_not_allowed']);
  });

  it('starts the sync of its library, on its own queue, and can be asked for again', async () => {
    const { body } = await apple.post(browser, {
      musicUserToken: await apple.musicUserToken(browser, 'apple-listener'),
    });
    const jobId = String(body.jobId);
    expect(
      await stage.rows(
        `select type, provider, input from jobs j join outbox o on o.workflow_id = j.workflow_id where j.id = ?`,
        [jobId],
      ),
    ).toMatchObject([{ type: 'library_sync', provider: 'apple_music', input: { provider: 'apple_music' } }]);
    const answer = await browser.fetch(`${stage.api.url}/api/v1/connections/${String(body.id)}/library-sync`, {
      method: 'POST',
      headers: { origin: new URL(stage.api.url).origin },
    });
    expect([answer.status, await answer.json()]).toEqual([202, { jobId: expect.any(String) }]);
  });
});

describe('when Apple refuses our own developer token', () => {
  it('once, another one is signed and the person notices nothing', async () => {
    const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
    await stage.system.admin.forgetCalls();
    await refuse(401);
    expect((await apple.post(browser, { musicUserToken })).status).toBe(201);
    const calls = (await stage.system.admin.calls()).filter(({ route }) => route === '/me/storefront');
    expect(calls.map(({ status, count }) => [status, count]).sort()).toEqual([
      [200, 1],
      [401, 1],
    ]);
  });

  it('for good, that is our fault: counted, logged once, and no connection is touched', async () => {
    const { body } = await apple.post(browser, {
      musicUserToken: await apple.musicUserToken(browser, 'apple-listener'),
    });
    const before = await connections();
    const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
    const api = await startApi({ environment: stage.system.environment });
    const settings = { ...stage.api.config.appleMusic!, privateKey: sandboxKey('a key that Apple does not know') };
    const { log, metrics } = api.deps;
    api.deps.appleMusic = createAppleMusic(
      { ...api.config, appleMusic: settings },
      {
        gate: openGate(),
        onDeveloperTokenRejected: developerTokenAlarm({ count: metrics.onDeveloperTokenRejected, log }),
      },
    );
    const [{ id: userId } = { id: '' }] = await stage.rows<{ id: string }>(`select user_id as id from connections`);
    const { token } = await createPersonalToken(api.deps.orm.em.fork(), {
      userId,
      name: 'test',
      scopes: ['read', 'write'],
      expiresAt: new Date(Date.now() + 86_400_000),
    });
    const post = () =>
      api.call('POST', '/api/v1/connections/apple-music', { token, body: { musicUserToken, connectionId: body.id } });
    expect(code(await post())).toEqual([503, 'provider_unavailable']);
    expect(code(await post())).toEqual([503, 'provider_unavailable']);
    expect(await metrics.registry.metrics()).toContain('dnp_developer_token_rejections_total 2');
    const lines = api.logged().filter(({ code: said }) => said === 'developer_token_rejected');
    expect(lines).toHaveLength(1);
    expect(await connections()).toEqual(before);
    // What the API asks itself, it counts itself.
    expect(await stage.api.deps.metrics.registry.metrics()).toMatch(
      /^dnp_provider_requests_total\{provider="apple_music",endpoint="storefront",outcome="ok"\} [1-9]/m,
    );
    await api.close();
  });
});

test('where nothing is configured that is said, and what is missing is logged for the operator alone', async () => {
  const api = await startApi({ environment: { APPLE_MUSIC_QUOTA: 'some' } });
  const { token } = await api.person();
  const answer = await api.call('GET', '/api/v1/connections/apple-music/developer-token', { token });
  expect(code(answer)).toEqual([503, 'provider_not_configured']);
  expect(answer.text).not.toContain('APPLE_MUSIC');
  expect(api.logged()).toContainEqual(
    expect.objectContaining({
      missing: ['APPLE_MUSIC_TEAM_ID', 'APPLE_MUSIC_KEY_ID', 'APPLE_MUSIC_PRIVATE_KEY'],
    }),
  );
  expect(code(await api.call('GET', '/connect/apple-music'))).toEqual([503, 'provider_not_configured']);
  await api.close();
});

describe('the connect page', () => {
  const page = (who: Browser, query = '') => who.fetch(`${stage.api.url}/connect/apple-music${query}`);

  it('holds where to return to and which connection to renew, and lets nothing in but Apple’s script', async () => {
    const { body } = await apple.post(browser, {
      musicUserToken: await apple.musicUserToken(browser, 'apple-listener'),
    });
    const answer = await page(browser, `?connectionId=${String(body.id)}&returnTo=/somewhere?a=1%26b="2"`);
    const text = await answer.text();
    expect(text).toContain(`data-connection-id="${String(body.id)}"`);
    expect(text).toContain(`data-return-to="${stage.api.url}/somewhere?a=1&amp;b=%222%22"`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`script-src 'self' ${stage.system.sandbox.url};`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups');
    const script = await browser.fetch(`${stage.api.url}/connect/apple-music.js`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
  });

  it('sends a stranger to sign in first, and back', async () => {
    const answer = await stage.api.call('GET', '/connect/apple-music?returnTo=/x');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('/api/v1/auth/google/start?returnTo=%2Fconnect%2Fapple-music%3FreturnTo%3D%2Fx');
  });

  it.each(['//elsewhere.test', 'https://elsewhere.test/', '/api/v1/auth/google/start', 'javascript:alert(1)'])(
    'returns to no address such as %s',
    async (returnTo) => {
      const answer = await page(browser, `?returnTo=${encodeURIComponent(returnTo)}`);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'invalid_return_to']);
    },
  );

  it.each(['nonsense', '01890000-0000-7000-8000-000000000000'])('knows no connection %s', async (id) => {
    expect((await page(browser, `?connectionId=${id}`)).status).toBe(404);
  });
});
