import { Browser, query } from './browser';
import { fault, setStage, type Stage } from './signed-in';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

describe('signing in with Google', () => {
  it('the first sign-in makes the person, the next finds them, each with a session of its own', async () => {
    const first = await stage.signedIn('listener');
    const { status, body } = await stage.read(first, '/auth/session');
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ email: 'listener@example.test', roles: [] });
    const second = await stage.signedIn('listener');
    expect((await stage.read(second, '/auth/session')).body).toEqual(body);
    const cookie = (browser: Browser) => browser.cookiesFor(stage.api.url).dnp_session;
    expect(cookie(first)).not.toBe(cookie(second));
    const people = await stage.rows(`select id from users where email = 'listener@example.test'`);
    expect(people).toHaveLength(1);
  });

  it('the session’s cookie is out of reach of scripts and of other sites', async () => {
    const browser = new Browser();
    const answer = await browser.fetch(await browser.consent(stage.signInUrl, { user: 'listener' }));
    const [line = ''] = answer.headers.getSetCookie().filter((text) => text.startsWith('dnp_session='));
    expect(line).toMatch(/httponly/i);
    expect(line).toMatch(/samesite=lax/i);
    expect(line).toMatch(/path=\/(;|$)/i);
  });

  it('a browser that was signed in gets another session, and the old one ends', async () => {
    const browser = await stage.signedIn('listener');
    const old = browser.cookiesFor(stage.api.url).dnp_session;
    await browser.finish(await browser.consent(stage.signInUrl, { user: 'second-listener' }));
    expect((await stage.read(browser, '/auth/session')).body.user).toMatchObject({
      email: 'second-listener@example.test',
    });
    const answer = await fetch(`${stage.api.url}/api/v1/auth/session`, { headers: { cookie: `dnp_session=${old}` } });
    expect(answer.status).toBe(401);
  });

  it('two tabs that start cold both end well', async () => {
    const browser = new Browser();
    const one = await browser.consent(`${stage.signInUrl}?returnTo=/?tab=1`, { user: 'listener' });
    const two = await browser.consent(`${stage.signInUrl}?returnTo=/?tab=2`, { user: 'listener' });
    const landed = [await browser.finish(one), await browser.finish(two)];
    expect(landed.map(query)).toEqual([
      { tab: '1', result: 'ok' },
      { tab: '2', result: 'ok' },
    ]);
  });

  it('two callbacks of one flow at once make one exchange and one session', async () => {
    const browser = new Browser();
    const callback = await browser.consent(stage.signInUrl, { user: 'listener' });
    await stage.rows(`delete from sessions`);
    const answers = await Promise.all([browser.fetch(callback), browser.fetch(callback)]);
    expect(answers.map((answer) => answer.status)).toEqual([303, 303]);
    expect(await stage.rows(`select id from sessions`)).toHaveLength(1);
    const attempts = await stage.rows(`select exchange_attempts from oauth_transactions order by id desc limit 1`);
    expect(attempts).toEqual([{ exchange_attempts: 1 }]);
  });

  it('a reload of a finished callback lands where the first one did, and signs nobody in again', async () => {
    const browser = new Browser();
    const callback = await browser.consent(`${stage.signInUrl}?returnTo=/?from=here`, { user: 'listener' });
    const first = await browser.finish(callback);
    expect((await browser.finish(callback)).href).toBe(first.href);
    const left = await browser.fetch(`${stage.api.url}/api/v1/auth/session`, {
      method: 'DELETE',
      headers: { origin: stage.api.url },
    });
    expect(left.status).toBe(204);
    expect(query(await browser.finish(callback))).toEqual({ from: 'here', error: 'flow_expired' });
    expect((await stage.read(browser, '/auth/session')).status).toBe(401);
  });

  it('consent that was denied leaves nothing behind', async () => {
    const browser = new Browser();
    const landed = await browser.finish(
      await browser.consent(stage.signInUrl, { user: 'moderator', decision: 'deny' }),
    );
    expect(query(landed)).toEqual({ error: 'access_denied' });
    expect(await stage.rows(`select id from users where email = 'moderator@example.test'`)).toEqual([]);
  });

  it('a callback in another browser is refused and doesn’t burn the flow', async () => {
    const [mine, theirs] = [new Browser(), new Browser()];
    const callback = await mine.consent(stage.signInUrl, { user: 'listener' });
    expect(query(await theirs.finish(callback))).toEqual({ error: 'flow_not_yours' });
    expect((await stage.read(theirs, '/auth/session')).status).toBe(401);
    expect(query(await mine.finish(callback))).toEqual({ result: 'ok' });
  });

  it('a state that was never given, or of another provider, is unknown', async () => {
    const browser = new Browser();
    const callback = await browser.consent(stage.signInUrl, { user: 'listener' });
    const forged = new URL(callback);
    forged.searchParams.set('state', 'a'.repeat(40));
    expect(query(await browser.finish(forged.href))).toEqual({ error: 'flow_unknown' });
    const crossed = callback.replace('/auth/google/callback', '/connections/spotify/callback');
    expect(query(await browser.finish(crossed))).toEqual({ error: 'flow_unknown' });
    expect(query(await browser.finish(`${stage.api.url}/api/v1/auth/google/callback`))).toEqual({
      error: 'flow_unknown',
    });
    expect(query(await browser.finish(callback))).toEqual({ result: 'ok' });
  });

  it('a code that isn’t one is rejected, and the tokens of nobody are kept', async () => {
    const browser = new Browser();
    const callback = new URL(await browser.consent(stage.signInUrl, { user: 'listener' }));
    callback.searchParams.set('code', 'not-a-code');
    expect(query(await browser.finish(callback.href))).toEqual({ error: 'code_rejected' });
    const [row] = await stage.rows<Record<string, unknown>>(
      `select * from oauth_transactions order by id desc limit 1`,
    );
    expect(row).toMatchObject({ status: 'failed', flow_secrets: '', callback_secrets: null, raw_answer: null });
  });

  it('a flow that was started too long ago has to be started again', async () => {
    const browser = new Browser();
    const callback = await browser.consent(stage.signInUrl, { user: 'listener' });
    await stage.rows(`update oauth_transactions set expires_at = now() - interval '1 second' where status = 'started'`);
    expect(query(await browser.finish(callback))).toEqual({ error: 'flow_expired' });
  });

  it('a verified address that somebody else signs in with joins nobody to anybody', async () => {
    const { id } = await stage.api.person({ email: 'reviewer@example.test' });
    await stage.rows(
      `insert into identities (id, user_id, provider, subject) values (gen_random_uuid(), ?, 'apple', 'x')`,
      [id],
    );
    const browser = new Browser();
    const landed = await browser.finish(await browser.consent(stage.signInUrl, { user: 'reviewer' }));
    expect(query(landed)).toEqual({ error: 'account_exists' });
    expect(await stage.rows(`select id from identities where provider = 'google' and user_id = ?`, [id])).toEqual([]);
  });

  it('a person whom the operator made ahead is found by their verified address', async () => {
    const { id } = await stage.api.person({ email: 'admin@example.test' });
    const browser = await stage.signedIn('admin');
    expect((await stage.read(browser, '/auth/session')).body.user).toMatchObject({ id });
  });
});

