import { createRemoteJWKSet, decodeJwt, generateKeyPair, importPKCS8, jwtVerify, SignJWT } from 'jose';
import { loadConfig } from '../../../adapters/environment/config';
import { sandboxAppleKey } from '../../../adapters/environment/sandbox-apple-key';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { admin, consent, consentByForm, postForm, redirectUri } from './visitor';

let sandbox: Sandbox;
let apple: { issuer: string; authorizeUrl: string; tokenUrl: string; revokeUrl: string; jwksUrl: string };
beforeEach(async () => {
  sandbox = await startSandbox();
  const vaultKey = `test:${Buffer.alloc(32, 7).toString('base64url')}`;
  const configured = loadConfig({ SANDBOX_URL: sandbox.url, VAULT_KEYS: vaultKey }).apple;
  if (!configured) throw new Error('Apple is not configured');
  apple = configured;
});
afterEach(() => sandbox.close());

const ask = {
  client_id: 'sandbox-apple',
  response_type: 'code',
  response_mode: 'form_post',
  redirect_uri: redirectUri,
  scope: 'name email',
  state: 'the "state" & more',
  nonce: 'the nonce',
};

interface SecretParts {
  kid?: string;
  iss?: string;
  sub?: string;
  aud?: string;
  lifeSeconds?: number;
  key?: Parameters<SignJWT['sign']>[0];
}

async function clientSecret(parts: SecretParts = {}): Promise<string> {
  const { teamId, keyId, privateKey } = sandboxAppleKey();
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: parts.kid ?? keyId })
    .setIssuer(parts.iss ?? teamId)
    .setSubject(parts.sub ?? 'sandbox-apple')
    .setAudience(parts.aud ?? apple.issuer)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + (parts.lifeSeconds ?? 300))
    .sign(parts.key ?? (await importPKCS8(privateKey, 'ES256')));
}

const approve = (user = 'listener', extra: Record<string, string> = {}) =>
  consentByForm(apple.authorizeUrl, { ...ask, ...extra }, { user });

async function exchange(code: string | undefined, extra: Record<string, string> = {}) {
  const form = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: redirectUri };
  const client = { client_id: 'sandbox-apple', client_secret: await clientSecret() };
  return postForm(apple.tokenUrl, { ...form, ...client, ...extra });
}

async function refresh(token: unknown) {
  const client = { client_id: 'sandbox-apple', client_secret: await clientSecret() };
  return postForm(apple.tokenUrl, { grant_type: 'refresh_token', refresh_token: String(token), ...client });
}

async function signIn(user = 'listener') {
  const { fields } = await approve(user);
  const answer = await exchange(fields['code']);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return { fields, tokens: answer.body, claims: decodeJwt(String(answer.body['id_token'])) };
}

describe('the page that asks the person', () => {
  it('stays on localhost, another site than the API’s, and sends the answer by a form that needs no script', async () => {
    expect(new URL(apple.authorizeUrl).hostname).toBe('localhost');
    const shown = await fetch(`${apple.authorizeUrl}?${new URLSearchParams({ ...ask, login_hint: 'reviewer' })}`);
    const html = await shown.text();
    expect(html).toContain('<option value="reviewer" selected>');
    expect(html).toContain('action="/apple/auth/authorize"');
    const { action, fields } = await approve();
    expect(action).toBe(redirectUri);
    expect(fields['state']).toBe(ask.state);
    expect(fields['code']).toMatch(/^c[0-9a-f]{32}\.0\./);
  });

  it('tells name and address only the first time, until the person takes the consent back', async () => {
    const user = { name: { firstName: 'Odalys', lastName: 'Brennvik' }, email: 'listener@example.test' };
    expect(JSON.parse((await approve()).fields['user'] ?? '')).toEqual(user);
    expect((await approve()).fields['user']).toBeUndefined();
    expect((await approve('listener', { client_id: 'sandbox-apple-2' })).fields['user']).toBeDefined();
    await admin(sandbox.url)('POST', '/users/listener/apple/revoke');
    expect(JSON.parse((await approve()).fields['user'] ?? '')).toEqual(user);
  });

  it('refuses name and e-mail without form_post, on a page', async () => {
    for (const mode of ['query', 'fragment', undefined]) {
      const query = new URLSearchParams({ ...ask });
      if (mode === undefined) query.delete('response_mode');
      else query.set('response_mode', mode);
      const shown = await fetch(`${apple.authorizeUrl}?${query}`, { redirect: 'manual' });
      expect([mode, shown.status]).toEqual([mode, 400]);
    }
  });

  it('redirects where neither name nor e-mail is asked for', async () => {
    const plain = { client_id: 'sandbox-apple', response_type: 'code', redirect_uri: redirectUri, state: 's' };
    const callback = await consent(apple.authorizeUrl, plain, { user: 'listener' });
    expect([...callback.keys()].sort()).toEqual(['code', 'state']);
    const { body } = await exchange(callback.get('code') ?? '');
    expect(decodeJwt(String(body['id_token']))['email']).toBeUndefined();
  });

  it('says user_cancelled_authorize where the person cancels, in the form', async () => {
    const { fields } = await consentByForm(apple.authorizeUrl, ask, { user: 'listener', decision: 'deny' });
    expect(fields).toEqual({ error: 'user_cancelled_authorize', state: ask.state });
    expect((await approve()).fields['user']).toBeDefined();
  });

  it('sends an id_token along where it is asked for, tied to the code', async () => {
    const { fields } = await approve('listener', { response_type: 'code id_token' });
    const claims = decodeJwt(fields['id_token'] ?? '');
    expect(claims).toMatchObject({ nonce: 'the nonce', c_hash: expect.any(String) });
    expect((await exchange(fields['code'])).status).toBe(200);
  });
});

