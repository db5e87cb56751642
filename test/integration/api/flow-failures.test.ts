import { errorCodes, type ErrorCode } from '../../../domain/errors';
import { Browser } from './browser';
import { setFlowStage, type FlowStage } from './flow-stage';
import { altered, decide, facts, providerNames, type Client, type ProviderName, type Return } from './flow-walker';
import { fault } from './signed-in';

/**
 * Everything that can go wrong in a flow, at each provider, told to a browser and to a program: the code, what the row says
 * afterwards, that nothing half-made stays, that tokens were taken back, and that a second try simply succeeds.
 */
let stage: FlowStage;
beforeAll(async () => {
  stage = await setFlowStage();
}, 120_000);
afterAll(() => stage.close());
beforeEach(() => stage.clear());

interface Case {
  name: string;
  code: ErrorCode;
  only?: ProviderName[];
  decision?: 'deny';
  /** What somebody changes on the way to the provider, and on the way back. */
  request?: (authorize: URL) => void;
  change?: (way: Return) => Return;
  /** What the sandbox does wrong from the callback on. */
  faults?: (provider: ProviderName) => Record<string, unknown>[];
  /** Tries to exchange the code. */
  attempts?: number;
  /** Tokens had been given, and were taken back where the provider can. */
  takenBack?: true;
}
const always = 50;
const html = '<!doctype html><title>Sorry</title><h1>We are down</h1>';
const atToken = (what: Record<string, unknown>) => (provider: ProviderName) => [{ ...facts[provider].token, ...what }];
const atIdentity = (index: number, what: Record<string, unknown>) => (provider: ProviderName) => {
  const place = facts[provider].identity[index];
  return place ? [{ ...place, ...what }] : [];
};
const signsTokens: ProviderName[] = ['google', 'apple'];
const checksChallenge: ProviderName[] = ['google', 'github', 'spotify'];
const namesIssuer: ProviderName[] = ['google', 'github'];

