import { Browser } from './browser';
import { setFlowStage, type FlowStage } from './flow-stage';
import { altered, arrive, consent, providerNames, type ProviderName, type Return } from './flow-walker';

/** Input that no provider and no page of ours would send, at start and callback: it is refused, and burns no flow. */
let stage: FlowStage;
beforeAll(async () => {
  stage = await setFlowStage();
}, 120_000);
afterAll(() => stage.close());
beforeEach(() => stage.clear());

const go = (browser: Browser, provider: ProviderName, user = 'listener'): Promise<Return> =>
  consent(browser, stage.startUrl(provider), { user });

describe('addresses that nobody serves', () => {
  it.each(['myspace', 'GOOGLE', 'Apple', 'gitHub', 'spotify', 'google%2f..', 'constructor', '__proto__'])(
    'the provider %s is a 404 at start and callback, by GET and POST',
    async (provider) => {
      for (const path of ['start', 'callback?state=a&code=b']) {
        const answer = await stage.api.call('GET', `/api/v1/auth/${provider}/${path}`);
        expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 404, code: 'not_found' });
      }
      const posted = await stage.api.call('POST', `/api/v1/auth/${provider}/callback`, {
        raw: 'state=a&code=b',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect([403, 404, 405]).toContain(posted.status);
    },
  );

  it('Google’s and GitHub’s callbacks take no POST, and change nothing when one comes', async () => {
    for (const provider of ['google', 'github'] as const) {
      await stage.clear();
      const browser = new Browser();
      const way = await go(browser, provider);
      const answer = await arrive(browser, { ...way, posted: true }, 'program');
      expect([403, 404, 405]).toContain(answer.status);
      expect((await stage.arrive(browser, way)).ended).toBe('ok');
    }
  });
});

describe('what a provider would never send', () => {
  it.each(providerNames)('%s: doubled parameters are refused and burn nothing', async (provider) => {
    const browser = await stage.visitor(provider);
    const way = await go(browser, provider);
    const before = await stage.counts();
    for (const name of ['state', 'code']) {
      const doubled = new URLSearchParams([...Object.entries(way.fields), [name, 'another']]).toString();
      const answer = way.posted
        ? await browser.fetch(way.callback, {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded', origin: way.origin },
            body: doubled,
          })
        : await browser.fetch(`${way.callback}?${doubled}`);
      expect(answer.status === 303 ? answer.headers.get('location') : answer.status).toBe(400);
    }
    expect(await stage.counts()).toEqual(before);
    expect(await stage.flows(provider)).toMatchObject([{ status: 'started' }]);
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
  });

  it.each(providerNames)('%s: endless parameters are refused and burn nothing', async (provider) => {
    const browser = await stage.visitor(provider);
    const way = await go(browser, provider);
    for (const name of ['state', 'code', 'error']) {
      const answer = await arrive(browser, altered(way, { [name]: 'x'.repeat(6_000) }));
      expect(answer.status).toBe(400);
    }
    expect(await stage.flows(provider)).toMatchObject([{ status: 'started' }]);
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
  });

  it.each([
    ['JSON', 'application/json', (fields: Record<string, string>) => JSON.stringify(fields)],
    ['plain text', 'text/plain', (fields: Record<string, string>) => new URLSearchParams(fields).toString()],
    ['no type at all', '', (fields: Record<string, string>) => new URLSearchParams(fields).toString()],
    [
      'parts',
      'multipart/form-data; boundary=x',
      (fields: Record<string, string>) =>
        `${Object.entries(fields)
          .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
          .join('')}--x--\r\n`,
    ],
  ])('Apple’s callback as %s is refused and burns nothing', async (_name, type, write) => {
    const browser = new Browser();
    const way = await go(browser, 'apple');
    const answer = await browser.fetch(
      way.callback,
      { method: 'POST', headers: { origin: way.origin, 'content-type': type }, body: Buffer.from(write(way.fields)) },
      { crossSitePost: true },
    );
    expect([400, 415]).toContain(answer.status);
    expect(await stage.flows('apple')).toMatchObject([{ status: 'started' }]);
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
  });

  it('a form larger than any of Apple’s is not read', async () => {
    const browser = new Browser();
    const way = await go(browser, 'apple');
    const answer = await arrive(browser, altered(way, { user: 'x'.repeat(2_000_000) }));
    expect([400, 413]).toContain(answer.status);
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
  });

  it('the fields in the address of Apple’s callback are no flow’s end', async () => {
    const browser = new Browser();
    const way = await go(browser, 'apple');
    const answer = await arrive(browser, { ...way, posted: false }, 'program');
    expect([400, 404, 405]).toContain(answer.status);
    expect(await stage.flows('apple')).toMatchObject([{ status: 'started' }]);
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
  });

  it('a state with odd characters is looked up as it is', async () => {
    for (const state of ["' or 1=1 --", '\u0000', '%00', '../..', '😀'.repeat(40)]) {
      const answer = await new Browser().fetch(
        `${stage.api.url}/api/v1/auth/google/callback?${new URLSearchParams({ state, code: 'x' })}`,
      );
      expect(new URL(answer.headers.get('location') ?? '').search).toBe('?error=flow_unknown');
    }
  });
});

