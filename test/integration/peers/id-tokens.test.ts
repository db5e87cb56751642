import { startPeer, type Peer } from '../../support/peer';
import { forgetEverybody } from '../../support/forget-everybody';
import { Browser, query } from '../api/browser';
import { sandboxAppleKey } from '../../../adapters/environment/sandbox-apple-key';
import { setPeerStage, type PeerStage } from './peer-stage';

/** An OpenID provider of `oauth2-mock-server`'s, whose next answer is wrong in a way that we choose. */
let stage: PeerStage;
let peer: Peer<{ issuer: string }>;

beforeAll(async () => {
  stage = await setPeerStage();
  peer = await startPeer('mock-oidc');
  const { issuer } = peer.told;
  const endpoints = {
    sandbox: true,
    issuer,
    authorizeUrl: `${issuer}/authorize`,
    tokenUrl: `${issuer}/token`,
    jwksUrl: `${issuer}/jwks`,
    revokeUrl: `${issuer}/revoke`,
  };
  await stage.use({
    google: { clientId: 'peer-client', clientSecret: 'peer-client-secret-of-some-length', ...endpoints },
    apple: { clientId: 'peer-client', ...sandboxAppleKey(), ...endpoints },
  });
}, 120_000);
afterAll(async () => {
  await peer.close();
  await stage.close();
});
beforeEach(() => forgetEverybody(stage.system.database));

type Provider = 'google' | 'apple';
interface Order {
  claims?: Record<string, unknown>;
  drop?: string[];
  header?: Record<string, unknown>;
  sign?: string;
  answer?: Record<string, unknown>;
}
const now = () => Math.floor(Date.now() / 1000);

/** Signs in; the peer asks nobody and comes back at once. */
async function signIn(browser: Browser, provider: Provider): Promise<Record<string, string>> {
  const start = await browser.fetch(stage.startUrl(provider));
  const authorize = new URL(start.headers.get('location') ?? '');
  // Apple also gives an id_token with the code, when it is asked to; this peer knows codes alone.
  authorize.searchParams.set('response_type', 'code');
  const back = await browser.fetch(authorize.href);
  const callback = new URL(back.headers.get('location') ?? '');
  const answer =
    provider === 'apple'
      ? await browser.submit({
          action: callback.origin + callback.pathname,
          fields: query(callback),
          origin: peer.told.issuer,
        })
      : await browser.fetch(callback.href);
  expect(answer.status).toBe(303);
  return query(new URL(answer.headers.get('location') ?? ''));
}

async function madeRows(): Promise<number[]> {
  const tables = ['users', 'identities', 'credentials', 'sessions'];
  const counts = await Promise.all(
    tables.map((table) => stage.rows<{ count: number }>(`select count(*)::int as count from ${table}`)),
  );
  return counts.map(([row]) => row?.count ?? 0);
}

const wrong: [name: string, order: () => Order][] = [
  ['whose signature is another one’s', () => ({ sign: 'forged' })],
  ['without a signature', () => ({ sign: 'empty' })],
  ['whose subject was changed after signing', () => ({ sign: 'altered' })],
  ['that is unsigned by its own word (alg none)', () => ({ sign: 'none' })],
  ['signed by HMAC with the public key', () => ({ sign: 'hs256-public-key' })],
  ['signed by HMAC with our client secret', () => ({ sign: 'hs256-secret' })],
  ['that has expired', () => ({ claims: { iat: now() - 7200, exp: now() - 3600 } })],
  ['that expired two minutes ago', () => ({ claims: { iat: now() - 600, exp: now() - 120 } })],
  ['without an end', () => ({ drop: ['exp'] })],
  ['without a time of issue', () => ({ drop: ['iat'] })],
  ['that is not valid yet', () => ({ claims: { nbf: now() + 3600 } })],
  ['for another app', () => ({ claims: { aud: 'somebody-elses-app' } })],
  ['for no app', () => ({ drop: ['aud'] })],
  ['for several apps without saying who asked', () => ({ claims: { aud: ['peer-client', 'other'] } })],
  ['for several apps, asked for by another', () => ({ claims: { aud: ['peer-client', 'other'], azp: 'other' } })],
  ['of another issuer', () => ({ claims: { iss: 'https://accounts.google.com.evil.example' } })],
  ['of no issuer', () => ({ drop: ['iss'] })],
  ['with another nonce', () => ({ claims: { nonce: 'of-another-browser' } })],
  ['without a nonce', () => ({ drop: ['nonce'] })],
  ['without a subject', () => ({ drop: ['sub'] })],
  ['with an empty subject', () => ({ claims: { sub: '' } })],
  ['that is none', () => ({ answer: { id_token: 'not-a-token' } })],
  ['that is missing', () => ({ answer: { id_token: null } })],
  ['that is empty', () => ({ answer: { id_token: '' } })],
];