describe('the id_token', () => {
  it('is signed with a published key and carries what a client must check', async () => {
    const { tokens } = await signIn();
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const { payload, protectedHeader } = await jwtVerify(
      String(tokens['id_token']),
      createRemoteJWKSet(new URL(apple.jwksUrl)),
      { issuer: apple.issuer, audience: 'sandbox-apple' },
    );
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload.sub).toMatch(/^\d{6}\.[0-9a-f]{32}\.\d{4}$/);
    expect(payload).toMatchObject({ nonce: 'the nonce', nonce_supported: true, auth_time: expect.any(Number) });
    expect(payload['name']).toBeUndefined();
  });

  it('has truth values as texts for some and as such for others, and a relay address for who hides', async () => {
    const shown = async (user: string) => {
      const { claims } = await signIn(user);
      return [claims['email'], claims['email_verified'], claims['is_private_email']];
    };
    expect(await shown('listener')).toEqual(['listener@example.test', 'true', 'false']);
    expect(await shown('second-listener')).toEqual(['second-listener@example.test', true, false]);
    const relay = expect.stringMatching(/^[0-9a-f]{10}@privaterelay\.appleid\.com$/) as string;
    expect(await shown('apple-listener')).toEqual([relay, 'true', 'true']);
  });

  it('names the same person each time', async () => {
    const [first, second, other] = [await signIn(), await signIn(), await signIn('admin')];
    expect(second.claims.sub).toBe(first.claims.sub);
    expect(other.claims.sub).not.toBe(first.claims.sub);
  });
});

describe('the token endpoint', () => {
  it('refuses every client secret that is not right in all parts', async () => {
    const { fields } = await approve();
    const stranger = await generateKeyPair('ES256');
    const wrong: SecretParts[] = [
      { kid: 'OTHERKEY' },
      { iss: 'OTHERTEAM' },
      { sub: 'sandbox-apple-2' },
      { aud: 'https://appleid.apple.com' },
      { lifeSeconds: -10 },
      { lifeSeconds: 15_777_060 },
      { key: stranger.privateKey },
    ];
    for (const parts of wrong) {
      const answer = await exchange(fields['code'], { client_secret: await clientSecret(parts) });
      expect([parts, answer.status, answer.body['error']]).toEqual([parts, 400, 'invalid_client']);
    }
    for (const text of ['sandbox-apple-secret', 'a.b.c', '']) {
      expect((await exchange(fields['code'], { client_secret: text })).body['error']).toBe('invalid_client');
    }
    const known = await clientSecret({ sub: 'nobody' });
    expect((await exchange(fields['code'], { client_id: 'nobody', client_secret: known })).status).toBe(400);
    const longest = await clientSecret({ lifeSeconds: 15_776_000 });
    expect((await exchange(fields['code'], { client_secret: longest })).status).toBe(200);
  });

  it('takes a code once, for its redirect address and client, and leaves what it gave alive', async () => {
    const { fields } = await approve();
    const refused = { status: 400, body: { error: 'invalid_grant' } };
    expect(await exchange(fields['code'], { redirect_uri: 'https://else.example/' })).toMatchObject(refused);
    const other = { client_id: 'sandbox-apple-2', client_secret: await clientSecret({ sub: 'sandbox-apple-2' }) };
    expect(await exchange(fields['code'], other)).toMatchObject(refused);
    const given = await exchange(fields['code']);
    expect(given.status).toBe(200);
    expect(await exchange(fields['code'])).toMatchObject(refused);
    expect((await refresh(given.body['refresh_token'])).status).toBe(200);
    expect(await exchange('made-up')).toMatchObject(refused);
    expect((await exchange('x', { grant_type: 'password' })).body['error']).toBe('unsupported_grant_type');
  });

  it('ends a code after five minutes', async () => {
    const { fields } = await approve();
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 301_000);
    try {
      expect(await exchange(fields['code'])).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    } finally {
      clock.mockRestore();
    }
  });

  it('refreshes without a new refresh token and without the nonce', async () => {
    const { tokens, claims } = await signIn();
    const { status, body } = await refresh(tokens['refresh_token']);
    expect([status, body['refresh_token'], typeof body['access_token']]).toEqual([200, undefined, 'string']);
    const again = decodeJwt(String(body['id_token']));
    expect([again.sub, again['nonce']]).toEqual([claims.sub, undefined]);
  });
});