describe('where a flow may return to', () => {
  const evil = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'https://evil.example',
    'https:evil.example',
    'https:/\\evil.example',
    'http://127.0.0.1@evil.example/',
    'http://127.0.0.1:5173@evil.example/',
    'http://evil.example#@127.0.0.1:5173/',
    'http://evil.example\\@127.0.0.1:5173/',
    'http://user:pw@127.0.0.1:5173/',
    'http://127.0.0.1:5174/',
    'https://127.0.0.1:5173/',
    'http://127.0.0.1.evil.example:5173/',
    'http://127.0.0.1:5173.evil.example/',
    'http://2130706433:5173/x@y',
    'http://[::ffff:127.0.0.1]:5173/',
    'data:text/html,x',
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:http://127.0.0.1:5173/x',
    'evil.example',
    '?x',
    '',
    '/api/v1/auth/google/start',
    '/%61pi/v1/auth/google/start',
    '/x/../api/v1/auth/google/start',
    '/./api/v1/auth/session',
    '/x'.repeat(1_500),
  ];
  // A number for an address is the same host to a browser, and so to us.
  const harmless = new Set(['http://2130706433:5173/x@y']);

  it.each(providerNames)('%s: nowhere else', async (provider) => {
    const browser = await stage.visitor(provider);
    const rows = await stage.flows(provider);
    const taken: string[] = [];
    for (const returnTo of evil) {
      const answer = await browser.fetch(stage.startUrl(provider, { returnTo }));
      const { code } = answer.status === 302 ? { code: 'taken' } : ((await answer.json()) as { code: string });
      if (answer.status !== 400 || code !== 'invalid_return_to') taken.push(`${returnTo}: ${answer.status} ${code}`);
    }
    expect(taken.filter((line) => ![...harmless].some((address) => line.startsWith(address)))).toEqual([]);
    expect((await stage.flows(provider)).length - rows.length).toBeLessThanOrEqual(harmless.size);
  });

  it.each(providerNames)('%s: two return addresses are none', async (provider) => {
    const browser = await stage.visitor(provider);
    const answer = await browser.fetch(`${stage.startUrl(provider)}returnTo=/&returnTo=https://evil.example`);
    expect(answer.status).toBe(400);
  });

  it('nothing that comes back with a callback decides it', async () => {
    const browser = new Browser();
    const way = await go(browser, 'google');
    const landing = await stage.arrive(
      browser,
      altered(way, { returnTo: 'https://evil.example', redirect_uri: 'https://evil.example', next: '//evil.example' }),
    );
    expect(landing.location?.href).toBe(`${stage.api.url}/?result=ok`);
  });
});
