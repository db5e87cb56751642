import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../../../adapters/environment/config';
import { configSchema } from '../../../adapters/environment/variables';
import { sandboxKey } from '../../../adapters/environment/sandbox-key';
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

test('Apple Music needs the whole key or none of it, and is then the real one', () => {
  const privateKey = sandboxKey('some key').replaceAll('\n', '\\n');
  const whole = { APPLE_MUSIC_TEAM_ID: 'TEAM', APPLE_MUSIC_KEY_ID: 'KEY', APPLE_MUSIC_PRIVATE_KEY: privateKey };
  expect(faultsOf({ VAULT_KEYS: keys, ...whole, APPLE_MUSIC_KEY_ID: '' })).toEqual([
    'APPLE_MUSIC_KEY_ID: all three APPLE_MUSIC_ credentials or none must be set',
  ]);
  expect(faultsOf({ VAULT_KEYS: keys, ...whole, APPLE_MUSIC_PRIVATE_KEY: 'nonsense' })).toEqual([
    'APPLE_MUSIC_PRIVATE_KEY: must be a P-256 private key in PEM',
  ]);
  const real = loadConfig({ VAULT_KEYS: keys, SANDBOX_URL: 'http://127.0.0.1:8090', ...whole }).appleMusic;
  expect(real).toMatchObject({
    sandbox: false,
    apiUrl: 'https://api.music.apple.com/v1',
    quota: 'apple-music-default',
  });
  const standIn = loadConfig({ VAULT_KEYS: keys, SANDBOX_URL: 'http://127.0.0.1:8090' }).appleMusic;
  expect(standIn).toMatchObject({ sandbox: true, musicKitUrl: 'http://127.0.0.1:8090/apple-music/musickit.js' });
  expect(loadConfig({ VAULT_KEYS: keys }).appleMusic).toBeNull();
});

test('production refuses the sandbox, development keys and plain HTTP', () => {
  const faults = faultsOf({ NODE_ENV: 'production', VAULT_KEYS: keys, SANDBOX_URL: 'http://127.0.0.1:8090' });
  expect(faults.join('\n')).toMatch(/SANDBOX_URL[\s\S]*VAULT_KEYS[\s\S]*AUDIT_KEYS[\s\S]*https/);
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
