import { createSession } from '../../../adapters/postgres/sessions';
import { Browser } from './browser';
import { setFlowStage, type FlowStage } from './flow-stage';
import { consent, landingOf, type Landing, type ProviderName, type Return } from './flow-walker';

/**
 * Two people, Ada and Bo, start a flow each. Then every callback that can be put together from what the two have arrives: the
 * state of either, the code of either, the flow cookie of either, both or none, the session of either or none. Whatever comes of
 * it may never be one person in the other's account.
 */
let stage: FlowStage;
beforeAll(async () => {
  stage = await setFlowStage();
}, 120_000);
afterAll(() => stage.close());

const whose = ['ada', 'bo'] as const;
type Whose = (typeof whose)[number];
/** Their accounts at every provider. */
const users: Record<Whose, string> = { ada: 'listener', bo: 'reviewer' };
const cookies = { none: [], ada: ['ada'], bo: ['bo'], both: ['ada', 'bo'] } satisfies Record<string, Whose[]>;

interface Mix {
  state: Whose;
  code: Whose;
  cookies: keyof typeof cookies;
  session: Whose | 'nobody';
}
/** LONG mixes both ways; otherwise Ada's flow is the one that is meddled with, since the two are alike. */
const victims = process.env.LONG ? whose : whose.slice(0, 1);
const mixes: Mix[] = victims.flatMap((state) =>
  whose.flatMap((code) =>
    (Object.keys(cookies) as (keyof typeof cookies)[]).flatMap((given) =>
      (['nobody', ...whose] as const).map((session): Mix => ({ state, code, cookies: given, session })),
    ),
  ),
);

/** Mixtures that arrive together. */
const atOnce = 6;

interface Purpose {
  name: 'sign-in' | 'link' | 'connect';
  provider: ProviderName;
}
const purposes: Purpose[] = [
  ...(['google', 'apple', 'github'] as const).flatMap((provider): Purpose[] => [
    { name: 'sign-in', provider },
    { name: 'link', provider },
  ]),
  { name: 'connect', provider: 'spotify' },
];

interface Person {
  id: string;
  browser: Browser;
}
type People = Record<Whose, Person>;

/** Both exist, and each has the account at the provider that the flow is about. */
async function twoPeople({ name, provider }: Purpose): Promise<People> {
  const first: ProviderName = name === 'sign-in' ? provider : provider === 'google' ? 'github' : 'google';
  const person = async (who: Whose): Promise<Person> => {
    const browser = new Browser();
    expect((await stage.walk(browser, first, users[who])).ended).toBe('ok');
    if (name !== 'sign-in')
      expect((await stage.walk(browser, provider, users[who], parametersOf(name))).ended).toBe('ok');
    return { id: (await stage.userOf(browser)) ?? '', browser };
  };
  return { ada: await person('ada'), bo: await person('bo') };
}
const parametersOf = (name: Purpose['name']): Record<string, string> => (name === 'link' ? { purpose: 'link' } : {});

/** What belongs to whom, of everything that flows make. */
const holdings = () =>
  stage.rows(
    `select 'identity' as what, provider, subject as account, user_id from identities
     union all select 'connection', provider, account_id, user_id from connections order by 1, 2, 3, 4`,
  );

const sessionOf = async (userId: string) =>
  (await createSession(stage.api.deps.orm.em.fork(), { userId, userAgent: null, lifetime: stage.api.config })).token;

/** Sends a callback with exactly these cookies, and goes on where a posted one leads. */
async function send(way: Return, flowCookies: Record<string, string>, session: string | null): Promise<Response> {
  const header = (all: Record<string, string>) =>
    Object.entries(all)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
  const everything = header({ ...flowCookies, ...(session ? { dnp_session: session } : {}) });
  const get = (address: string) => fetch(address, { redirect: 'manual', headers: { cookie: everything } });
  if (!way.posted) return get(`${way.callback}?${new URLSearchParams(way.fields)}`);
  const answer = await fetch(way.callback, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: way.origin, cookie: header(flowCookies) },
    body: new URLSearchParams(way.fields),
  });
  const next = answer.headers.get('location') ?? '';
  return next.startsWith(way.callback) ? get(next) : answer;
}

/** How it has to end; a code in another's flow is refused by PKCE at the provider or by the nonce in its id_token. */
function expected({ name }: Purpose, mix: Mix): string[] {
  const own: readonly Whose[] = cookies[mix.cookies];
  if (!own.includes(mix.state)) return ['flow_not_yours'];
  if (name !== 'sign-in' && mix.session !== mix.state) return ['flow_not_yours'];
  return mix.code === mix.state ? ['ok'] : ['code_rejected', 'identity_invalid'];
}

