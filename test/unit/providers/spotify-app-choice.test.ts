import { ConfigError, loadConfig } from '../../../adapters/environment/config';
import type { SpotifyApp } from '../../../adapters/providers/spotify/apps';
import { chooseApp, type AppSituation } from '../../../adapters/providers/spotify/choose-app';

const keys = { VAULT_KEYS: `dev:${Buffer.alloc(32, 1).toString('base64url')}` };
const appsOf = (environment: Record<string, string>) => loadConfig({ ...keys, ...environment }).spotify;
const faultsOf = (environment: Record<string, string>): string[] => {
  try {
    appsOf(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

describe('the operator’s apps', () => {
  it('are read in the order in which they fill, five people to an app in development mode', () => {
    expect(appsOf({ SPOTIFY_APPS: 'a1:s1:dev-a, b2:s2:dev-b:extended,c3:s3:dev-a:development:2' })).toMatchObject({
      sandbox: false,
      apps: [
        { clientId: 'a1', clientSecret: 's1', quota: 'dev-a', dialect: 'development', people: 5 },
        { clientId: 'b2', clientSecret: 's2', quota: 'dev-b', dialect: 'extended', people: null },
        { clientId: 'c3', clientSecret: 's3', quota: 'dev-a', dialect: 'development', people: 2 },
      ],
    });
  });

  it('one app may be told as a pair, as before', () => {
    expect(appsOf({ SPOTIFY_CLIENT_ID: 'id', SPOTIFY_CLIENT_SECRET: 'secret', SPOTIFY_QUOTA: 'mine' })?.apps).toEqual([
      { clientId: 'id', clientSecret: 'secret', quota: 'mine', dialect: 'development', people: null },
    ]);
  });

  it('of the sandbox go to the sandbox', () => {
    const SPOTIFY_APPS = 'sandbox-spotify:sandbox-spotify-secret:one,sandbox-spotify-2:sandbox-spotify-2-secret:two';
    expect(appsOf({ SPOTIFY_APPS, SANDBOX_URL: 'http://127.0.0.1:8090' })).toMatchObject({
      sandbox: true,
      tokenUrl: 'http://127.0.0.1:8090/spotify/api/token',
    });
    expect(faultsOf({ SPOTIFY_APPS })).toEqual(['SPOTIFY_APPS: apps of the sandbox need SANDBOX_URL']);
  });

  it.each([
    ['a1:hidden', 'entry 1 has no quota name of a-z, 0-9, _ and -'],
    ['a1:hidden:dev,b2::dev', 'entry 2 has no secret'],
    [':hidden:dev', 'entry 1 has no client id'],
    ['a1:hidden:dev:premium', 'entry 1 is neither development nor extended'],
    ['a1:hidden:dev:development:0', 'entry 1 has no number of people'],
    ['a1:hidden:dev:development:5:x', 'entry 1 has more than five parts'],
    ['a1:hidden:dev,a1:hidden:dev', 'names a client id twice'],
    ['a1:hidden:dev,sandbox-spotify:hidden:dev', 'mixes apps of the sandbox with real ones'],
  ])('%s is a fault that shows no secret', (SPOTIFY_APPS, fault) => {
    expect(faultsOf({ SPOTIFY_APPS })).toEqual([`SPOTIFY_APPS: ${fault}`]);
    expect(faultsOf({ SPOTIFY_APPS }).join()).not.toContain('hidden');
  });

  it('are a list or a pair, not both', () => {
    const both = { SPOTIFY_APPS: 'a1:s1:dev', SPOTIFY_CLIENT_ID: 'id', SPOTIFY_CLIENT_SECRET: 'secret' };
    expect(faultsOf(both)).toHaveLength(1);
  });
});

describe('the app that a consent goes through', () => {
  const app = (clientId: string, people: number | null = 5): SpotifyApp => ({
    clientId,
    clientSecret: 'secret',
    quota: clientId,
    dialect: 'development',
    people,
  });
  const choose = (situation: Partial<AppSituation>) => {
    const choice = chooseApp({
      apps: [app('a'), app('b')],
      own: null,
      before: null,
      used: new Map(),
      refusedBy: [],
      ...situation,
    });
    return choice && [choice.app.clientId, choice.refused];
  };

  it.each<[string, Partial<AppSituation>, ReturnType<typeof choose>]>([
    ['the first with room', {}, ['a', false]],
    ['the next where the first is full', { used: new Map([['a', 5]]) }, ['b', false]],
    [
      'none where all are full',
      {
        used: new Map([
          ['a', 5],
          ['b', 6],
        ]),
      },
      null,
    ],
    ['one without a limit, however many it has', { apps: [app('a', null)], used: new Map([['a', 900]]) }, ['a', false]],
    ['the one that the connection has, full or not', { before: 'b', used: new Map([['b', 5]]) }, ['b', false]],
    ['another where that one is gone', { before: 'gone' }, ['a', false]],
    ['another where that one refuses the person', { before: 'a', refusedBy: ['a'] }, ['b', false]],
    ['the one that refused longest ago where all did', { refusedBy: ['b', 'a'] }, ['b', true]],
    ['no full one, though it did not refuse', { refusedBy: ['a'], used: new Map([['b', 5]]) }, ['a', true]],
    ['the person’s own before all others', { own: 'mine', before: 'a' }, ['mine', false]],
  ])('%s', (_, situation, expected) => {
    expect(choose(situation)).toEqual(expected);
  });

  it('shows no secret where the app is the person’s own', () => {
    const choice = chooseApp({ apps: [], own: 'mine', before: null, used: new Map(), refusedBy: [] });
    expect(choice?.app).toMatchObject({ clientSecret: null, quota: 'own:mine' });
  });
});
