import { generateKeyPair } from 'jose';
import {
  classifyAnswer,
  requestRefresh,
  requestTokens,
  revokeToken,
  verifyRefresh,
  verifyTokens,
  type OauthProvider,
  type TokenAnswer,
} from '../../../adapters/providers/oauth-exchange';
import { freePort } from '../../../dev/engines/free-port';
import { DomainError, ProviderError } from '../../../domain/errors';
import { clientId, nonce, sendJson, startTokenServer, type TokenServer } from './token-server';

const flow = {
  params: { code: 'the-code', state: 'the-state' },
  state: 'the-state',
  verifier: 'v'.repeat(43),
  redirectUri: 'http://127.0.0.1:9/callback',
};

describe('exchanging a code', () => {
  let server: TokenServer;
  let provider: OauthProvider;

  beforeAll(async () => {
    server = await startTokenServer();
  });

  afterAll(() => server?.close());

  beforeEach(() => {
    provider = server.provider();
    server.requests = [];
    server.onKeys = (_request, response) => sendJson(response, 200, { keys: server.publishedKeys });
  });

  describe('asks once and', () => {
    it('sends code, verifier, redirect address and secret, and hands back the answer as it came', async () => {
      server.onToken = (_request, response) => sendJson(response, 200, { access_token: 'a', extra: 1 });
      const attempt = await requestTokens(provider, flow);
      expect(attempt).toEqual({ kind: 'answered', status: 200, text: '{"access_token":"a","extra":1}' });
      expect(server.requests).toHaveLength(1);
      expect(Object.fromEntries(server.requests[0]?.form ?? [])).toEqual({
        grant_type: 'authorization_code',
        code: 'the-code',
        code_verifier: flow.verifier,
        redirect_uri: flow.redirectUri,
        client_id: clientId,
        client_secret: 's-e.cret',
      });
    });

    it.each([
      ['of another flow', { ...flow.params, state: 'another' }],
      ['of another issuer', { ...flow.params, iss: 'https://mix-up.example.test' }],
    ])('sends nothing for a callback %s', async (_story, params) => {
      await expect(requestTokens(provider, { ...flow, params })).rejects.toMatchObject({ code: 'identity_invalid' });
      expect(server.requests).toEqual([]);
    });

    it('takes an empty issuer for none', async () => {
      server.onToken = (_request, response) => sendJson(response, 200, {});
      const params = { ...flow.params, iss: '' };
      await expect(requestTokens(provider, { ...flow, params })).resolves.toMatchObject({ kind: 'answered' });
    });

    it('knows that nothing was sent where nobody listens', async () => {
      const away = {
        ...provider,
        as: { ...provider.as, token_endpoint: `http://127.0.0.1:${await freePort()}/token` },
      };
      await expect(requestTokens(away, flow)).resolves.toEqual({ kind: 'not_sent' });
    });

    it('refuses plain HTTP towards anything but the sandbox', async () => {
      await expect(requestTokens({ ...provider, allowInsecure: false }, flow)).resolves.toEqual({
        kind: 'misconfigured',
      });
      expect(server.requests).toEqual([]);
    });

    it('does not know what became of the code when the answer is lost, late or torn', async () => {
      server.onToken = (_request, response) => void response.destroy();
      await expect(requestTokens(provider, flow)).resolves.toEqual({ kind: 'ambiguous' });
      server.onToken = () => undefined;
      await expect(requestTokens(provider, flow)).resolves.toEqual({ kind: 'ambiguous' });
      server.onToken = (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"access_token"', () => response.destroy());
      };
      await expect(requestTokens(provider, flow)).resolves.toEqual({ kind: 'ambiguous' });
    });

    it('waits as long as a 429 says', async () => {
      server.onToken = (_request, response) => response.writeHead(429, { 'retry-after': '7' }).end('{}');
      await expect(requestTokens(provider, flow)).resolves.toEqual({ kind: 'rate_limited', retryAfterSeconds: 7 });
    });

    it('reads no more than 64 kB of an endless answer', async () => {
      server.onToken = (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = () => {
          if (!response.destroyed) response.write('x'.repeat(16_384), () => setImmediate(more));
        };
        more();
      };
      const attempt = await requestTokens(provider, flow);
      if (attempt.kind !== 'answered') throw new Error(attempt.kind);
      expect(attempt.text).toHaveLength(64 * 1024);
      expect(classifyAnswer(provider, attempt)).toBe('unreadable');
    });
  });

  describe('and sorts what came:', () => {
    it.each<[string, TokenAnswer, string]>([
      ['tokens', { status: 200, text: '{"access_token":"a","token_type":"Bearer"}' }, 'ok'],
      ['a used code', { status: 400, text: '{"error":"invalid_grant","error_description":"x"}' }, 'code_rejected'],
      ['an error that pretends to be well', { status: 200, text: '{"error":"invalid_grant"}' }, 'code_rejected'],
      ['a page instead of tokens', { status: 200, text: '<html>' }, 'unreadable'],
      ['a list instead of tokens', { status: 200, text: '[]' }, 'unreadable'],
      ['half of the tokens', { status: 200, text: '{"access_token":"a"}' }, 'unreadable'],
      ['nothing', { status: 204, text: '' }, 'unreadable'],
      ['a server in trouble', { status: 503, text: '' }, 'server_error'],
      ['the same in OAuth’s words', { status: 400, text: '{"error":"temporarily_unavailable"}' }, 'server_error'],
      ['a wrong secret', { status: 401, text: '{"error":"invalid_client"}' }, 'misconfigured'],
      ['Spotify’s way to say so', { status: 400, text: '{"error":"invalid_client"}' }, 'misconfigured'],
      ['a redirect', { status: 302, text: '' }, 'misconfigured'],
    ])('%s', (_story, answer, kind) => {
      expect(classifyAnswer(provider, answer)).toBe(kind);
    });
  });

  describe('and believes', () => {
    const answerWith = async (idToken: Promise<string> | string | null, more = {}): Promise<TokenAnswer> => ({
      status: 200,
      text: JSON.stringify({
        access_token: 'access',
        token_type: 'Bearer',
        expires_in: 3600,
        ...(idToken === null ? {} : { id_token: await idToken }),
        ...more,
      }),
    });
    const failureOf = async (answer: Promise<TokenAnswer>): Promise<unknown> =>
      verifyTokens(provider, { nonce }, await answer).then(
        () => 'it was believed',
        (error: unknown) => error,
      );

    it('an id_token that holds, as often as it is asked', async () => {
      const claims = { email: 'a@example.test', email_verified: true, name: 'A' };
      const answer = await answerWith(server.idToken(claims), { scope: 'openid email', refresh_token: 'r' });
      for (const _again of [1, 2])
        await expect(verifyTokens(provider, { nonce }, answer)).resolves.toEqual({
          accessToken: 'access',
          refreshToken: 'r',
          expiresInSeconds: 3600,
          scopes: ['openid', 'email'],
          idToken: { subject: '42', email: 'a@example.test', emailVerified: true, emailPrivate: false, name: 'A' },
        });
      expect(server.requests.map(({ path }) => path)).toEqual(['/keys']);
    });

    it('no e-mail address that is not said to be verified', async () => {
      const answer = await answerWith(server.idToken({ email: 'a@example.test' }));
      const { idToken, scopes } = await verifyTokens(provider, { nonce }, answer);
      expect(idToken).toMatchObject({ email: 'a@example.test', emailVerified: false, name: null });
      expect(scopes).toEqual(['openid', 'email']);
    });

    it.each<[string, () => Promise<string> | string | null]>([
      ['no id_token', () => null],
      ['another nonce', () => server.idToken({ nonce: 'another' })],
      ['no nonce', () => server.idToken({ nonce: undefined })],
      ['another issuer', () => server.idToken({ iss: 'https://other.example.test' })],
      ['another audience', () => server.idToken({ aud: 'client-2' })],
      ['an end in the past', () => server.idToken({ exp: Math.floor(Date.now() / 1000) - 600 })],
      [
        'another key under the same id',
        async () => server.idToken({}, {}, (await generateKeyPair('RS256')).privateKey),
      ],
      ['no signature', async () => `${(await server.idToken()).split('.').slice(0, 2).join('.')}.`],
      [
        'the algorithm none',
        async () => {
          const [, payload] = (await server.idToken()).split('.');
          const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
          return `${header}.${payload}.`;
        },
      ],
      [
        'changed claims',
        async () => {
          const [header, payload = '', signature] = (await server.idToken()).split('.');
          const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
          const changed = Buffer.from(JSON.stringify({ ...claims, sub: '1' })).toString('base64url');
          return `${header}.${changed}.${signature}`;
        },
      ],
    ])('no id_token with %s', async (_story, idToken) => {
      const failure = await failureOf(answerWith(await idToken()));
      expect(failure).toBeInstanceOf(DomainError);
      expect(failure).toMatchObject({ code: 'identity_invalid' });
      expect((failure as Error).cause).toBeUndefined();
      expect(JSON.stringify(failure)).not.toContain('access');
    });

    it('nothing for now where the keys cannot be fetched, whatever comes instead of them', async () => {
      for (const onKeys of [
        (_request: unknown, response: Parameters<TokenServer['onKeys']>[1]) => void response.destroy(),
        (_request: unknown, response: Parameters<TokenServer['onKeys']>[1]) => response.writeHead(503).end(),
        (_request: unknown, response: Parameters<TokenServer['onKeys']>[1]) => sendJson(response, 200, { keys: 7 }),
        (_request: unknown, response: Parameters<TokenServer['onKeys']>[1]) => sendJson(response, 200, { keys: [] }),
      ]) {
        server.onKeys = onKeys;
        provider = server.provider();
        const failure = await failureOf(answerWith(server.idToken()));
        expect(failure).toBeInstanceOf(ProviderError);
        expect(failure).toMatchObject({ failure: 'unavailable' });
      }
    });

    it('the issuer’s former name, where it had one', async () => {
      const former = { ...provider, formerAs: { ...provider.as, issuer: 'accounts.example.test' } };
      const answer = await answerWith(server.idToken({ iss: 'accounts.example.test' }));
      await expect(verifyTokens(former, { nonce }, answer)).resolves.toMatchObject({ idToken: { subject: '42' } });
      await expect(verifyTokens(former, { nonce }, await answerWith(server.idToken()))).resolves.toMatchObject({
        idToken: { subject: '42' },
      });
    });
  });

  describe('later', () => {
    it('refreshes, with or without a new refresh token', async () => {
      server.onToken = (_request, response) =>
        sendJson(response, 200, { access_token: 'b', token_type: 'Bearer', expires_in: 60 });
      const attempt = await requestRefresh(provider, 'old');
      expect(server.requests[0]?.form.get('refresh_token')).toBe('old');
      if (attempt.kind !== 'answered') throw new Error(attempt.kind);
      await expect(verifyRefresh(provider, attempt)).resolves.toMatchObject({ accessToken: 'b', refreshToken: null });
    });

    it.each([
      ['revoked', 200, {}],
      ['already_gone', 400, { error: 'invalid_token' }],
      ['failed', 503, {}],
    ])('revokes: %s', async (outcome, status, body) => {
      server.onToken = (_request, response) => sendJson(response, status, body);
      await expect(revokeToken(provider, 'r')).resolves.toBe(outcome);
      expect(server.requests[0]?.form.get('token')).toBe('r');
    });

    it('says where a provider has no way to revoke', async () => {
      await expect(revokeToken({ ...provider, revoke: null }, 'r')).resolves.toBe('unsupported');
    });
  });
});
