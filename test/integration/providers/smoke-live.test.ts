import { execFile } from 'node:child_process';
import { loadConfig, type Config } from '../../../adapters/environment/config';
import { callbackUrl, flowProviderIds } from '../../../api/sign-in/providers';
import { freePort } from '../../../dev/engines/free-port';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import type { Finding } from '../../../ops/smoke-live/check';
import { redirectAddress, smokeLive } from '../../../ops/smoke-live/smoke-live';
import { stepsLeft } from '../../../ops/smoke-live/steps';
import { compiledProgram } from '../../support/engines';

let sandbox: Sandbox;
let config: Config;
beforeAll(async () => {
  sandbox = await startSandbox();
  config = loadConfig({
    VAULT_KEYS: `test:${Buffer.alloc(32, 7).toString('base64url')}`,
    SANDBOX_URL: sandbox.url,
    API_URL: 'https://dnp.example.test',
    WEB_ORIGINS: 'https://dnp.example.test',
  });
});
afterAll(() => sandbox.close());

const failing = (findings: Finding[]) => findings.filter(({ holds }) => !holds);
const changed = async (change: Partial<Config>) => failing(await smokeLive({ ...config, ...change }));
function own<T>(settings: T | null): T {
  if (settings === null) throw new Error('the sandbox stands in for all of them');
  return settings;
}

it('all that can be seen without a person holds where everything is right', async () => {
  const findings = await smokeLive(config);
  expect(failing(findings)).toEqual([]);
  expect(findings.map(({ provider, what }) => `${provider}: ${what}`)).toEqual([
    'google: redirect address',
    'google: discovery document',
    'google: clock',
    'google: signing keys',
    'google: client id and secret',
    'google: taking tokens back',
    'apple: redirect address',
    'apple: discovery document',
    'apple: clock',
    'apple: signing keys',
    'apple: client id and secret',
    'apple: taking tokens back',
    'github: redirect address',
    'github: client id and secret',
    'github: taking tokens back',
    'spotify: redirect address',
    'spotify: client id and secret',
  ]);
});

describe('what is wrong is named', () => {
  it('a secret that Google or Spotify does not know', async () => {
    expect(await changed({ google: { ...own(config.google), clientSecret: 'wrong' } })).toMatchObject([
      { provider: 'google', what: 'client id and secret', said: 'invalid_client' },
    ]);
    const { apps, ...spotify } = own(config.spotify);
    expect(await changed({ spotify: { ...spotify, apps: [{ ...apps[0], clientSecret: 'wrong' }] } })).toMatchObject([
      { provider: 'spotify', what: 'client id and secret', said: 'invalid_client' },
    ]);
  });

  it('a secret that GitHub does not know, although it says so with a 200', async () => {
    expect(await changed({ github: { ...own(config.github), clientSecret: 'wrong' } })).toMatchObject([
      { provider: 'github', what: 'client id and secret', said: 'incorrect_client_credentials' },
      { provider: 'github', what: 'taking tokens back', said: 'failed' },
    ]);
  });

  it('another team’s id in Apple’s client secret', async () => {
    expect(await changed({ apple: { ...own(config.apple), teamId: 'ANOTHER123' } })).toMatchObject([
      { provider: 'apple', what: 'client id and secret', said: 'invalid_client' },
      { provider: 'apple', what: 'taking tokens back' },
    ]);
  });

  it('an address that is no longer the published one, and keys that are not there', async () => {
    const google = { ...own(config.google), jwksUrl: `${sandbox.url}/google/nowhere` };
    expect(await changed({ google })).toEqual([
      { provider: 'google', what: 'discovery document', holds: false, said: 'other than configured: jwks_uri' },
      { provider: 'google', what: 'signing keys', holds: false, said: 'HTTP 404' },
    ]);
  });

  it('a provider that nobody reaches', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const google = { ...own(config.google), issuer: nobody, tokenUrl: `${nobody}/token` };
    expect(await changed({ google })).toMatchObject([
      { what: 'discovery document', said: 'ECONNREFUSED' },
      { what: 'client id and secret', said: 'not sent' },
    ]);
  });

  it.each(['http://127.0.0.1:8080', 'https://203.0.113.7', 'http://dnp.example.test', 'https://localhost'])(
    '%s, which Apple does not take as an address to return to',
    async (apiUrl) => {
      expect(await changed({ apiUrl })).toContainEqual(
        expect.objectContaining({ provider: 'apple', what: 'redirect address' }),
      );
    },
  );
});

it('the addresses to register are those that the API sends', () => {
  for (const id of flowProviderIds) expect(redirectAddress(config, id)).toBe(callbackUrl(config, id));
});

it('no secret is in what is printed', async () => {
  const text = JSON.stringify([await smokeLive(config), stepsLeft(config)]);
  for (const { clientSecret } of [own(config.google), own(config.github), own(config.spotify).apps[0]])
    expect(text).not.toContain(clientSecret);
  expect(text).not.toMatch(/PRIVATE KEY|eyJ/);
  expect(text).toContain('https://dnp.example.test/api/v1/auth/apple/callback');
});

describe('the command', () => {
  const run = (environment: Record<string, string>) =>
    new Promise<{ code: number; err: string }>((resolve) => {
      const { PATH, HOME } = process.env;
      const env = { PATH, HOME, ...environment };
      execFile(
        process.execPath,
        ['--enable-source-maps', compiledProgram('ops/commands/smoke-live.ts')],
        { env },
        (error, _, err) => resolve({ code: Number(error?.code ?? 0), err }),
      );
    });

  it('refuses to run without anybody’s credentials, also where a sandbox would answer', async () => {
    const { code, err } = await run({ SANDBOX_URL: sandbox.url });
    expect(code).toBe(2);
    expect(err).toContain("No provider's credentials are set.");
  });

  it('names what half a pair lacks, without the half that is there', async () => {
    const { code, err } = await run({ GITHUB_CLIENT_SECRET: 'half-of-a-pair' });
    expect(code).toBe(2);
    expect(err).toContain('GITHUB_CLIENT_ID');
    expect(err).not.toContain('half-of-a-pair');
  });
});
