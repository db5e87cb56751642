import { forgetEverybody } from '../../support/forget-everybody';
import { Browser, query } from './browser';
import { arrive, consent, landingOf, type Client } from './flow-walker';
import { setStage, type Stage } from './signed-in';

type Provider = 'google' | 'apple' | 'github';
let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ RATE_LIMIT_SIGN_IN: '100000' });
});
afterAll(() => stage.close());
beforeEach(async () => {
  await forgetEverybody(stage.system.database);
  await fetch(`${stage.system.sandbox.url}/admin/calls`, { method: 'DELETE' });
});

const start = (provider: Provider, parameters = '') => `${stage.api.url}/api/v1/auth/${provider}/start${parameters}`;
async function walk(browser: Browser, provider: Provider, user: string, parameters = '', client: Client = 'browser') {
  return arrive(browser, await consent(browser, start(provider, parameters), { user }), client);
}
async function signedIn(provider: Provider, user: string): Promise<{ browser: Browser; id: string }> {
  const browser = new Browser();
  const { ended } = await landingOf(await walk(browser, provider, user), stage.api.url);
  expect(ended).toBe('ok');
  const { user: person } = (await stage.read(browser, '/auth/session')).body as { user: { id: string } };
  return { browser, id: person.id };
}
const owners = (provider: Provider) =>
  stage.rows<{ user_id: string }>(`select user_id from identities where provider = ?`, [provider]);
const audited = () =>
  stage.rows<Record<string, unknown>>(
    `select actor_id, event, outcome, subject_type, subject_id, details from audit_entries
     where event like '%.denied' or event like 'account_merge.%' order by id`,
  );

describe('several ways to sign in', () => {
  it('lead to one person', async () => {
    const { browser, id } = await signedIn('google', 'listener');
    for (const provider of ['github', 'apple'] as const) {
      const { ended } = await landingOf(await walk(browser, provider, 'listener', '?purpose=link'), stage.api.url);
      expect(ended).toBe('ok');
    }
    for (const provider of ['google', 'apple', 'github'] as const)
      expect((await signedIn(provider, 'listener')).id).toBe(id);
  });

  it('linking what is linked already changes nothing', async () => {
    const { browser, id } = await signedIn('github', 'listener');
    const answer = await walk(browser, 'github', 'listener', '?purpose=link');
    expect((await landingOf(answer, stage.api.url)).ended).toBe('ok');
    expect(await owners('github')).toEqual([{ user_id: id }]);
  });
});

describe('an address that two sign-in accounts share', () => {
  it('joins nobody: the way to link is told', async () => {
    await signedIn('google', 'listener');
    const browser = new Browser();
    const landing = await walk(browser, 'github', 'listener');
    expect(query(new URL(landing.headers.get('location') ?? ''))).toEqual({ error: 'account_exists' });
    expect(await owners('github')).toEqual([]);
    const program = await walk(new Browser(), 'apple', 'listener', '', 'program');
    expect({ status: program.status, body: await program.json() }).toMatchObject({
      status: 409,
      body: {
        code: 'account_exists',
        retryable: false,
        action: { code: 'link', href: '/api/v1/auth/apple/start?purpose=link' },
      },
    });
    expect(program.headers.get('content-type')).toContain('application/problem+json');
    expect(await stage.rows(`select id from users`)).toHaveLength(1);
    const denied = { event: 'sign_in.denied', outcome: 'denied' };
    expect((await audited()).slice(-2)).toMatchObject([denied, denied]);
  });

  it('also where the address belongs to a person’s second account', async () => {
    const { browser } = await signedIn('google', 'moderator');
    await walk(browser, 'github', 'listener', '?purpose=link');
    const answer = await walk(new Browser(), 'google', 'listener');
    expect((await landingOf(answer, stage.api.url)).ended).toBe('account_exists');
  });
});