const cases: Case[] = [
  { name: 'consent denied', code: 'access_denied', decision: 'deny', attempts: 0 },
  {
    name: 'an error of the provider’s own in the callback',
    code: 'provider_error',
    change: (way) => altered(way, { code: undefined, error: 'server_error' }),
    attempts: 0,
  },
  {
    name: 'neither code nor error in the callback',
    code: 'provider_error',
    change: (way) => altered(way, { code: undefined }),
    attempts: 0,
  },
  { name: 'a made-up code', code: 'code_rejected', change: (way) => altered(way, { code: 'not-a-code' }), attempts: 1 },
  {
    name: 'a code that the provider refuses',
    code: 'code_rejected',
    faults: (provider) => [{ ...facts[provider].token, ...facts[provider].refusedCode }],
    attempts: 1,
  },
  {
    name: 'our credentials refused',
    code: 'provider_error',
    faults: atToken({ status: 401, body: { error: 'invalid_client' } }),
    attempts: 1,
  },
  {
    name: 'an error of GitHub’s that comes with status 200',
    code: 'provider_error',
    only: ['github'],
    faults: atToken({ status: 200, body: { error: 'incorrect_client_credentials', error_description: 'no' } }),
    attempts: 1,
  },
  {
    name: 'the token endpoint down (503)',
    code: 'provider_unavailable',
    faults: atToken({ status: 503, times: always }),
    attempts: 3,
  },
  {
    name: 'the token endpoint answering HTML with 502',
    code: 'provider_unavailable',
    faults: atToken({ status: 502, body: html, times: always }),
    attempts: 3,
  },
  {
    name: 'a challenge that somebody else chose',
    code: 'code_rejected',
    only: checksChallenge,
    request: (authorize) => authorize.searchParams.set('code_challenge', 'C'.repeat(43)),
    attempts: 1,
  },
  {
    name: 'a callback that claims another issuer',
    code: 'identity_invalid',
    only: namesIssuer,
    change: (way) => altered(way, { iss: 'https://evil.example' }),
  },
  {
    name: 'a nonce that somebody else chose',
    code: 'identity_invalid',
    only: signsTokens,
    request: (authorize) => authorize.searchParams.set('nonce', 'of-another-browser'),
    takenBack: true,
  },
  {
    name: 'no nonce',
    code: 'identity_invalid',
    only: signsTokens,
    request: (authorize) => authorize.searchParams.delete('nonce'),
    takenBack: true,
  },
  {
    name: 'a forged id_token',
    code: 'identity_invalid',
    only: signsTokens,
    faults: atToken({ body: { id_token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.' } }),
    takenBack: true,
  },
  {
    name: 'no id_token',
    code: 'identity_invalid',
    only: signsTokens,
    faults: atToken({ body: { id_token: null } }),
    takenBack: true,
  },
  {
    name: 'the provider down when asked who it is',
    code: 'provider_unavailable',
    only: ['github', 'spotify'],
    faults: atIdentity(0, { status: 503, times: always }),
    attempts: 1,
    takenBack: true,
  },
  {
    name: 'HTML with 200 when asked who it is',
    code: 'provider_unavailable',
    only: ['github'],
    faults: atIdentity(0, { status: 200, body: html, times: always }),
    attempts: 1,
    takenBack: true,
  },
  {
    name: 'the provider down when asked for addresses',
    code: 'provider_unavailable',
    only: ['github'],
    faults: atIdentity(1, { status: 500, times: always }),
    attempts: 1,
    takenBack: true,
  },
  {
    name: 'permissions that were not granted',
    code: 'scopes_missing',
    only: ['spotify'],
    faults: atToken({ body: { scope: 'user-library-read' } }),
    attempts: 1,
  },
];

/** Goes to the provider and decides there; `returnTo` shows that it is kept. */
async function go(
  browser: Browser,
  provider: ProviderName,
  { decision, request }: Partial<Case> = {},
): Promise<Return> {
  const start = await browser.fetch(stage.startUrl(provider, { returnTo: '/?from=here' }));
  expect(start.status).toBe(302);
  const authorize = new URL(start.headers.get('location') ?? '');
  request?.(authorize);
  return decide(browser, authorize.href, { user: 'listener', ...(decision ? { decision } : {}) });
}

const clients = ['browser', 'program'] as const;
const rowsOf: [string, ProviderName, Client, Case][] = providerNames.flatMap((provider) =>
  cases
    .filter(({ only }) => !only || only.includes(provider))
    .flatMap((one) =>
      clients.map((client): [string, ProviderName, Client, Case] => [
        `${provider}, ${client}: ${one.name}`,
        provider,
        client,
        one,
      ]),
    ),
);

/** LONG takes every failure at every provider, for a browser and for a program; otherwise they take turns. */
const rows = process.env.LONG
  ? rowsOf
  : rowsOf.filter(([, provider, client, one]) => {
      const turn = cases.indexOf(one);
      const among = providerNames.filter((name) => !one.only || one.only.includes(name));
      return (
        provider === among[turn % among.length] && client === clients[Math.floor(turn / among.length) % clients.length]
      );
    });

/** The same for what the providers have in common: LONG at every one, otherwise they take turns. */
const turnsOf = <T>(all: readonly T[], provider: ProviderName): T[] =>
  all.filter((_, n) => process.env.LONG || providerNames[n % providerNames.length] === provider);

test.each(rows)('%s', async (_name, provider, client, one) => {
  const browser = await stage.visitor(provider);
  const before = await stage.counts();
  const way = await go(browser, provider, one);
  for (const what of one.faults?.(provider) ?? []) await fault(stage.system, what);
  const landing = await stage.arrive(browser, one.change?.(way) ?? way, client);

  expect(landing.ended).toBe(one.code);
  if (client === 'browser') {
    expect(landing.status).toBe(303);
    expect(landing.location?.href).toBe(`${stage.api.url}/?from=here&error=${one.code}`);
  } else {
    expect(landing.status).toBe(errorCodes[one.code].status);
    expect(landing.type).toContain('application/problem+json');
  }
  const [flow] = await stage.flows(provider);
  expect(flow).toMatchObject({
    status: 'failed',
    error_code: one.code,
    restarts: 0,
    flow_secrets: '',
    callback_secrets: null,
    raw_answer: null,
    ...(one.attempts === undefined ? {} : { exchange_attempts: one.attempts }),
  });
  expect(await stage.counts()).toEqual(before);
  const { revoke } = facts[provider];
  if (one.takenBack && revoke) expect(await stage.answered(revoke)).toBe(1);

  await stage.system.admin.clearFaults();
  const again = await stage.arrive(browser, await go(browser, provider), client);
  expect(again.ended).toBe('ok');
});

describe.each(providerNames)('what passes by itself at %s', (provider) => {
  const passing: [string, Record<string, unknown>, attempts: number][] = [
    ['an error of the server’s', { status: 500 }, 2],
    ['a page of HTML with 502', { status: 502, body: html }, 2],
    ['being asked to wait a second', { status: 429, retryAfter: 1 }, 2],
    ['a connection reset before the code was looked at', { landLateMs: 600_000 }, 2],
    ['an answer that takes too long, where the next try is served first', { delayMs: 2_500 }, 2],
  ];
  it.each(turnsOf(passing, provider))('%s', async (_name, what, attempts) => {
    const browser = await stage.visitor(provider);
    const way = await go(browser, provider);
    await fault(stage.system, { ...facts[provider].token, ...what });
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
    expect(await stage.flows(provider)).toMatchObject([{ exchange_attempts: attempts, restarts: 0 }]);
  });

  const asks = facts[provider].identity;
  if (asks.length === 0) return;
  it('being away for a moment when asked who it is', async () => {
    const browser = await stage.visitor(provider);
    const way = await go(browser, provider);
    for (const place of asks) await fault(stage.system, { ...place, status: 503, times: 2 });
    expect((await stage.arrive(browser, way)).ended).toBe('ok');
    expect(await stage.flows(provider)).toMatchObject([{ exchange_attempts: 1 }]);
  });
});

describe.each(providerNames)('an answer of %s’s that got lost after the code was spent', (provider) => {
  const losses: [string, Record<string, unknown>][] = [
    ['by a connection reset', { dropAnswer: true }],
    // A second is waited for, and the next try comes 300 ms later: by then the code is spent.
    ['by an answer that took too long', { delayMs: 1_100 }],
    ['by HTML with 200 in its place', { status: 200, body: html }],
  ];
  const lost = async (what: Record<string, unknown>) => {
    const browser = await stage.visitor(provider);
    const before = await stage.counts();
    const way = await go(browser, provider);
    await fault(stage.system, { ...facts[provider].token, ...what });
    const restarted = await stage.arrive(browser, way);
    expect(restarted.ended).toBe('restarted');
    expect(await stage.counts()).toEqual(before);
    const second = await decide(browser, restarted.location?.href ?? '', { user: 'listener' });
    const landing = await stage.arrive(browser, second);
    expect(landing.location?.searchParams.get('from')).toBe('here');
    expect(landing.ended).toBe('ok');
    expect(await stage.flows(provider)).toMatchObject([{ restarts: 0, status: 'failed' }, { restarts: 1 }]);
  };
  for (const [name, what] of turnsOf(losses, provider))
    it(`${name}: the flow starts again by itself, once`, () => lost(what));

  it('twice: it is told, and trying again just works', async () => {
    const browser = await stage.visitor(provider);
    const before = await stage.counts();
    await fault(stage.system, { ...facts[provider].token, dropAnswer: true, times: 1 });
    const restarted = await stage.arrive(browser, await go(browser, provider));
    await fault(stage.system, { ...facts[provider].token, dropAnswer: true, times: 1 });
    const second = await decide(browser, restarted.location?.href ?? '', { user: 'listener' });
    expect((await stage.arrive(browser, second)).ended).toBe('code_rejected');
    expect(await stage.counts()).toEqual(before);
    expect((await stage.arrive(browser, await go(browser, provider))).ended).toBe('ok');
  });
});

describe('what is left behind', () => {
  it('no token, code, address or name in any history or log line', async () => {
    await stage.walk(new Browser(), 'google', 'listener');
    const hidden = (await stage.system.admin.secrets()).filter((secret) => secret.length > 5);
    const texts = stage.api.logged().map((line) => JSON.stringify(line));
    for await (const { workflowId } of stage.system.client.workflow.list())
      texts.push(JSON.stringify(await stage.system.client.workflow.getHandle(workflowId).fetchHistory()));
    const decoded = texts.map((text) =>
      text.replaceAll(/[A-Za-z0-9+/]{40,}={0,2}/g, (part) => Buffer.from(part, 'base64').toString()),
    );
    expect(texts.length).toBeGreaterThan(100);
    const all = [...texts, ...decoded].join('\n');
    expect(hidden.filter((secret) => all.includes(secret))).toEqual([]);
  });
});
