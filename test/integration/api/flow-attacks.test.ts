import { Browser } from './browser';
import { setFlowStage, type FlowStage } from './flow-stage';
import { altered, consent, facts, providerNames, type ProviderName, type Return } from './flow-walker';

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

/** LONG attacks every callback; otherwise the one that is posted from another site, and that of a connection. */
const attacked: ProviderName[] = process.env.LONG ? [...providerNames] : ['apple', 'spotify'];

describe.each(attacked)('a callback of %s', (provider) => {
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
