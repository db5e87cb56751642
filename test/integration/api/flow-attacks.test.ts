import { Browser } from './browser';
import { setFlowStage, type FlowStage } from './flow-stage';
import { altered, arrive, consent, facts, providerNames, type ProviderName, type Return } from './flow-walker';

/** Callbacks that nobody should believe: what they are told, and that the flow they aim at stays as it was. */
let stage: FlowStage;
beforeAll(async () => {
  stage = await setFlowStage();
}, 120_000);
afterAll(() => stage.close());
beforeEach(() => stage.clear());

const go = (browser: Browser, provider: ProviderName, user = 'listener'): Promise<Return> =>
  consent(browser, stage.startUrl(provider), { user });
const other: Record<ProviderName, ProviderName> = {
  google: 'github',
  apple: 'google',
  github: 'apple',
  spotify: 'google',
};

describe.each(providerNames)('a callback of %s', (provider) => {
  const refusals: [string, string, (way: Return) => Return][] = [
    ['without a state', 'flow_unknown', (way) => altered(way, { state: undefined })],
    ['with an empty state', 'flow_unknown', (way) => altered(way, { state: '' })],
    ['with a state that was never given', 'flow_unknown', (way) => altered(way, { state: 'f'.repeat(40) })],
    ['with a state and something more', 'flow_unknown', (way) => altered(way, { state: `${way.fields.state} ` })],
  ];
  it.each(refusals)('%s is refused and burns nothing', async (_name, code, change) => {
    const browser = await stage.visitor(provider);
    const way = await go(browser, provider);
    const before = await stage.counts();
    expect((await stage.arrive(browser, change(way))).ended).toBe(code);
    expect(await stage.counts()).toEqual(before);
    expect(await stage.flows(provider)).toMatchObject([{ status: 'started', exchange_attempts: 0 }]);
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
  });

  it('of another provider is refused and burns nothing', async () => {
    const browser = await stage.visitor(provider);
    const way = await go(browser, provider);
    const elsewhere = other[provider];
    const callback = `${stage.api.url}/api/v1${facts[elsewhere].base}/callback`;
    const crossed = { ...way, callback, posted: facts[elsewhere].posts };
    expect((await stage.arrive(browser, crossed)).ended).toBe('flow_unknown');
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
  });

  it('in a browser that started nothing is refused and burns nothing (login CSRF)', async () => {
    const [attacker, victim] = [await stage.visitor(provider), await stage.visitor(provider, 'second-listener')];
    const victimIs = await stage.userOf(victim);
    const way = await go(attacker, provider);
    const before = await stage.counts();
    expect((await stage.arrive(victim, way)).ended).toBe('flow_not_yours');
    expect(await stage.counts()).toEqual(before);
    expect(await stage.userOf(victim)).toBe(victimIs);
    expect((await stage.arrive(attacker, way)).ended).toBe('ok');
  });

  it('whose flow has ended changes nothing, whichever code comes along', async () => {
    const browser = await stage.visitor(provider);
    const way = await go(browser, provider);
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
    const before = await stage.counts();
    const fresh = await go(browser, provider, 'second-listener');
    const reused = altered(way, { code: fresh.fields.code });
    expect((await stage.arrive(browser, reused)).ended).toBe('ok');
    expect((await stage.arrive(new Browser(), reused)).ended).toBe('flow_not_yours');
    expect(await stage.counts()).toEqual(before);
    expect(await stage.flows(provider)).toMatchObject([{ exchange_attempts: 1 }, { exchange_attempts: 0 }]);
  });

  it('whose flow has failed says so again', async () => {
    const browser = await stage.visitor(provider);
    const way = await go(browser, provider);
    expect((await stage.arrive(browser, altered(way, { code: 'wrong' }))).ended).toBe('code_rejected');
    expect((await stage.arrive(browser, way)).ended).toBe('code_rejected');
    expect(await stage.flows(provider)).toMatchObject([{ exchange_attempts: 1, status: 'failed' }]);
  });

  it('with a code that was used is refused', async () => {
    const [one, two] = [await stage.visitor(provider), await stage.visitor(provider, 'second-listener')];
    const first = await go(one, provider);
    expect((await stage.arrive(one, first)).ended).toBe('ok');
    const before = await stage.counts();
    const second = altered(await go(two, provider, 'second-listener'), { code: first.fields.code });
    expect((await stage.arrive(two, second)).ended).toBe('code_rejected');
    expect(await stage.counts()).toEqual(before);
    expect((await stage.walk(two, provider, 'second-listener')).ended).toBe('ok');
  });

  it('with a code that somebody else’s flow got is refused (code injection)', async () => {
    const [attacker, victim] = [await stage.visitor(provider), await stage.visitor(provider, 'second-listener')];
    const theirs = await go(victim, provider, 'second-listener');
    const mine = await go(attacker, provider);
    const before = await stage.counts();
    const landing = await stage.arrive(attacker, altered(mine, { code: theirs.fields.code }));
    // PKCE at the token endpoint, or the nonce in the id_token, ties a code to the browser that asked for it.
    expect(['code_rejected', 'identity_invalid']).toContain(landing.ended);
    expect(await stage.counts()).toEqual(before);
  });

  // The session is handed out once: where both are on their way before it is, one of them comes back without it.
  it('opened twice at once makes one exchange and one of everything', async () => {
    const browser = await stage.visitor(provider);
    const before = await stage.counts();
    const way = await go(browser, provider);
    const landings = await Promise.all([stage.arrive(browser, way), stage.arrive(browser, way)]);
    const ends = landings.map(({ ended }) => ended);
    expect(ends).toContain('ok');
    expect(ends.filter((end) => end !== 'ok' && end !== 'flow_expired')).toEqual([]);
    expect(await stage.userOf(browser)).not.toBeNull();
    expect(await stage.flows(provider)).toMatchObject([{ exchange_attempts: 1 }]);
    const after = await stage.counts();
    const connects = provider === 'spotify';
    expect(after).toEqual({
      ...before,
      users: 1,
      identities: 1,
      sessions: 1,
      credentials: connects ? 2 : 1,
      connections: connects ? 1 : 0,
    });
  });

  it('of two tabs that started cold ends well in each, in either order and at once', async () => {
    const browser = await stage.visitor(provider);
    const [one, two] = [await go(browser, provider), await go(browser, provider)];
    expect((await stage.arrive(browser, two)).ended).toBe('ok');
    expect((await stage.arrive(browser, one)).ended).toBe('ok');
    const [three, four] = [await go(browser, provider), await go(browser, provider)];
    const landings = await Promise.all([stage.arrive(browser, three), stage.arrive(browser, four)]);
    expect(landings.map(({ ended }) => ended)).toEqual(['ok', 'ok']);
    expect(await stage.counts()).toMatchObject({ users: 1, identities: 1 });
  });

  it('that comes too late has to be started again', async () => {
    const browser = await stage.visitor(provider);
    const way = await go(browser, provider);
    await stage.rows(`update oauth_transactions set expires_at = now() - interval '1 second' where status = 'started'`);
    expect((await stage.arrive(browser, way)).ended).toBe('flow_expired');
    expect((await stage.walk(browser, provider, 'listener')).ended).toBe('ok');
  });
});