describe('when Google’s answer doesn’t come', () => {
  const lost = { service: 'google', method: 'POST', route: '/token', dropAnswer: true };

  it('an answer that got lost after the code was spent starts the flow again by itself, once', async () => {
    const browser = new Browser();
    const callback = await browser.consent(`${stage.signInUrl}?returnTo=/?x=1`, { user: 'listener' });
    await fault(stage.system, lost);
    const again = await browser.finish(callback);
    expect(again.origin).toBe(stage.system.sandbox.url);
    const landed = await browser.finish(await browser.consentAt(again.href, { user: 'listener' }));
    expect(query(landed)).toEqual({ x: '1', result: 'ok' });
  });

  it('but not a second time', async () => {
    const browser = new Browser();
    const callback = await browser.consent(stage.signInUrl, { user: 'listener' });
    await fault(stage.system, lost);
    const again = await browser.finish(callback);
    const second = await browser.consentAt(again.href, { user: 'listener' });
    await fault(stage.system, lost);
    expect(query(await browser.finish(second))).toEqual({ error: 'code_rejected' });
  });

  it('a refusal to answer for a moment is waited out', async () => {
    const browser = new Browser();
    const callback = await browser.consent(stage.signInUrl, { user: 'listener' });
    await fault(stage.system, { service: 'google', method: 'POST', route: '/token', status: 503 });
    expect(query(await browser.finish(callback))).toEqual({ result: 'ok' });
  });
});

describe('where a sign-in may return to', () => {
  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    'http://127.0.0.1:5173@evil.example/',
    'http://user:pw@127.0.0.1:5173/',
    'javascript:alert(1)',
    'evil.example',
    '/%09/evil.example\t',
    '/api/v1/auth/google/start',
    '/%61pi/v1/auth/session',
    '/x/../api/v1/auth/google/start',
    'http://localhost:5173/',
  ])('%s is refused', async (returnTo) => {
    const answer = await stage.api.call('GET', `/api/v1/auth/google/start?returnTo=${encodeURIComponent(returnTo)}`);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 400, code: 'invalid_return_to' });
  });

  it('an address of a configured frontend is taken, and its own result is replaced', async () => {
    const browser = new Browser();
    const returnTo = encodeURIComponent('http://127.0.0.1:5173/done?a=1&result=forged&error=forged#part');
    const landed = await browser.finish(
      await browser.consent(`${stage.signInUrl}?returnTo=${returnTo}`, { user: 'listener' }),
    );
    expect(landed.href).toBe('http://127.0.0.1:5173/done?a=1&result=ok#part');
  });

  it('a provider that nobody knows is a 404', async () => {
    for (const provider of ['myspace', 'GOOGLE', 'spotify', 'callback'])
      expect((await stage.api.call('GET', `/api/v1/auth/${provider}/start`)).status).toBe(404);
  });
});

describe('what is left behind', () => {
  it('no token, code, address or name in any workflow’s history or any log line', async () => {
    await stage.signedIn('listener');
    const { items: secrets } = (await (await fetch(`${stage.system.sandbox.url}/admin/secrets`)).json()) as {
      items: string[];
    };
    const texts = stage.api.logged().map((line) => JSON.stringify(line));
    for await (const execution of stage.system.client.workflow.list())
      texts.push(JSON.stringify(await stage.system.client.workflow.getHandle(execution.workflowId).fetchHistory()));
    expect(texts.length).toBeGreaterThan(10);
    const decoded = texts.map((text) =>
      text.replaceAll(/[A-Za-z0-9+/]{40,}={0,2}/g, (part) => Buffer.from(part, 'base64').toString()),
    );
    expect(
      secrets.filter((secret) => secret.length > 5 && [...texts, ...decoded].some((text) => text.includes(secret))),
    ).toEqual([]);
  });
});