describe('a sign-in account that belongs to another person', () => {
  it('stays theirs; the two may be merged by whoever holds both, which is offered and audited', async () => {
    const theirs = await signedIn('github', 'reviewer');
    const mine = await signedIn('google', 'listener');
    const credentials = await stage.rows(`select * from credentials order by owner_id`);
    const answer = await walk(mine.browser, 'github', 'reviewer', '?purpose=link&returnTo=/?x=1');
    const landed = query(new URL(answer.headers.get('location') ?? ''));
    expect(landed).toEqual({ x: '1', error: 'identity_belongs_to_another', mergeId: expect.any(String) });
    expect(await owners('github')).toEqual([{ user_id: theirs.id }]);
    expect(await stage.rows(`select * from credentials order by owner_id`)).toEqual(credentials);
    expect(await stage.rows(`select survivor_id, absorbed_id, status from account_merges`)).toEqual([
      { survivor_id: mine.id, absorbed_id: theirs.id, status: 'offered' },
    ]);
    const subject = { subject_type: 'account_merge', subject_id: landed.mergeId };
    expect((await audited()).filter(({ actor_id }) => actor_id === mine.id)).toMatchObject([
      { event: 'account_merge.offered', ...subject },
      { event: 'link.denied', outcome: 'denied', ...subject, details: { revokedAtProvider: 'kept' } },
    ]);
    // The other person's consent was not taken back along with the try.
    expect((await signedIn('github', 'reviewer')).id).toBe(theirs.id);
    const { items } = (await (await fetch(`${stage.system.sandbox.url}/admin/calls`)).json()) as {
      items: { method: string; route: string }[];
    };
    expect(items.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  it('a program is told where the merge is', async () => {
    await signedIn('apple', 'reviewer');
    const { browser } = await signedIn('google', 'listener');
    const answer = await walk(browser, 'apple', 'reviewer', '?purpose=link', 'program');
    const [{ id } = { id: '' }] = await stage.rows<{ id: string }>(
      `select id from account_merges order by id desc limit 1`,
    );
    const href = `/api/v1/me/merges/${id}`;
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 409,
      body: {
        code: 'identity_belongs_to_another',
        resource: { type: 'account_merge', id, href },
        action: { code: 'merge', href },
      },
    });
  });
});

describe('a program that signs in', () => {
  it.each(['google', 'apple', 'github'] as const)('gets JSON from %s’s callback', async (provider) => {
    const browser = new Browser();
    const answer = await walk(browser, provider, 'listener', '?returnTo=/?x=1', 'program');
    expect({ status: answer.status, body: await answer.json() }).toEqual({
      status: 200,
      body: { result: 'ok', returnTo: `${stage.api.url}/?x=1`, connectionId: null, jobId: null },
    });
    expect((await stage.read(browser, '/auth/session')).status).toBe(200);
  });

  it('and one that wants anything gets what a browser gets', async () => {
    const answer = await walk(new Browser(), 'google', 'listener');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('vary')).toMatch(/accept/i);
  });
});

describe('where a flow into somebody’s account may start', () => {
  const begin = (browser: Browser, path: string, headers: Record<string, string>) =>
    browser.fetch(`${stage.api.url}/api/v1${path}`, { headers });

  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', referer: 'https://evil.example/' },
    { 'sec-fetch-site': 'cross-site', referer: 'not an address' },
  ];
  const own: Record<string, string>[] = [
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-site', referer: 'http://127.0.0.1:5173/settings' },
  ];

  it('not from a page of another site, which may have signed the browser in at the provider as somebody else', async () => {
    const { browser } = await signedIn('google', 'listener');
    for (const path of ['/auth/github/start?purpose=link', '/connections/spotify/start'])
      for (const headers of foreign) {
        const answer = await begin(browser, path, headers);
        expect({ status: answer.status, code: ((await answer.json()) as { code: string }).code }).toEqual({
          status: 403,
          code: 'origin_not_allowed',
        });
      }
  });

  it('from our pages, from a configured frontend, and from no page', async () => {
    const { browser } = await signedIn('google', 'listener');
    for (const headers of own)
      expect((await begin(browser, '/auth/github/start?purpose=link', headers)).status).toBe(302);
    expect((await begin(new Browser(), '/auth/github/start', { 'sec-fetch-site': 'cross-site' })).status).toBe(302);
  });

  it('linking needs somebody who is signed in, by a session: a token ends, and may do less', async () => {
    const { token } = await stage.api.person({ scopes: ['read', 'write'] });
    for (const provider of ['google', 'apple', 'github'] as const)
      for (const headers of [{}, { authorization: `Bearer ${token}` }] as Record<string, string>[]) {
        const answer = await fetch(start(provider, '?purpose=link'), { redirect: 'manual', headers });
        expect(answer.status).toBe(401);
      }
  });
});
