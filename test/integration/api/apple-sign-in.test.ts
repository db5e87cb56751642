import { forgetEverybody } from '../../support/forget-everybody';
import { Browser, query } from './browser';
import { altered, arrive, consent, decide, landingOf, type Return } from './flow-walker';
import { fault, setStage, type Stage } from './signed-in';

let stage: Stage;
let start: string;
beforeAll(async () => {
  stage = await setStage({ RATE_LIMIT_SIGN_IN: '100000' });
  start = `${stage.api.url}/api/v1/auth/apple/start`;
});
afterAll(() => stage.close());
afterEach(() => stage.system.admin.clearFaults());
beforeEach(async () => {
  await forgetEverybody(stage.system.database);
  await stage.rows(`delete from kept_names`);
  // Apple sends a name anew once the app was taken off the list.
  for (const user of ['listener', 'apple-listener', 'reviewer'])
    await fetch(`${stage.system.sandbox.url}/admin/users/${user}/apple/revoke`, { method: 'POST' });
});

const end = async (answer: Response) => (await landingOf(answer, stage.api.url)).ended;
const come = (browser: Browser, user: string, parameters = '') => consent(browser, `${start}${parameters}`, { user });
const signIn = async (browser: Browser, user: string) => end(await arrive(browser, await come(browser, user)));
const whoIs = async (browser: Browser) =>
  (await stage.read(browser, '/auth/session')).body.user as
    { id: string; displayName: string; email: string } | undefined;
const identities = () =>
  stage.rows<Record<string, unknown>>(`select name, email, email_verified, email_private from identities`);
const refused = {
  service: 'apple',
  method: 'POST',
  route: '/auth/token',
  status: 400,
  body: { error: 'invalid_grant' },
};