describe('revoking', () => {
  async function revoke(token: unknown, secret?: string) {
    const client = { client_id: 'sandbox-apple', client_secret: secret ?? (await clientSecret()) };
    return postForm(apple.revokeUrl, { token: String(token), token_type_hint: 'refresh_token', ...client });
  }

  it('answers 200 for any token, and only a failing refresh proves the end', async () => {
    const { tokens } = await signIn();
    expect((await revoke('made-up')).status).toBe(200);
    expect((await refresh(tokens['refresh_token'])).status).toBe(200);
    expect((await revoke(tokens['refresh_token'])).status).toBe(200);
    expect(await refresh(tokens['refresh_token'])).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await revoke(tokens['refresh_token'])).status).toBe(200);
    expect((await approve()).fields['user']).toBeDefined();
  });

  it('refuses a client that can’t sign', async () => {
    const { tokens } = await signIn();
    const secret = await clientSecret({ kid: 'OTHERKEY' });
    expect(await revoke(tokens['access_token'], secret)).toMatchObject({
      status: 400,
      body: { error: 'invalid_client' },
    });
    expect((await refresh(tokens['refresh_token'])).status).toBe(200);
  });
});

describe('around it', () => {
  it('describes itself as Apple does', async () => {
    const { body } = await postless('/.well-known/openid-configuration');
    expect(body).toMatchObject({
      issuer: apple.issuer,
      authorization_endpoint: apple.authorizeUrl,
      token_endpoint: apple.tokenUrl,
      revocation_endpoint: apple.revokeUrl,
      jwks_uri: apple.jwksUrl,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    });
  });

  it('lets ordered faults happen', async () => {
    const control = admin(sandbox.url);
    await control('POST', '/faults', { service: 'apple', method: 'POST', route: '/auth/token', status: 503 });
    const { fields } = await approve();
    expect((await exchange(fields['code'])).status).toBe(503);
    await control('POST', '/faults', { service: 'apple', route: '/auth/token', dropAnswer: true });
    await expect(exchange(fields['code'])).rejects.toThrow();
    expect((await exchange(fields['code'])).body['error']).toBe('invalid_grant');
    expect((await control('GET', '/calls'))['items']).toContainEqual({
      service: 'apple',
      method: 'POST',
      route: '/auth/token',
      status: 0,
      count: 1,
    });
  });

  it('names every secret that went in or out, the relay address among them', async () => {
    const { fields, tokens, claims } = await signIn('apple-listener');
    const secret = await clientSecret({ kid: 'OTHERKEY' });
    await exchange('refused-code', { client_secret: secret });
    const { items } = await admin(sandbox.url)('GET', '/secrets');
    const values = [fields['code'], ...['access_token', 'refresh_token', 'id_token'].map((name) => tokens[name])];
    expect(items).toEqual(expect.arrayContaining([...values, secret, claims['email'], 'Ingrid Vantorre', 'Vantorre']));
  });
});

async function postless(path: string): Promise<{ body: unknown }> {
  return { body: await (await fetch(`${apple.issuer}${path}`)).json() };
}
