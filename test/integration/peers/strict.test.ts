import { startPeer, type Peer } from '../../support/peer';
import { forgetEverybody } from '../../support/forget-everybody';
import { Browser, query } from '../api/browser';
import { formsOf } from './forms';
import { setPeerStage, type PeerStage } from './peer-stage';

/** `oidc-provider`, a certified OpenID provider, in Google's place. */
let stage: PeerStage;
let peer: Peer<{ issuer: string }>;

beforeAll(async () => {
  stage = await setPeerStage();
  peer = await startPeer('strict-oidc', stage.callbackUrl('google'));
  const { issuer } = peer.told;
  await stage.use({
    google: {
      clientId: 'peer-strict',
      clientSecret: 'peer-strict-secret',
      sandbox: true,
      issuer,
      authorizeUrl: `${issuer}/auth`,
      tokenUrl: `${issuer}/token`,
      jwksUrl: `${issuer}/jwks`,
      revokeUrl: `${issuer}/token/revocation`,
    },
  });
}, 120_000);
afterAll(async () => {
  await peer.close();
  await stage.close();
});
beforeEach(() => forgetEverybody(stage.system.database));

/** Follows the peer's pages, signing in as `login` where asked, until it sends the browser back to us. */
async function walk(browser: Browser, authorize: string, login: string): Promise<string> {
  let answer = await browser.fetch(authorize);
  for (let steps = 0, address = authorize; steps < 10; steps += 1) {
    const location = answer.headers.get('location');
    if (location) {
      address = new URL(location, address).href;
      if (address.startsWith(stage.api.url)) return address;
      answer = await browser.fetch(address);
      continue;
    }
    const [form] = formsOf(await answer.text(), address);
    if (!form) throw new Error(`no form at ${address}`);
    const fields = 'login' in form.fields ? { ...form.fields, login, password: 'any' } : form.fields;
    answer = await browser.fetch(form.action, { method: 'POST', body: new URLSearchParams(fields) });
    address = form.action;
  }
  throw new Error('the peer sends us round in circles');
}

async function consent(browser: Browser, login: string, change: (authorize: URL) => void = () => undefined) {
  const start = await browser.fetch(stage.startUrl('google'));
  const authorize = new URL(start.headers.get('location') ?? '');
  change(authorize);
  return walk(browser, authorize.href, login);
}
const finish = async (browser: Browser, callback: string) => query(await browser.finish(callback));

describe('a provider that keeps to the letter', () => {
  it('takes our request with PKCE and nonce, and we take its answer with its issuer', async () => {
    const browser = new Browser();
    const callback = await consent(browser, 'severin');
    expect(new URL(callback).searchParams.get('iss')).toBe(peer.told.issuer);
    expect(await finish(browser, callback)).toEqual({ result: 'ok' });
    expect((await stage.session(browser)).user).toMatchObject({
      email: 'severin@strict.test',
      displayName: 'Severin Strictland',
    });
  });

  it('a callback that claims another issuer is refused (mix-up)', async () => {
    const browser = new Browser();
    const callback = new URL(await consent(browser, 'severin'));
    callback.searchParams.set('iss', 'https://evil.example');
    expect(await finish(browser, callback.href)).toEqual({ error: 'identity_invalid' });
    const flows = await stage.rows(`select status, error_code from oauth_transactions`);
    expect(flows).toEqual([{ status: 'failed', error_code: 'identity_invalid' }]);
    expect(await stage.rows(`select id from users`)).toEqual([]);
    expect(await finish(browser, await consent(browser, 'severin'))).toEqual({ result: 'ok' });
  });

  it('a code that was used is refused, and the reload of a callback sends it no second time', async () => {
    const browser = new Browser();
    const first = await consent(browser, 'severin');
    expect(await finish(browser, first)).toEqual({ result: 'ok' });
    expect(await finish(browser, first)).toEqual({ result: 'ok' });
    expect(await stage.rows(`select exchange_attempts from oauth_transactions`)).toEqual([{ exchange_attempts: 1 }]);

    const other = new Browser();
    const second = new URL(await consent(other, 'severin'));
    second.searchParams.set('code', new URL(first).searchParams.get('code') ?? '');
    expect(await finish(other, second.href)).toEqual({ error: 'code_rejected' });
    expect((await stage.session(other)).status).toBe(401);
  });

  it('a code whose challenge somebody else chose is refused', async () => {
    const browser = new Browser();
    const callback = await consent(browser, 'severin', (url) => url.searchParams.set('code_challenge', 'B'.repeat(43)));
    expect(await finish(browser, callback)).toEqual({ error: 'code_rejected' });
  });

  it('an id_token whose nonce somebody else chose is refused', async () => {
    const browser = new Browser();
    const callback = await consent(browser, 'severin', (url) => url.searchParams.set('nonce', 'another'));
    expect(await finish(browser, callback)).toEqual({ error: 'identity_invalid' });
    expect(await stage.rows(`select id from users`)).toEqual([]);
  });
});