describe('signing in with Apple', () => {
  it('takes the name from the first callback, and truth values that are texts for what they mean', async () => {
    const browser = new Browser();
    expect(await signIn(browser, 'listener')).toBe('ok');
    const person = await whoIs(browser);
    expect(person).toMatchObject({ displayName: 'Odalys Brennvik', email: 'listener@example.test' });
    expect(await identities()).toEqual([
      { name: 'Odalys Brennvik', email: 'listener@example.test', email_verified: true, email_private: false },
    ]);
    const again = new Browser();
    const way = await come(again, 'listener');
    expect(way.fields.user).toBeUndefined();
    expect(await end(await arrive(again, way))).toBe('ok');
    expect(await whoIs(again)).toEqual(person);
    expect((await identities())[0]?.name).toBe('Odalys Brennvik');
  });

  it('takes a relay address for one that is made for us', async () => {
    await signIn(new Browser(), 'apple-listener');
    expect(await identities()).toEqual([
      {
        name: 'Ingrid Vantorre',
        email: expect.stringMatching(/@privaterelay\.appleid\.com$/),
        email_verified: true,
        email_private: true,
      },
    ]);
  });

  it('never takes the address from the form, which nobody signed', async () => {
    const browser = new Browser();
    const way = await come(browser, 'listener');
    const user = JSON.stringify({ name: { firstName: 'Eve', lastName: '\u202e<b>' }, email: 'admin@example.test' });
    expect(await end(await arrive(browser, altered(way, { user })))).toBe('ok');
    expect(await whoIs(browser)).toMatchObject({ displayName: 'Eve <b>', email: 'listener@example.test' });
  });

  it('keeps its cookie where a form of another site can send it, and the address free of code and name', async () => {
    const browser = new Browser();
    const begun = await browser.fetch(start);
    const [cookie = ''] = begun.headers.getSetCookie();
    for (const part of [
      /;\s*samesite=none/i,
      /;\s*secure/i,
      /;\s*httponly/i,
      /path=\/api\/v1\/auth\/apple\/callback(;|$)/i,
    ])
      expect(cookie).toMatch(part);
    const way = await decide(browser, begun.headers.get('location') ?? '', { user: 'listener' });
    expect(way.posted).toBe(true);
    const answer = await browser.post({ action: way.callback, fields: way.fields, origin: way.origin });
    expect(answer.status).toBe(303);
    const next = new URL(answer.headers.get('location') ?? '');
    expect(next.origin + next.pathname).toBe(way.callback);
    expect([...next.searchParams.keys()]).toEqual(['state']);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('a person who cancels is told so', async () => {
    const browser = new Browser();
    const way = await consent(browser, start, { user: 'listener', decision: 'deny' });
    expect(way.fields.error).toBe('user_cancelled_authorize');
    expect(await end(await arrive(browser, way))).toBe('access_denied');
  });

  it('ends the session that the browser had', async () => {
    const browser = await stage.signedIn('moderator');
    const old = browser.cookiesFor(stage.api.url).dnp_session;
    expect(await signIn(browser, 'listener')).toBe('ok');
    const answer = await fetch(`${stage.api.url}/api/v1/auth/session`, { headers: { cookie: `dnp_session=${old}` } });
    expect(answer.status).toBe(401);
  });
});

describe('what comes to Apple’s callback', () => {
  it('a code in the address is nothing that Apple sent, and burns nothing', async () => {
    const browser = new Browser();
    const way = await come(browser, 'listener');
    const address = `${way.callback}?${new URLSearchParams(way.fields)}`;
    expect(query(await browser.finish(address))).toEqual({ error: 'flow_unknown' });
    expect(await end(await arrive(browser, way))).toBe('ok');
  });

  it('from another browser, or with another state, is refused and burns nothing', async () => {
    const browser = new Browser();
    const way = await come(browser, 'listener');
    expect(await end(await arrive(new Browser(), way))).toBe('flow_not_yours');
    expect(await end(await arrive(browser, altered(way, { state: 'a'.repeat(40) })))).toBe('flow_unknown');
    expect(await end(await arrive(browser, way))).toBe('ok');
  });

  it('the first form counts: one that comes later changes nothing', async () => {
    const browser = new Browser();
    const way = await come(browser, 'listener');
    const form = { action: way.callback, fields: way.fields, origin: way.origin };
    await browser.post(form);
    await browser.post({ ...form, fields: { ...way.fields, code: 'another', error: 'user_cancelled_authorize' } });
    expect(await end(await browser.fetch(`${way.callback}?state=${way.fields.state}`))).toBe('ok');
  });

  it('a reload of the finished callback lands where the first one did', async () => {
    const browser = new Browser();
    const way = await come(browser, 'listener', '?returnTo=/?x=1');
    const first = await arrive(browser, way);
    const again = await browser.fetch(`${way.callback}?state=${way.fields.state}`);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect((await arrive(browser, way)).headers.get('location')).toBe(first.headers.get('location'));
    expect(await stage.rows(`select id from sessions`)).toHaveLength(1);
  });

  it('two tabs that start cold both end well', async () => {
    const browser = new Browser();
    const ways = [await come(browser, 'listener'), await come(browser, 'listener')];
    const ends: string[] = [];
    for (const way of ways) ends.push(await end(await arrive(browser, way)));
    expect(ends).toEqual(['ok', 'ok']);
  });

  it('a body that is no form, or far too large, is refused', async () => {
    const send = (body: string, type: string) =>
      fetch(`${stage.api.url}/api/v1/auth/apple/callback`, { method: 'POST', body, headers: { 'content-type': type } });
    expect((await send('{}', 'application/json')).status).toBe(415);
    expect((await send(`user=${'x'.repeat(40_000)}`, 'application/x-www-form-urlencoded')).status).toBe(413);
    expect((await send('state[a]=1', 'application/x-www-form-urlencoded')).status).toBe(400);
    const google = await fetch(`${stage.api.url}/api/v1/auth/google/callback`, {
      method: 'POST',
      body: new URLSearchParams({ state: 'x' }),
    });
    expect(google.status).toBe(404);
  });
});

describe('a name that comes once', () => {
  it('outlives a flow that failed, and is forgotten once it is used', async () => {
    await fault(stage.system, refused);
    expect(await signIn(new Browser(), 'listener')).toBe('code_rejected');
    const [kept] = await stage.rows<{ sealed: string }>(`select sealed from kept_names`);
    expect(kept?.sealed.split('.')).toHaveLength(5);
    const browser = new Browser();
    const way = await come(browser, 'listener');
    expect(way.fields.user).toBeUndefined();
    expect(await end(await arrive(browser, way))).toBe('ok');
    expect((await whoIs(browser))?.displayName).toBe('Odalys Brennvik');
    expect(await stage.rows(`select id from kept_names`)).toEqual([]);
  });

  it('outlives a browser that never came back from the form', async () => {
    const browser = new Browser();
    const { callback: action, fields, origin } = await come(browser, 'listener');
    await browser.post({ action, fields, origin });
    const other = new Browser();
    expect(await signIn(other, 'listener')).toBe('ok');
    expect((await whoIs(other))?.displayName).toBe('Odalys Brennvik');
  });

  it('outlives a code that was lost: the flow starts again by itself, and the name is still there', async () => {
    const browser = new Browser();
    const way = await come(browser, 'listener', '?returnTo=/?x=1');
    await fault(stage.system, { service: 'apple', method: 'POST', route: '/auth/token', dropAnswer: true });
    const again = await landingOf(await arrive(browser, way), stage.api.url);
    expect(again.ended).toBe('restarted');
    const second = await decide(browser, again.location?.href ?? '', { user: 'listener' });
    expect(query(new URL((await arrive(browser, second)).headers.get('location') ?? ''))).toEqual({
      x: '1',
      result: 'ok',
    });
    expect((await whoIs(browser))?.displayName).toBe('Odalys Brennvik');
  });

  it('is not taken from whoever can’t show that it came with this person’s id_token', async () => {
    const posted = async (change: (way: Return) => Return) => {
      const browser = new Browser();
      const { callback: action, fields, origin } = change(await come(browser, 'listener'));
      await browser.post({ action, fields, origin });
      return fields.id_token ?? '';
    };
    const user = JSON.stringify({ name: { firstName: 'Mallory' } });
    const real = await posted((way) => altered(way, { user: undefined }));
    // A signature that doesn't hold, and a true id_token of another flow.
    const [header, claims, signature = ''] = real.split('.');
    await posted((way) =>
      altered(way, { user, id_token: [header, claims, [...signature].reverse().join('')].join('.') }),
    );
    await posted((way) => altered(way, { user, id_token: real }));
    expect(await stage.rows(`select id from kept_names`)).toHaveLength(2);
    const browser = new Browser();
    expect(await signIn(browser, 'listener')).toBe('ok');
    expect((await whoIs(browser))?.displayName).toBe('Listener');
  });
});

describe('linking Apple', () => {
  it('joins whoever asked for it: the session is looked for where browsers send it', async () => {
    const browser = await stage.signedIn('listener');
    const person = await whoIs(browser);
    expect(await end(await arrive(browser, await come(browser, 'apple-listener', '?purpose=link')))).toBe('ok');
    const rows = await stage.rows(`select provider, user_id from identities order by provider`);
    expect(rows).toEqual(['apple', 'google'].map((provider) => ({ provider, user_id: person?.id })));
    expect(await whoIs(browser)).toEqual(person);
  });

  it('waits for the person who started it', async () => {
    const browser = await stage.signedIn('listener');
    const way = await come(browser, 'apple-listener', '?purpose=link');
    await browser.finish(await browser.consent(stage.signInUrl, { user: 'moderator' }));
    expect(await end(await arrive(browser, way))).toBe('flow_not_yours');
    expect(await stage.rows(`select id from identities where provider = 'apple'`)).toEqual([]);
    await browser.finish(await browser.consent(stage.signInUrl, { user: 'listener' }));
    expect(await end(await arrive(browser, way))).toBe('ok');
  });

  it('is nobody’s without a session', async () => {
    const browser = await stage.signedIn('listener');
    const way = await come(browser, 'apple-listener', '?purpose=link');
    await browser.fetch(`${stage.api.url}/api/v1/auth/session`, {
      method: 'DELETE',
      headers: { origin: stage.api.url },
    });
    expect(await end(await arrive(browser, way))).toBe('flow_not_yours');
  });
});
