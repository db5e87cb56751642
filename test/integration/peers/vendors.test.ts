import { sandboxAppleKey } from '../../../adapters/environment/sandbox-apple-key';
import { forgetEverybody } from '../../support/forget-everybody';
import { startPeer, type Peer } from '../../support/peer';
import { Browser, query, type PostedForm } from '../api/browser';
import { formsOf } from './forms';
import { setPeerStage, type PeerStage } from './peer-stage';

/** The three services as `emulate` has them, which knows nothing of ours. */
type Vendor = 'google' | 'apple' | 'github';
const vendors: Vendor[] = ['google', 'apple', 'github'];
let stage: PeerStage;
let peer: Peer<Record<Vendor, string>>;

beforeAll(async () => {
  stage = await setPeerStage();
  const redirects = Object.fromEntries(vendors.map((vendor) => [vendor, stage.callbackUrl(vendor)]));
  peer = await startPeer('vendors', JSON.stringify(redirects));
  const { google, apple, github } = peer.told;
  await stage.use({
    google: {
      clientId: 'peer-google',
      clientSecret: 'peer-google-secret',
      sandbox: true,
      issuer: google,
      authorizeUrl: `${google}/o/oauth2/v2/auth`,
      tokenUrl: `${google}/oauth2/token`,
      jwksUrl: `${google}/oauth2/v3/certs`,
      revokeUrl: `${google}/oauth2/revoke`,
    },
    apple: {
      clientId: 'peer-apple',
      ...sandboxAppleKey(),
      sandbox: true,
      issuer: apple,
      authorizeUrl: `${apple}/auth/authorize`,
      tokenUrl: `${apple}/auth/token`,
      jwksUrl: `${apple}/auth/keys`,
      revokeUrl: `${apple}/auth/revoke`,
    },
    github: {
      clientId: 'peer-github',
      clientSecret: 'peer-github-secret',
      sandbox: true,
      issuer: `${github}/login/oauth`,
      authorizeUrl: `${github}/login/oauth/authorize`,
      tokenUrl: `${github}/login/oauth/access_token`,
      apiUrl: github,
    },
  });
}, 120_000);
afterAll(async () => {
  await peer.close();
  await stage.close();
});

/** How the browser comes back: by a redirect, or by a form that posts itself. */
type Return = { url: string } | PostedForm;

/** Chooses a person on the peer's page; does not go back yet. */
async function consent(browser: Browser, start: string, person: string): Promise<Return> {
  const redirect = await browser.fetch(start);
  expect(redirect.status).toBe(302);
  return choose(browser, redirect.headers.get('location') ?? '', person);
}

async function choose(browser: Browser, authorize: string, person: string): Promise<Return> {
  const page = await (await browser.fetch(authorize)).text();
  const form = formsOf(page, authorize).find(({ fields }) => (fields.login ?? fields.email ?? '').startsWith(person));
  if (!form) throw new Error(`no such person at ${authorize}: ${page.slice(-600)}`);
  const answer = await browser.fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
  const location = answer.headers.get('location');
  if (location) return { url: location };
  const [posted] = formsOf(await answer.text(), authorize);
  if (!posted) throw new Error(`no way back from ${authorize}`);
  return { ...posted, origin: new URL(authorize).origin };
}

async function comeBack(browser: Browser, way: Return): Promise<Record<string, string>> {
  const answer = 'url' in way ? await browser.fetch(way.url) : await browser.submit(way);
  expect(answer.status).toBe(303);
  return query(new URL(answer.headers.get('location') ?? ''));
}

async function signIn(
  browser: Browser,
  vendor: Vendor,
  person: string,
  parameters = '',
): Promise<Record<string, string>> {
  return comeBack(browser, await consent(browser, stage.startUrl(vendor, parameters), person));
}

const withCode = (way: Return, code: string): Return => {
  if (!('url' in way)) return { ...way, fields: { ...way.fields, code } };
  const url = new URL(way.url);
  url.searchParams.set('code', code);
  return { url: url.href };
};
const codeOf = (way: Return) => ('url' in way ? new URL(way.url).searchParams.get('code') : way.fields.code) ?? '';

beforeEach(() => forgetEverybody(stage.system.database));