const asked: Provider[] = ['google', 'apple'];

describe.each(asked)('an id_token at the %s callback', (provider) => {
  /** LONG sends every wrong one to both; otherwise they take turns, since one piece of code judges both. */
  const sent = process.env.LONG ? wrong : wrong.filter((_, n) => asked[n % asked.length] === provider);

  it('that is sound signs in', async () => {
    const browser = new Browser();
    expect(await signIn(browser, provider)).toEqual({ result: 'ok' });
    expect((await stage.session(browser)).user).toMatchObject({ email: 'johndoe@peer.test' });
  });

  it.each(sent)('%s is refused, and nothing of it stays', async (_name, order) => {
    const browser = new Browser();
    await peer.order({ ...order() });
    expect(await signIn(browser, provider)).toEqual({ error: 'identity_invalid' });
    expect(await madeRows()).toEqual([0, 0, 0, 0]);
    expect((await stage.session(browser)).status).toBe(401);
    expect(
      await stage.rows(`select status, error_code, flow_secrets, callback_secrets, raw_answer from oauth_transactions`),
    ).toEqual([
      {
        status: 'failed',
        error_code: 'identity_invalid',
        flow_secrets: '',
        callback_secrets: null,
        raw_answer: null,
      },
    ]);
    expect(await signIn(browser, provider)).toEqual({ result: 'ok' });
  });

  it('signed with a key that nobody published is looked up again, then given up', async () => {
    const browser = new Browser();
    await peer.order({ header: { kid: 'unknown-key' } });
    expect(await signIn(browser, provider)).toEqual({ error: 'provider_unavailable' });
    expect(await madeRows()).toEqual([0, 0, 0, 0]);
    expect(await signIn(browser, provider)).toEqual({ result: 'ok' });
  });
});

describe('what may vary', () => {
  it('an audience that is a list with us alone is ours', async () => {
    await peer.order({ claims: { aud: ['peer-client'] } });
    expect(await signIn(new Browser(), 'google')).toEqual({ result: 'ok' });
  });

  it('a clock that runs a few seconds ahead of ours harms nobody', async () => {
    await peer.order({ claims: { iat: now() + 5, nbf: now() - 5 } });
    expect(await signIn(new Browser(), 'google')).toEqual({ result: 'ok' });
  });

  it.each([
    ['false', false],
    ['the word "false"', 'false'],
    ['absent', undefined],
    ['the number 1', 1],
  ])('an address whose verification is %s is not believed', async (_name, verified) => {
    await peer.order(verified === undefined ? { drop: ['email_verified'] } : { claims: { email_verified: verified } });
    expect(await signIn(new Browser(), 'google')).toEqual({ result: 'ok' });
    expect(await stage.rows(`select email from users`)).toEqual([{ email: null }]);
  });

  it('a token answer that is one of an error with status 200 gives nothing', async () => {
    await peer.order({ answer: { error: 'invalid_grant', access_token: null, id_token: null } });
    expect(await signIn(new Browser(), 'google')).toEqual({ error: 'code_rejected' });
    expect(await madeRows()).toEqual([0, 0, 0, 0]);
  });
});
