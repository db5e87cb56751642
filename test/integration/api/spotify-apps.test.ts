import type { Browser } from './browser';
import { query } from './browser';
import { setStage, type Stage } from './signed-in';

const first = 'sandbox-spotify';
const second = 'sandbox-spotify-2';
const ownId = '0123456789abcdef0123456789abcdef';
const ownHref = '/api/v1/me/provider-apps/spotify';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({
    SPOTIFY_APPS: `${first}:${first}-secret:developer-1:development:1,${second}:${second}-secret:developer-2:development:1`,
  });
});
afterAll(() => stage.close());
beforeEach(async () => {
  for (const table of ['credentials', 'connections', 'oauth_transactions', 'provider_apps'])
    await stage.rows(`delete from ${table}`);
  for (const clientId of [first, second, ownId])
    await setApp(clientId, { registeredUsers: null, ownerHasPremium: true });
});

async function setApp(clientId: string, change: object): Promise<void> {
  const response = await fetch(`${stage.system.sandbox.url}/admin/spotify/apps/${clientId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  if (!response.ok) throw new Error(await response.text());
}

const connections = () =>
  stage.rows<{ id: string; client_id: string; quota: string }>(
    `select id, client_id, quota from connections order by created_at`,
  );
const connect = async (browser: Browser, user: string, parameters = '') =>
  browser.finish(await browser.consent(`${stage.connectUrl}${parameters}`, { user }));
const send = async (browser: Browser, method: string, body?: unknown) => {
  const answer = await browser.fetch(`${stage.api.url}${ownHref}`, {
    method,
    headers: { origin: stage.api.url, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('several apps of the operator’s', () => {
  it('take new connections one after the other, and say so when all are full', async () => {
    const listener = await stage.signedIn('listener');
    expect(query(await connect(listener, 'listener')).result).toBe('ok');
    expect(query(await connect(await stage.signedIn('second-listener'), 'second-listener')).result).toBe('ok');
    expect(await connections()).toMatchObject([
      { client_id: first, quota: 'developer-1' },
      { client_id: second, quota: 'developer-2' },
    ]);
    const third = await stage.signedIn('moderator');
    const full = await third.fetch(stage.connectUrl, { headers: { accept: 'application/json' } });
    expect(full.status).toBe(503);
    expect(await full.json()).toMatchObject({
      code: 'spotify_apps_full',
      action: { code: 'bring_own_app', href: ownHref },
    });
    const [own] = await connections();
    expect(query(await connect(listener, 'listener', `?connectionId=${own?.id}`)).result).toBe('ok');
    expect((await connections())[0]).toMatchObject({ client_id: first });
  });

  it('whom one does not let in is sent on to the next at once', async () => {
    await setApp(first, { registeredUsers: [] });
    const browser = await stage.signedIn('listener');
    const sentOn = await connect(browser, 'listener');
    expect(sentOn.searchParams.get('client_id')).toBe(second);
    const landed = await browser.finish(await browser.consentAt(sentOn.href, { user: 'listener' }));
    expect(query(landed).result).toBe('ok');
    expect(await connections()).toMatchObject([{ client_id: second, quota: 'developer-2' }]);
  });

  it('whom none lets in is told why, once', async () => {
    await setApp(first, { registeredUsers: [] });
    await setApp(second, { ownerHasPremium: false });
    const browser = await stage.signedIn('listener');
    const sentOn = await connect(browser, 'listener', '?returnTo=/');
    const landed = await browser.finish(await browser.consentAt(sentOn.href, { user: 'listener' }));
    expect(query(landed)).toEqual({ error: 'app_owner_not_premium' });
    expect(await (await browser.fetch(landed.href)).text()).toContain('bring a Spotify app');
    expect(await connections()).toEqual([]);
    const codes = await stage.rows(
      `select client_id, error_code, raw_answer from oauth_transactions where provider = 'spotify' order by id`,
    );
    expect(codes).toEqual([
      { client_id: first, error_code: 'app_user_not_allowed', raw_answer: null },
      { client_id: second, error_code: 'app_owner_not_premium', raw_answer: null },
    ]);
  });
});

describe('an app of a person’s own', () => {
  it('is used for what they connect, without a secret, and its tokens are renewed through it', async () => {
    const browser = await stage.signedIn('listener');
    expect(await send(browser, 'GET')).toMatchObject({ status: 200, body: { clientId: null, connections: 0 } });
    expect(await send(browser, 'PUT', { clientId: ownId })).toMatchObject({
      status: 200,
      body: {
        clientId: ownId,
        quota: `own:${ownId}`,
        redirectUri: `${stage.api.url}/api/v1/connections/spotify/callback`,
      },
    });
    const landed = query(await connect(browser, 'listener'));
    expect(landed.result).toBe('ok');
    const [connection] = await connections();
    expect(connection).toMatchObject({ client_id: ownId, quota: `own:${ownId}` });
    expect((await stage.read(browser, `/connections/${connection?.id}`)).body).toMatchObject({
      app: { clientId: ownId, own: true },
    });
    expect(await stage.system.jobEnd(landed.jobId ?? '')).toMatchObject({ status: 'completed' });

    // Taken out of use, it still renews what it was given.
    expect(await send(browser, 'DELETE')).toMatchObject({ status: 200, body: { clientId: null, connections: 1 } });
    await stage.rows(`update credentials set access_expires_at = now() - interval '1 minute' where owner_id = ?`, [
      connection?.id,
    ]);
    const versionOf = () =>
      stage.rows<{ version: number }>(`select version from credentials where owner_id = ?`, [connection?.id]);
    const [before] = await versionOf();
    const answer = await browser.fetch(`${stage.api.url}/api/v1/connections/${connection?.id}/library-sync`, {
      method: 'POST',
      headers: { origin: stage.api.url, 'content-type': 'application/json' },
      body: '{}',
    });
    const { jobId } = (await answer.json()) as { jobId: string };
    expect(await stage.system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
    expect((await versionOf())[0]?.version).toBe((before?.version ?? 0) + 1);

    // The next consent goes through the operator's.
    expect(query(await connect(browser, 'listener', `?connectionId=${connection?.id}`)).result).toBe('ok');
    expect(await connections()).toMatchObject([{ client_id: first, quota: 'developer-1' }]);
  });

  it('is 32 hexadecimal digits, not the operator’s, and gone only once', async () => {
    const browser = await stage.signedIn('listener');
    for (const clientId of ['nonsense', first, ownId.toUpperCase()])
      expect(await send(browser, 'PUT', { clientId })).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    expect(await send(browser, 'PUT', { clientId: ownId })).toMatchObject({ status: 200 });
    expect(await send(browser, 'DELETE')).toMatchObject({ status: 200 });
    expect(await stage.rows(`select id from provider_apps`)).toEqual([]);
    expect(await send(browser, 'DELETE')).toMatchObject({ status: 404 });
  });

  it('that does not let them in says what to do, and is not given up for another', async () => {
    await setApp(ownId, { registeredUsers: [] });
    const browser = await stage.signedIn('listener');
    await send(browser, 'PUT', { clientId: ownId });
    expect(query(await connect(browser, 'listener'))).toEqual({ error: 'app_user_not_allowed' });
  });
});
