import type { Browser } from './browser';
import { query } from './browser';
import { fault, setStage, type Stage } from './signed-in';

interface ConnectionRow {
  id: string;
  account_user_id: string;
  health: string;
  epoch: number;
  scopes: string[];
}

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());
afterEach(() => fetch(`${stage.system.sandbox.url}/admin/faults`, { method: 'DELETE' }));

// What a flow decides; the library syncs that run meanwhile move the rest.
const connections = () =>
  stage.rows<ConnectionRow>(
    `select id, user_id, account_id, account_user_id, health, epoch, scopes, consented_at from connections order by id`,
  );
async function connect(browser: Browser, user: string, parameters = ''): Promise<Record<string, string>> {
  return query(await browser.finish(await browser.consent(`${stage.connectUrl}${parameters}`, { user })));
}

describe('connecting Spotify', () => {
  it('needs somebody who is signed in', async () => {
    const answer = await stage.api.call('GET', '/api/v1/connections/spotify/start');
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 401, code: 'unauthenticated' });
  });

  it('makes the connection with its credential, and starts the first sync', async () => {
    const browser = await stage.signedIn('listener');
    const landed = await connect(browser, 'listener');
    const [connection] = await connections();
    expect(landed).toEqual({ result: 'ok', connectionId: connection?.id, jobId: expect.any(String) });
    expect(connection).toMatchObject({ account_user_id: 'listener', health: 'healthy', epoch: 1 });
    expect(connection?.scopes).toHaveLength(8);
    const [credential] = await stage.rows<{ access_token: string }>(
      `select access_token from credentials where owner_id = ?`,
      [connection?.id],
    );
    expect(credential?.access_token.split('.')).toHaveLength(5);
    expect(await stage.system.jobEnd(landed.jobId ?? '')).toMatchObject({ status: 'completed' });
    expect((await stage.read(browser, '/me')).body.setup).toMatchObject({
      connected: true,
      synced: true,
      next: 'block',
    });
  });

  it('the request’s id leads from the answer into the job', async () => {
    const browser = await stage.signedIn('listener');
    const answer = await browser.fetch(`${stage.connectUrl}?returnTo=/`, {
      headers: { 'x-request-id': 'follow-me-0001' },
    });
    const callback = await browser.consentAt(answer.headers.get('location') ?? '', { user: 'listener' });
    const { jobId } = query(await browser.finish(callback));
    const rows = await stage.rows(`select request_id from jobs where id = ?`, [jobId]);
    expect(rows).toEqual([{ request_id: 'follow-me-0001' }]);
  });

  it('doing it again renews what is there: new tokens, one connection, the epoch kept', async () => {
    const [before] = await connections();
    await stage.rows(`update connections set health = 'needs_reconnect', health_code = 'refresh_rejected'`);
    const landed = await connect(await stage.signedIn('listener'), 'listener', `?connectionId=${before?.id}`);
    expect(landed.result).toBe('ok');
    const after = await connections();
    expect(after).toHaveLength(1);
    expect(after[0]).toMatchObject({
      id: before?.id,
      health: 'healthy',
      epoch: 1,
    });
  });

  it('a reload of the finished callback lands where the first one did', async () => {
    const browser = await stage.signedIn('listener');
    const callback = await browser.consent(stage.connectUrl, { user: 'listener' });
    const first = await browser.finish(callback);
    expect((await browser.finish(callback)).href).toBe(first.href);
  });

  it('an account that is connected to somebody else stays theirs', async () => {
    const before = await connections();
    const landed = await connect(await stage.signedIn('second-listener'), 'listener');
    expect(landed).toEqual({ error: 'connection_belongs_to_another' });
    expect(await connections()).toEqual(before);
  });

  it('a connection is not renewed by another account', async () => {
    const [before] = await connections();
    const landed = await connect(await stage.signedIn('listener'), 'second-listener', `?connectionId=${before?.id}`);
    expect(landed).toEqual({ error: 'account_differs' });
    expect(await connections()).toEqual([before]);
  });

  it('somebody else’s connection can’t be named', async () => {
    const [theirs] = await connections();
    const browser = await stage.signedIn('second-listener');
    const answer = await stage.read(browser, `/connections/spotify/start?connectionId=${theirs?.id}`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('whoever was suspended since they started renews what undoing needs, and connects nothing new', async () => {
    const [mine] = await connections();
    const browser = await stage.signedIn('listener');
    const [fresh, renewal] = [
      await browser.consent(stage.connectUrl, { user: 'listener' }),
      await browser.consent(`${stage.connectUrl}?connectionId=${mine?.id}`, { user: 'listener' }),
    ];
    await stage.rows(
      `insert into user_suspensions (id, user_id, reason, suspended_by) select gen_random_uuid(), user_id, 'Why', user_id from connections`,
    );
    expect(query(await browser.finish(fresh))).toEqual({ error: 'suspended' });
    expect(query(await browser.finish(renewal))).toMatchObject({ result: 'ok', connectionId: mine?.id });
    await stage.rows(`delete from user_suspensions`);
  });

  it('the person who finishes must be the one who started', async () => {
    const browser = await stage.signedIn('second-listener');
    const callback = await browser.consent(stage.connectUrl, { user: 'second-listener' });
    await browser.finish(await browser.consent(stage.signInUrl, { user: 'listener' }));
    expect(query(await browser.finish(callback))).toEqual({ error: 'flow_not_yours' });
    await browser.finish(await browser.consent(stage.signInUrl, { user: 'second-listener' }));
    expect(query(await browser.finish(callback))).toMatchObject({ result: 'ok' });
  });

  it('where a permission was not granted nothing half-made stays', async () => {
    const before = await connections();
    await fault(stage.system, {
      service: 'spotify-accounts',
      method: 'POST',
      route: '/api/token',
      body: { scope: 'user-library-read playlist-read-private' },
    });
    const browser = await stage.signedIn('moderator');
    expect(await connect(browser, 'moderator')).toEqual({ error: 'scopes_missing' });
    expect(await connections()).toEqual(before);
    expect(
      await stage.rows(
        `select raw_answer, callback_secrets from oauth_transactions where error_code = 'scopes_missing'`,
      ),
    ).toEqual([{ raw_answer: null, callback_secrets: null }]);
  });

  it('denied consent is told as such', async () => {
    const browser = await stage.signedIn('listener');
    const callback = await browser.consent(stage.connectUrl, { user: 'listener', decision: 'deny' });
    expect(query(await browser.finish(callback))).toEqual({ error: 'access_denied' });
  });

  it('a profile that can’t be read for a moment is asked for again, without another exchange', async () => {
    await fault(stage.system, { service: 'spotify', method: 'GET', route: '/me', status: 503, times: 2 });
    expect(await connect(await stage.signedIn('reviewer'), 'reviewer')).toMatchObject({ result: 'ok' });
    const [flow] = await stage.rows(`select exchange_attempts from oauth_transactions order by id desc limit 1`);
    expect(flow).toEqual({ exchange_attempts: 1 });
  });
});