/** Who is signed in by an answer; undefined where it hands out no session. */
async function signedInBy(answer: Response): Promise<string | undefined> {
  const [, token] = /dnp_session=([^;]+)/.exec(answer.headers.getSetCookie().join('\n')) ?? [];
  if (!token) return undefined;
  const session = await fetch(`${stage.api.url}/api/v1/auth/session`, { headers: { cookie: `dnp_session=${token}` } });
  return ((await session.json()) as { user?: { id: string } }).user?.id;
}

async function tryMix(purpose: Purpose, mix: Mix, people: People): Promise<string[]> {
  const start = stage.startUrl(purpose.provider, parametersOf(purpose.name));
  const travellers = { ada: new Browser(), bo: new Browser() };
  const sessions = { ada: await sessionOf(people.ada.id), bo: await sessionOf(people.bo.id) };
  const ways = {} as Record<Whose, Return>;
  for (const who of whose) {
    if (purpose.name !== 'sign-in') travellers[who].take(stage.api.url, `dnp_session=${sessions[who]}; Path=/`);
    ways[who] = await consent(travellers[who], start, { user: users[who] });
  }
  const way = { ...ways[mix.state], fields: { ...ways[mix.code].fields, state: ways[mix.state].fields.state ?? '' } };
  const given = Object.fromEntries(
    cookies[mix.cookies].flatMap((who) =>
      Object.entries(travellers[who].cookiesFor(way.callback)).filter(([name]) => name.startsWith('tx_')),
    ),
  );
  const answer = await send(way, given, mix.session === 'nobody' ? null : sessions[mix.session]);
  const landing: Landing = await landingOf(answer.clone(), new URL(stage.api.url).origin);
  const wrong: string[] = [];
  if (!expected(purpose, mix).includes(landing.ended)) wrong.push(`ended with ${landing.ended}`);
  const signedIn = await signedInBy(answer);
  const mayBe = landing.ended === 'ok' && purpose.name === 'sign-in' ? people[mix.state].id : undefined;
  if (signedIn !== mayBe) wrong.push(`signed in ${signedIn}, not ${mayBe}`);
  return wrong.map((what) => `${JSON.stringify(mix)}: ${what}`);
}

/** LONG takes each purpose at each provider; otherwise each purpose once, and every provider. */
const mixed = process.env.LONG
  ? purposes
  : purposes.filter(({ name, provider }) =>
      ['sign-in google', 'link apple', 'sign-in github', 'connect spotify'].includes(`${name} ${provider}`),
    );

describe.each(mixed)('$name with $provider', (purpose) => {
  it('no mixture of two people’s flows ends in the wrong account', async () => {
    await stage.clear();
    const people = await twoPeople(purpose);
    const before = await holdings();
    const wrong: string[] = [];
    for (let n = 0; n < mixes.length; n += atOnce) {
      const some = mixes.slice(n, n + atOnce);
      for (const found of await Promise.all(some.map((mix) => tryMix(purpose, mix, people)))) wrong.push(...found);
      const after = await holdings();
      if (JSON.stringify(after) !== JSON.stringify(before)) wrong.push(`${JSON.stringify(some)}: moved something`);
    }
    expect(wrong).toEqual([]);
    expect(await stage.rows(`select id from users`)).toHaveLength(2);
    expect(mixes).toHaveLength(victims.length * 24);
  }, 300_000);
});

describe('an account that nobody has yet', () => {
  it.each(['google', 'apple', 'github'] as const)(
    'the attacker’s callback at %s, opened by the victim, neither signs in nor links',
    async (provider) => {
      await stage.clear();
      const first: ProviderName = provider === 'google' ? 'github' : 'google';
      const victim = new Browser();
      await stage.walk(victim, first, users.ada);
      const is = await stage.userOf(victim);
      for (const name of ['sign-in', 'link'] as const) {
        const parameters = parametersOf(name);
        const attacker = new Browser();
        await stage.walk(attacker, first, users.bo);
        const before = await holdings();
        const bait = await consent(attacker, stage.startUrl(provider, parameters), { user: 'moderator' });
        expect((await stage.arrive(victim, bait)).ended).toBe('flow_not_yours');
        expect(await holdings()).toEqual(before);
        expect(await stage.userOf(victim)).toBe(is);
      }
    },
  );

  it('a link flow that another site sends the victim through is refused at its start', async () => {
    await stage.clear();
    const victim = new Browser();
    await stage.walk(victim, 'google', users.ada);
    const answer = await victim.fetch(stage.startUrl('github', { purpose: 'link' }), {
      headers: { 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/' },
    });
    expect(answer.status).toBe(403);
    expect(await stage.flows('github')).toEqual([]);
  });
});