describe('a flow that only its starter may finish', () => {
  const purposes: [string, ProviderName, Record<string, string>][] = [
    ['linking Google', 'google', { purpose: 'link' }],
    ['linking Apple', 'apple', { purpose: 'link' }],
    ['linking GitHub', 'github', { purpose: 'link' }],
    ['connecting Spotify', 'spotify', {}],
  ];
  it.each(purposes)('%s: refused without a session, and for somebody else’s', async (_name, provider, parameters) => {
    const first: ProviderName = provider === 'google' ? 'github' : 'google';
    const browser = new Browser();
    expect((await stage.walk(browser, first, 'listener')).ended).toBe('ok');
    const way = await consent(browser, stage.startUrl(provider, parameters), { user: 'reviewer' });
    await browser.fetch(`${stage.api.url}/api/v1/auth/session`, {
      method: 'DELETE',
      headers: { origin: stage.api.url },
    });
    const before = await stage.counts();
    expect((await stage.arrive(browser, way)).ended).toBe('flow_not_yours');
    expect(await stage.counts()).toEqual(before);
    expect((await stage.walk(browser, first, 'moderator')).ended).toBe('ok');
    const withAnother = await stage.counts();
    expect((await stage.arrive(browser, way)).ended).toBe('flow_not_yours');
    expect(await stage.counts()).toEqual(withAnother);
    expect((await stage.walk(browser, first, 'listener')).ended).toBe('ok');
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
  });

  it.each(purposes)('%s: can’t be started without a session', async (_name, provider, parameters) => {
    const answer = await new Browser().fetch(stage.startUrl(provider, parameters));
    expect(answer.status).toBe(401);
    expect(await stage.flows(provider)).toEqual([]);
  });
});

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
