import { Browser } from './browser';
import { setFlowStage, type FlowStage } from './flow-stage';
import { consent, facts, providerNames, type ProviderName } from './flow-walker';

/** What of a flow goes where: what providers are asked for, what browsers get, and what is kept. */
let stage: FlowStage;
beforeAll(async () => {
  stage = await setFlowStage();
}, 120_000);
afterAll(() => stage.close());
beforeEach(() => stage.clear());

async function authorizeAddress(browser: Browser, provider: ProviderName): Promise<URL> {
  const answer = await browser.fetch(stage.startUrl(provider));
  return new URL(answer.headers.get('location') ?? '');
}
const asks: Record<ProviderName, { responseType: string; scopes: string[]; pkce: boolean; nonce: boolean }> = {
  google: { responseType: 'code', scopes: ['openid', 'email', 'profile'], pkce: true, nonce: true },
  apple: { responseType: 'code id_token', scopes: ['name', 'email'], pkce: false, nonce: true },
  github: { responseType: 'code', scopes: ['read:user', 'user:email'], pkce: true, nonce: false },
  spotify: {
    responseType: 'code',
    scopes: [
      'user-library-read',
      'user-library-modify',
      'user-follow-read',
      'user-follow-modify',
      'playlist-read-private',
      'playlist-read-collaborative',
      'playlist-modify-public',
      'playlist-modify-private',
    ],
    pkce: true,
    nonce: false,
  },
};

describe.each(providerNames)('what %s is asked', (provider) => {
  const expected = asks[provider];

  it('a code, never an access token, for these scopes and no others', async () => {
    const { searchParams } = await authorizeAddress(await stage.visitor(provider), provider);
    expect(searchParams.get('response_type')).toBe(expected.responseType);
    expect(searchParams.get('scope')?.split(' ')).toEqual(expected.scopes);
    expect([...searchParams.keys()].filter((name) => /secret|verifier/.test(name))).toEqual([]);
  });

  it('with secrets that each flow has of its own and nobody guesses', async () => {
    const browser = await stage.visitor(provider);
    const flows: URLSearchParams[] = [];
    for (let n = 0; n < 10; n += 1) flows.push((await authorizeAddress(browser, provider)).searchParams);
    const secrets = ['state', ...(expected.pkce ? ['code_challenge'] : []), ...(expected.nonce ? ['nonce'] : [])];
    for (const name of secrets) {
      const values = flows.map((flow) => flow.get(name) ?? '');
      expect(new Set(values).size).toBe(10);
      for (const value of values) expect(value.length).toBeGreaterThanOrEqual(32);
    }
    if (expected.pkce) for (const flow of flows) expect(flow.get('code_challenge_method')).toBe('S256');
  });

  it('none of which is in the row, but as a hash or sealed', async () => {
    const browser = await stage.visitor(provider);
    const { searchParams } = await authorizeAddress(browser, provider);
    const rows = JSON.stringify(await stage.rows(`select * from oauth_transactions where provider = ?`, [provider]));
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const value = searchParams.get(name);
      if (value) expect(rows).not.toContain(value);
    }
    expect(rows).toMatch(/"flow_secrets":"[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+"/);
  });
});

it('each provider has a redirect address of its own, the same whatever is asked for', async () => {
  const addresses = new Set<string>();
  for (const provider of providerNames) {
    const address = await authorizeAddress(await stage.visitor(provider), provider);
    expect(address.searchParams.get('redirect_uri')).toBe(`${stage.api.url}/api/v1${facts[provider].base}/callback`);
    addresses.add(address.searchParams.get('redirect_uri') ?? '');
  }
  expect(addresses.size).toBe(providerNames.length);
});

describe.each(providerNames)('the callback of %s', (provider) => {
  it('sends on by 303, is kept nowhere, and tells no other site its address', async () => {
    const browser = await stage.visitor(provider);
    const way = await consent(browser, stage.startUrl(provider), { user: 'listener' });
    const answer = way.posted
      ? await browser.submit({ action: way.callback, fields: way.fields, origin: way.origin })
      : await browser.fetch(`${way.callback}?${new URLSearchParams(way.fields)}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    expect(await answer.text()).toBe('');
    const { code = '' } = way.fields;
    expect(code.length).toBeGreaterThan(5);
    expect(answer.headers.get('location')).not.toContain(code);
  });
});

it('no token of a provider’s is in any answer that a browser gets', async () => {
  const browser = new Browser();
  const heard: string[] = [];
  const listening = browser.fetch.bind(browser);
  browser.fetch = async (address, ...rest) => {
    const answer = await listening(address, ...rest);
    if (address.startsWith(stage.api.url)) heard.push(JSON.stringify([...answer.headers]), await answer.clone().text());
    return answer;
  };
  expect((await stage.walk(browser, 'google', 'listener')).ended).toBe('ok');
  expect((await stage.walk(browser, 'apple', 'listener', { purpose: 'link' })).ended).toBe('ok');
  expect((await stage.walk(browser, 'github', 'listener', { purpose: 'link' })).ended).toBe('ok');
  expect((await stage.walk(browser, 'spotify', 'listener')).ended).toBe('ok');
  for (const path of [
    'auth/session',
    'auth/sessions',
    'me',
    'me/identities',
    'connections',
    'jobs',
    'providers/status',
  ])
    await browser.fetch(`${stage.api.url}/api/v1/${path}`);
  await browser.fetch(`${stage.api.url}/`);
  // Codes come through the browser in any case; addresses and names are the person's own.
  const tokens = (await stage.system.admin.secrets()).filter((text) => /^[\w.~+/-]{20,}$/.test(text));
  expect(tokens.length).toBeGreaterThan(8);
  const all = heard.join('\n');
  expect(heard.length).toBeGreaterThan(20);
  expect(tokens.filter((token) => all.includes(token))).toEqual([]);
});
