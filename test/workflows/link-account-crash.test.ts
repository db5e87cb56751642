import { fork, type ChildProcess } from 'node:child_process';
import { freePort } from '../../dev/engines/free-port';
import { startApi, type ApiUnderTest } from '../integration/api/api-under-test';
import { Browser } from '../integration/api/browser';
import {
  altered,
  arrive,
  consent,
  decide,
  facts,
  landingOf,
  type ProviderName,
  type Return,
} from '../integration/api/flow-walker';
import { compiledProgram } from '../support/engines';
import { forgetEverybody } from '../support/forget-everybody';
import { type KillPoint, nameOf, type Step } from '../support/kill-points';
import { startSystem, type System } from '../support/system';
import { startVictim, type Victim } from '../support/victim';

/**
 * A worker dies by SIGKILL at each step of `linkAccount` while a flow of every provider is under way; another one finishes. The
 * people reload their callbacks as often as they are told that it still goes on, and consent again where the flow restarts.
 * LONG takes every step; the shorter list the one after which the code is spent and nothing is kept.
 */
const long = Boolean(process.env.LONG);
let system: System;
let api: ApiUnderTest;
beforeAll(async () => {
  system = await startSystem({ environment: { RATE_LIMIT_SIGN_IN: '100000', PROVIDER_TIMEOUT_SECONDS: '5' } });
  api = await startApi({ environment: system.environment });
}, 120_000);
afterAll(async () => {
  await api.close();
  await system.close();
});

interface Traveller {
  provider: ProviderName;
  user: string;
  browser: Browser;
}
const rows = <T>(sql: string): Promise<T[]> => system.orm.em.fork().execute<T[]>(sql);
const startUrl = (origin: string, provider: ProviderName) => `${origin}/api/v1${facts[provider].base}/start`;

/** Comes back until it is said how the flow ended. */
async function seeThrough({ browser, user }: Traveller, first: Return, origin: string): Promise<string> {
  let way = first;
  for (let visits = 0; visits < 20; visits += 1) {
    const landing = await landingOf(await arrive(browser, way), new URL(origin).origin);
    if (landing.ended === 'restarted') way = await decide(browser, landing.location?.href ?? '', { user });
    else if (landing.ended !== 'still_working') return landing.ended;
  }
  return 'never ended';
}

async function signIn(traveller: Traveller): Promise<void> {
  const { browser, user } = traveller;
  const way = await consent(browser, startUrl(api.url, 'google'), { user });
  const ended = await seeThrough(traveller, way, api.url);
  if (ended !== 'ok') throw new Error(`sign-in ended with ${ended}`);
}

const call = (when: Step['when'], label: string): KillPoint => ({ kind: 'call', when, label, n: 1 });
const commit = (when: Step['when'], label: string): KillPoint => ({ kind: 'commit', when, label, n: 1 });
const statement = (when: Step['when'], label: string): KillPoint => ({ kind: 'statement', when, label, n: 1 });

const points: KillPoint[] = [call('after', 'POST /google/token')];
const everyPoint: KillPoint[] = [
  ...points,
  commit('after', 'linkIdentity'),
  statement('after', 'beginExchange'),
  statement('after', 'keepRawAnswer'),
  statement('before', 'beginExchange'),
  call('before', 'POST /google/token'),
  call('after', 'POST /apple/auth/token'),
  call('after', 'POST /github/login/oauth/access_token'),
  call('after', 'POST /spotify/api/token'),
  statement('before', 'keepRawAnswer'),
  call('before', 'GET /github/api/user'),
  call('after', 'GET /github/api/user/emails'),
  call('after', 'GET /me'),
  commit('before', 'linkIdentity'),
  commit('before', 'connectSpotify'),
  commit('after', 'connectSpotify'),
];

