import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '../../../adapters/environment/config';
import {
  oauthProviders,
  requestRefresh,
  requestTokens,
  revokeTokens,
  verifyTokens,
  type OauthProvider,
  type OauthProviders,
} from '../../../adapters/providers/oauth-exchange';
import { createSpotifyClient } from '../../../adapters/providers/spotify/client';
import { openGate } from './open-gate';
import { nonce, startTokenServer } from './token-server';

/** A provider that sends every call on to somebody else: whoever follows gives tokens, codes and secrets away. */
let thief: Server;
let heard: string[];
let sender: Server;
let asked: string[];
let providers: OauthProviders;
let senderUrl: string;

beforeAll(async () => {
  thief = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  const thiefUrl = await listening(thief);
  sender = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { location: `${thiefUrl}/taken` }).end();
  });
  senderUrl = await listening(sender);
  providers = oauthProviders(
    loadConfig({ VAULT_KEYS: `test:${Buffer.alloc(32, 7).toString('base64url')}`, SANDBOX_URL: senderUrl }),
  );
});
let status = 302;
beforeEach(() => {
  heard = [];
  asked = [];
});
afterAll(() => {
  for (const server of [thief, sender]) server.close();
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
function provider(name: OauthProvider['provider']): OauthProvider {
  const found = providers[name];
  if (!found) throw new Error(`${name} is not configured`);
  return found;
}
const names = ['google', 'apple', 'github', 'spotify'] as const;
const flow = {
  params: { code: 'code', state: 's' },
  state: 's',
  verifier: 'v'.repeat(43),
  redirectUri: 'http://127.0.0.1/x',
};
const held = { accessToken: 'access', refreshToken: 'refresh' };

describe.each([302, 307, 308])('a %i instead of an answer', (given) => {
  beforeEach(() => {
    status = given;
  });

  it.each(names)('is not followed with what %s alone should get', async (name) => {
    await requestTokens(provider(name), flow);
    await requestRefresh(provider(name), 'refresh');
    await revokeTokens(provider(name), held);
    expect(asked.length).toBe(name === 'spotify' ? 2 : 3);
    expect(heard).toEqual([]);
  });

  it('is not followed with an access token, when asked who it is', async () => {
    await expect(provider('github').fetchIdentity?.({ accessToken: 'access', scopes: [] })).rejects.toThrow();
    const spotify = createSpotifyClient({ apiUrl: `${senderUrl}/v1`, gate: openGate(), timeoutSeconds: 2 });
    await expect(spotify.profile({ accessToken: 'access', clientId: 'app', quota: 'q' })).rejects.toThrow();
    expect(asked).toHaveLength(2);
    expect(heard).toEqual([]);
  });

  it('is no place to fetch keys from', async () => {
    const server = await startTokenServer();
    const moved = { ...server.provider(), as: { ...server.provider().as, jwks_uri: `${senderUrl}/keys` } };
    const body = { access_token: 'a', token_type: 'Bearer', id_token: await server.idToken() };
    await expect(verifyTokens(moved, { nonce }, { status: 200, text: JSON.stringify(body) })).rejects.toThrow();
    expect(asked).toEqual(['/keys']);
    expect(heard).toEqual([]);
    await server.close();
  });
});