describe.each(vendors)('%s as emulate has it', (vendor) => {
  it('a first sign-in makes a person, the next finds them', async () => {
    const browser = new Browser();
    expect(await signIn(browser, vendor, 'odette')).toEqual({ result: 'ok' });
    const first = await stage.session(browser);
    expect(first).toMatchObject({ status: 200, user: { email: 'odette@peer.test' } });
    expect(first.user?.displayName).toMatch(/^Odette/);

    const again = new Browser();
    expect(await signIn(again, vendor, 'odette')).toEqual({ result: 'ok' });
    expect((await stage.session(again)).user).toEqual(first.user);
    expect(await stage.rows(`select provider, email_verified from identities`)).toEqual([
      { provider: vendor, email_verified: true },
    ]);
    expect(await stage.rows(`select provider from credentials`)).toEqual([{ provider: vendor }]);
  });

  it('two people are two', async () => {
    const [one, two] = [new Browser(), new Browser()];
    await signIn(one, vendor, 'odette');
    await signIn(two, vendor, 'bastian');
    expect((await stage.session(one)).user?.id).not.toBe((await stage.session(two)).user?.id);
    expect(await stage.rows(`select id from identities`)).toHaveLength(2);
  });

  it('a code that was used is refused, whoever brings it, and trying again just works', async () => {
    const browser = new Browser();
    const first = await consent(browser, stage.startUrl(vendor), 'odette');
    expect(await comeBack(browser, first)).toEqual({ result: 'ok' });
    const other = new Browser();
    const second = await consent(other, stage.startUrl(vendor), 'bastian');
    expect(await comeBack(other, withCode(second, codeOf(first)))).toEqual({ error: 'code_rejected' });
    expect((await stage.session(other)).status).toBe(401);
    expect(await stage.rows(`select id from users`)).toHaveLength(1);
    expect(await signIn(other, vendor, 'bastian')).toEqual({ result: 'ok' });
  });

  it('a second identity joins the person who asked for it', async () => {
    const browser = new Browser();
    const other = vendor === 'google' ? 'github' : 'google';
    await signIn(browser, other, 'odette');
    expect(await signIn(browser, vendor, 'odette', '?purpose=link')).toEqual({ result: 'ok' });
    expect(await stage.rows(`select provider from identities order by provider`)).toEqual(
      [vendor, other].sort().map((provider) => ({ provider })),
    );
    expect(await stage.rows(`select id from users`)).toHaveLength(1);
  });

  it('a verified address that somebody has joins nobody, and nothing half-made stays', async () => {
    const other = vendor === 'google' ? 'github' : 'google';
    await signIn(new Browser(), other, 'odette');
    const browser = new Browser();
    expect(await signIn(browser, vendor, 'odette')).toMatchObject({ error: 'account_exists' });
    expect(await stage.rows(`select provider from identities`)).toEqual([{ provider: other }]);
    expect(await stage.rows(`select provider from credentials`)).toEqual([{ provider: other }]);
    expect((await stage.session(browser)).status).toBe(401);
  });
});

describe('what only one of them does', () => {
  it('Google and GitHub check no less than we send: another verifier is refused by Google', async () => {
    const browser = new Browser();
    const redirect = await browser.fetch(stage.startUrl('google'));
    const authorize = new URL(redirect.headers.get('location') ?? '');
    authorize.searchParams.set('code_challenge', 'A'.repeat(43));
    const way = await choose(browser, authorize.href, 'odette');
    expect(await comeBack(browser, way)).toEqual({ error: 'code_rejected' });
  });

  it('Apple gives the name at the first consent only, and it is kept', async () => {
    const first = new Browser();
    const way = await consent(first, stage.startUrl('apple'), 'clemence');
    expect(way).toMatchObject({ fields: { user: expect.stringContaining('Marrowgate') } });
    expect(await comeBack(first, way)).toEqual({ result: 'ok' });
    const again = new Browser();
    const second = await consent(again, stage.startUrl('apple'), 'clemence');
    expect(second).not.toHaveProperty('fields.user');
    expect(await comeBack(again, second)).toEqual({ result: 'ok' });
    const { user } = await stage.session(again);
    expect(user).toMatchObject({ displayName: 'Clemence Marrowgate' });
    expect(user?.email).toMatch(/@privaterelay\.appleid\.com$/);
  });

  it('GitHub’s person is known by number, not by login', async () => {
    await signIn(new Browser(), 'github', 'odette');
    const [identity] = await stage.rows<{ subject: string }>(`select subject from identities`);
    expect(identity?.subject).toMatch(/^\d+$/);
  });
});
