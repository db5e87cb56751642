import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { ClientSecretPost, None } from 'oauth4webapi';
import type { OauthProvider } from '../../../adapters/providers/oauth-exchange';
import { revokeByToken } from '../../../adapters/providers/revocation';

type Answer = (request: IncomingMessage, response: ServerResponse, form: URLSearchParams) => void;

/** A token server that does as it is told, with a key of its own. */
export interface TokenServer {
  url: string;
  /** It as an OpenID provider, in a fresh copy: fetched keys are cached by the copy. */
  provider(): OauthProvider;
  onToken: Answer;
  onKeys: Answer;
  requests: { path: string; form: URLSearchParams }[];
  publishedKeys: JWK[];
  /** An id_token by its own key, with claims changed or added. */
  idToken(claims?: Record<string, unknown>, header?: Record<string, unknown>, key?: CryptoKey): Promise<string>;
  close(): Promise<void>;
}

export const nonce = 'the-nonce';
export const clientId = 'client-1';

export async function startTokenServer(): Promise<TokenServer> {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const self: TokenServer = {
    url,
    requests: [],
    publishedKeys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', use: 'sig', alg: 'RS256' }],
    onToken: (_request, response) => response.writeHead(500).end(),
    onKeys: (_request, response) => sendJson(response, 200, { keys: self.publishedKeys }),
    provider: () => ({
      provider: 'google',
      clientId,
      as: {
        issuer: url,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
        revocation_endpoint: `${url}/revoke`,
        id_token_signing_alg_values_supported: ['RS256'],
      },
      formerAs: null,
      client: { client_id: clientId, id_token_signed_response_alg: 'RS256' },
      clientAuth: ClientSecretPost('s-e.cret'),
      pkce: true,
      scopes: ['openid', 'email'],
      idToken: true,
      fetchIdentity: null,
      revoke: revokeByToken(None()),
      allowInsecure: true,
      timeoutSeconds: 0.5,
    }),
    idToken: (claims = {}, header = {}, key = pair.privateKey) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ iss: url, aud: clientId, sub: '42', nonce, iat: now, exp: now + 3600, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
        .sign(key);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const form = new URLSearchParams(body);
    self.requests.push({ path: String(request.url), form });
    if (request.url === '/keys') self.onKeys(request, response, form);
    else self.onToken(request, response, form);
  }
  return self;
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
