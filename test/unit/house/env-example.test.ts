import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema, ConfigError, loadConfig } from '../../../adapters/environment/config';
import { envExample } from '../../../dev/env-example';

const root = join(__dirname, '..', '..', '..');
const keys = `dev:${Buffer.alloc(32, 1).toString('base64url')}`;

test('.env.example is what the schema says (npm run env-example > .env.example)', () => {
  expect(readFileSync(join(root, '.env.example'), 'utf8')).toBe(envExample());
});

test('every setting says what it is for', () => {
  const silent = Object.keys(configSchema.shape).filter(
    (name) => !new RegExp(`# \\S.*\\n# ${name}=`).test(envExample()),
  );
  expect(silent).toEqual([]);
});

test('all faults of an environment are told at once, each with its variable', () => {
  const faults = faultsOf({ API_PORT: 'eighty', VAULT_KEYS: 'x:short', LOG_LEVEL: 'loud', GOOGLE_CLIENT_ID: 'id' });
  expect(faults.map((fault) => fault.split(':')[0])).toEqual(
    expect.arrayContaining(['API_PORT', 'VAULT_KEYS', 'LOG_LEVEL']),
  );
});

test('half a pair of credentials is a fault, not a provider', () => {
  expect(faultsOf({ VAULT_KEYS: keys, SPOTIFY_CLIENT_ID: 'id' })).toEqual([
    'SPOTIFY_CLIENT_SECRET: both or neither of the pair must be set',
  ]);
});

test('production refuses the sandbox, development keys and plain HTTP', () => {
  const faults = faultsOf({ NODE_ENV: 'production', VAULT_KEYS: keys, SANDBOX_URL: 'http://127.0.0.1:8090' });
  expect(faults.join('\n')).toMatch(/SANDBOX_URL[\s\S]*VAULT_KEYS[\s\S]*https/);
});

test('real credentials switch one provider and leave the other at the sandbox', () => {
  const config = loadConfig({
    VAULT_KEYS: keys,
    SANDBOX_URL: 'http://127.0.0.1:8090',
    SPOTIFY_CLIENT_ID: 'id',
    SPOTIFY_CLIENT_SECRET: 'secret',
  });
  expect(config.spotify).toMatchObject({ sandbox: false, apiUrl: 'https://api.spotify.com/v1' });
  expect(config.google).toMatchObject({ sandbox: true, issuer: 'http://127.0.0.1:8090/google' });
});

function faultsOf(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}
