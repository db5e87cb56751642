import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { loadConfig } from '../../../adapters/environment/config';
import { appleClientAuth } from '../../../adapters/providers/apple/client-secret';

const { apple } = loadConfig({
  SANDBOX_URL: 'http://127.0.0.1:9',
  VAULT_KEYS: `test:${Buffer.alloc(32, 7).toString('base64url')}`,
});
if (!apple) throw new Error('no Apple');
const settings = { ...apple, clientId: 'org.example.service', teamId: 'TEAM123456', keyId: 'KEY1234567' };
const as = { issuer: settings.issuer };

async function authenticated(): Promise<URLSearchParams> {
  const body = new URLSearchParams({ code: 'c' });
  await appleClientAuth(settings)(as, { client_id: settings.clientId }, body, new Headers());
  return body;
}

test('the secret is a JWT of the team’s, for Apple, about our client, by the key that it names', async () => {
  const body = await authenticated();
  expect(body.get('client_id')).toBe('org.example.service');
  expect(body.get('code')).toBe('c');
  const secret = body.get('client_secret') ?? '';
  expect(decodeProtectedHeader(secret)).toEqual({ alg: 'ES256', kid: 'KEY1234567' });
  const { payload } = await jwtVerify(secret, createPublicKey(settings.privateKey), {
    algorithms: ['ES256'],
    issuer: 'TEAM123456',
    audience: settings.issuer,
    subject: 'org.example.service',
  });
  expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sub']);
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
});

test('each request gets one of its own', async () => {
  const [one, two] = [await authenticated(), await authenticated()];
  expect(one.get('client_secret')).not.toBe(two.get('client_secret'));
});