describe('a worker killed in the middle of four flows', () => {
  beforeEach(async () => {
    await forgetEverybody(system.database);
    await system.admin.clearFaults();
  });

  it.each((long ? everyPoint : points).map((point): [string, KillPoint] => [nameOf(point), point]))(
    '%s: another finishes, and everybody has one of everything',
    async (_name, point) => {
      const [victim, heir] = await Promise.all([startVictim(system), startVictim(system)]);
      victim.work(null);
      try {
        const travellers: Traveller[] = [
          { provider: 'google', user: 'listener', browser: new Browser() },
          { provider: 'apple', user: 'apple-listener', browser: new Browser() },
          { provider: 'github', user: 'moderator', browser: new Browser() },
          { provider: 'spotify', user: 'reviewer', browser: new Browser() },
        ];
        await signIn(travellers[3] as Traveller);
        const ways = await Promise.all(
          travellers.map(({ provider, user, browser }) => consent(browser, startUrl(api.url, provider), { user })),
        );
        victim.work(point);
        const ended = Promise.all(travellers.map((traveller, n) => seeThrough(traveller, ways[n] as Return, api.url)));
        await Promise.race([victim.gone, ended]);
        heir.work(null);
        expect(await ended).toEqual(['ok', 'ok', 'ok', 'ok']);
        await expectOneOfEverything();
        await expectDead(victim);
      } finally {
        await Promise.all([victim.kill(), heir.kill()]);
      }
    },
    120_000,
  );

  it.each([
    // Until it is written that the flow failed, nobody knows that the code was refused rather than spent: it starts again.
    { point: commit('before', 'abandonFlow'), told: 'ok', flows: ['code_lost', null] },
    { point: commit('after', 'abandonFlow'), told: 'code_rejected', flows: ['code_rejected'] },
  ])(
    '$point.when the commit of abandonFlow, with a code that is none: it is told $told, and trying again works',
    async ({ point, told, flows }) => {
      const [victim, heir] = await Promise.all([startVictim(system), startVictim(system)]);
      victim.work(null);
      try {
        const traveller: Traveller = { provider: 'google', user: 'listener', browser: new Browser() };
        const way = await consent(traveller.browser, startUrl(api.url, 'google'), { user: 'listener' });
        victim.work(point);
        const ended = seeThrough(traveller, altered(way, { code: 'not-a-code' }), api.url);
        await Promise.race([victim.gone, ended]);
        heir.work(null);
        expect(await ended).toBe(told);
        await expectDead(victim);
        const left = await rows<{ error_code: string | null }>(
          `select error_code from oauth_transactions where raw_answer is null and flow_secrets = '' order by id`,
        );
        expect(left.map((flow) => flow.error_code)).toEqual(flows);
        await signIn(traveller);
        expect(await rows(`select id from users`)).toHaveLength(1);
      } finally {
        await Promise.all([victim.kill(), heir.kill()]);
      }
    },
    120_000,
  );
});

async function expectDead(victim: Victim): Promise<void> {
  const dead = await Promise.race([
    victim.gone.then(() => true),
    new Promise<false>((resolve) => setTimeout(resolve, 1_000, false)),
  ]);
  expect(dead).toBe(true);
}

async function expectOneOfEverything(): Promise<void> {
  expect(await rows(`select provider, count(*)::int from identities group by provider order by provider`)).toEqual([
    { provider: 'apple', count: 1 },
    { provider: 'github', count: 1 },
    { provider: 'google', count: 2 },
  ]);
  const counts = ['users', 'sessions', 'connections', 'credentials'].map(
    (table) => `(select count(*)::int from ${table}) as ${table}`,
  );
  expect(await rows(`select ${counts.join(', ')}`)).toEqual([
    { users: 4, sessions: 4, connections: 1, credentials: 5 },
  ]);
  expect(
    await rows(
      `select id from oauth_transactions where flow_secrets <> '' or callback_secrets is not null or raw_answer is not null`,
    ),
  ).toEqual([]);
}

/** The API as a process on a port that stays the same, so that a reload finds the next one there. */
async function startApiProcess(environment: Record<string, string>, kill = ''): Promise<ChildProcess> {
  const child = fork(compiledProgram('test/support/killable-api.ts'), [], {
    execArgv: ['--enable-source-maps'],
    env: { ...process.env, ...environment, DNP_API_KILL: kill },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<never>((_resolve, reject) => child.once('exit', () => reject(new Error('The API ended.'))));
  const up = async () => {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${environment.API_PORT}/healthz`).catch(() => null);
      if (answer) return child;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return Promise.race([up(), gone]);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

describe('the API killed at a callback', () => {
  let stopWorkers: () => Promise<void>;
  let environment: Record<string, string>;
  beforeAll(async () => {
    stopWorkers = await system.startWorkers();
    environment = {
      ...system.environment,
      API_PORT: String(await freePort()),
      METRICS_PORT: String(await freePort()),
    };
  });
  afterAll(() => stopWorkers());
  beforeEach(() => forgetEverybody(system.database));

  const deaths: [kill: string, provider: ProviderName, told: string][] = [
    ['before start', 'apple', 'ok'],
    ['after start', 'google', 'ok'],
    ['before session', 'google', 'ok'],
    // The one session of that flow was made and its token was never sent: nobody has it, and it ends by itself.
    ['after session', 'apple', 'flow_expired'],
  ];
  it.each(long ? deaths : deaths.slice(3))(
    '%s, at the callback of %s: a reload at the next one tells %s, and nobody is there twice',
    async (kill, provider, told) => {
      const origin = `http://127.0.0.1:${environment.API_PORT}`;
      const dying = await startApiProcess(environment, kill);
      const traveller: Traveller = { provider, user: 'listener', browser: new Browser() };
      const way = await consent(traveller.browser, startUrl(origin, provider), { user: 'listener' });
      await expect(arrive(traveller.browser, way)).rejects.toThrow();
      await stopped(dying);
      const next = await startApiProcess(environment);
      try {
        expect(await seeThrough(traveller, way, origin)).toBe(told);
        expect(await rows(`select count(*)::int from identities`)).toEqual([{ count: 1 }]);
        expect(await rows(`select count(*)::int from sessions`)).toEqual([{ count: 1 }]);
        const again = await consent(traveller.browser, startUrl(origin, provider), { user: 'listener' });
        expect(await seeThrough(traveller, again, origin)).toBe('ok');
        expect(await rows(`select count(*)::int from users`)).toEqual([{ count: 1 }]);
      } finally {
        await stopped(next);
      }
    },
    120_000,
  );
});
