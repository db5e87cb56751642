import { createRemoteJWKSet, decodeJwt, generateKeyPair, jwtVerify } from 'jose';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { appleRequest, appleVisitor, type SecretParts } from './apple-visitor';
import { admin, consent, consentByForm, redirectUri } from './visitor';

let sandbox: Sandbox;
let apple: ReturnType<typeof appleVisitor>;
beforeAll(async () => {
  sandbox = await startSandbox();
  apple = appleVisitor(sandbox.url);
});
afterAll(() => sandbox.close());
// Everybody comes for the first time again.
beforeEach(() => admin(sandbox.url)('POST', '/users/listener/apple/revoke'));

describe('the page that asks the person', () => {
  it('stays on localhost, another site than the API’s, and sends the answer by a form that needs no script', async () => {
    expect(new URL(apple.authorizeUrl).hostname).toBe('localhost');
    const shown = await fetch(
      `${apple.authorizeUrl}?${new URLSearchParams({ ...appleRequest, login_hint: 'reviewer' })}`,
    );
    const html = await shown.text();
    expect(html).toContain('<option value="reviewer" selected>');
    expect(html).toContain('action="/apple/auth/authorize"');
    const { action, fields } = await apple.approve();
    expect(action).toBe(redirectUri);
    expect(fields['state']).toBe(appleRequest.state);
    expect(fields['code']).toMatch(/^c[0-9a-f]{32}\.0\./);
  });

  it('tells name and address only the first time, until the person takes the consent back', async () => {
    const user = { name: { firstName: 'Odalys', lastName: 'Brennvik' }, email: 'listener@example.test' };
    expect(JSON.parse((await apple.approve()).fields['user'] ?? '')).toEqual(user);
    expect((await apple.approve()).fields['user']).toBeUndefined();
    expect((await apple.approve('listener', { client_id: 'sandbox-apple-2' })).fields['user']).toBeDefined();
    await admin(sandbox.url)('POST', '/users/listener/apple/revoke');
    expect(JSON.parse((await apple.approve()).fields['user'] ?? '')).toEqual(user);
  });

  it('refuses name and e-mail without form_post, on a page', async () => {
    for (const mode of ['query', 'fragment', undefined]) {
      const query = new URLSearchParams({ ...appleRequest });
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
    const { body } = await apple.exchange(callback.get('code') ?? '');
    expect(decodeJwt(String(body['id_token']))['email']).toBeUndefined();
  });

  it('says user_cancelled_authorize where the person cancels, in the form', async () => {
    const { fields } = await consentByForm(apple.authorizeUrl, appleRequest, { user: 'listener', decision: 'deny' });
    expect(fields).toEqual({ error: 'user_cancelled_authorize', state: appleRequest.state });
    expect((await apple.approve()).fields['user']).toBeDefined();
  });

  it('sends an id_token along where it is asked for, tied to the code', async () => {
    const { fields } = await apple.approve('listener', { response_type: 'code id_token' });
    const claims = decodeJwt(fields['id_token'] ?? '');
    expect(claims).toMatchObject({ nonce: 'the nonce', c_hash: expect.any(String) });
    expect((await apple.exchange(fields['code'])).status).toBe(200);
  });
});

describe('the id_token', () => {
  it('is signed with a published key and carries what a client must check', async () => {
    const { tokens } = await apple.signIn();
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
      const { claims } = await apple.signIn(user);
      return [claims['email'], claims['email_verified'], claims['is_private_email']];
    };
    expect(await shown('listener')).toEqual(['listener@example.test', 'true', 'false']);
    expect(await shown('second-listener')).toEqual(['second-listener@example.test', true, false]);
    const relay = expect.stringMatching(/^[0-9a-f]{10}@privaterelay\.appleid\.com$/) as string;
    expect(await shown('apple-listener')).toEqual([relay, 'true', 'true']);
  });

  it('names the same person each time', async () => {
    const [first, second, other] = [await apple.signIn(), await apple.signIn(), await apple.signIn('admin')];
    expect(second.claims.sub).toBe(first.claims.sub);
    expect(other.claims.sub).not.toBe(first.claims.sub);
  });
});

describe('the token endpoint', () => {
  it('refuses every client secret that is not right in all parts', async () => {
    const { fields } = await apple.approve();
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
      const answer = await apple.exchange(fields['code'], { client_secret: await apple.clientSecret(parts) });
      expect([parts, answer.status, answer.body['error']]).toEqual([parts, 400, 'invalid_client']);
    }
    for (const text of ['sandbox-apple-secret', 'a.b.c', '']) {
      expect((await apple.exchange(fields['code'], { client_secret: text })).body['error']).toBe('invalid_client');
    }
    const known = await apple.clientSecret({ sub: 'nobody' });
    expect((await apple.exchange(fields['code'], { client_id: 'nobody', client_secret: known })).status).toBe(400);
    const longest = await apple.clientSecret({ lifeSeconds: 15_776_000 });
    expect((await apple.exchange(fields['code'], { client_secret: longest })).status).toBe(200);
  });

  it('takes a code once, for its redirect address and client, and leaves what it gave alive', async () => {
    const { fields } = await apple.approve();
    const refused = { status: 400, body: { error: 'invalid_grant' } };
    expect(await apple.exchange(fields['code'], { redirect_uri: 'https://else.example/' })).toMatchObject(refused);
    const other = { client_id: 'sandbox-apple-2', client_secret: await apple.clientSecret({ sub: 'sandbox-apple-2' }) };
    expect(await apple.exchange(fields['code'], other)).toMatchObject(refused);
    const given = await apple.exchange(fields['code']);
    expect(given.status).toBe(200);
    expect(await apple.exchange(fields['code'])).toMatchObject(refused);
    expect((await apple.refresh(given.body['refresh_token'])).status).toBe(200);
    expect(await apple.exchange('made-up')).toMatchObject(refused);
    expect((await apple.exchange('x', { grant_type: 'password' })).body['error']).toBe('unsupported_grant_type');
  });

  it('ends a code after five minutes', async () => {
    const { fields } = await apple.approve();
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 301_000);
    try {
      expect(await apple.exchange(fields['code'])).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    } finally {
      clock.mockRestore();
    }
  });

  it('refreshes without a new refresh token and without the nonce', async () => {
    const { tokens, claims } = await apple.signIn();
    const { status, body } = await apple.refresh(tokens['refresh_token']);
    expect([status, body['refresh_token'], typeof body['access_token']]).toEqual([200, undefined, 'string']);
    const again = decodeJwt(String(body['id_token']));
    expect([again.sub, again['nonce']]).toEqual([claims.sub, undefined]);
  });
});

describe('revoking', () => {
  it('answers 200 for any token, and only a failing refresh proves the end', async () => {
    const { tokens } = await apple.signIn();
    expect((await apple.revoke('made-up')).status).toBe(200);
    expect((await apple.refresh(tokens['refresh_token'])).status).toBe(200);
    expect((await apple.revoke(tokens['refresh_token'])).status).toBe(200);
    expect(await apple.refresh(tokens['refresh_token'])).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await apple.revoke(tokens['refresh_token'])).status).toBe(200);
    expect((await apple.approve()).fields['user']).toBeDefined();
  });

  it('refuses a client that can’t sign', async () => {
    const { tokens } = await apple.signIn();
    const secret = await apple.clientSecret({ kid: 'OTHERKEY' });
    expect(await apple.revoke(tokens['access_token'], { client_secret: secret })).toMatchObject({
      status: 400,
      body: { error: 'invalid_client' },
    });
    expect((await apple.refresh(tokens['refresh_token'])).status).toBe(200);
  });
});

describe('around it', () => {
  it('describes itself as Apple does', async () => {
    const body: unknown = await (await fetch(`${apple.issuer}/.well-known/openid-configuration`)).json();
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
    const { fields } = await apple.approve();
    expect((await apple.exchange(fields['code'])).status).toBe(503);
    await control('POST', '/faults', { service: 'apple', route: '/auth/token', dropAnswer: true });
    await expect(apple.exchange(fields['code'])).rejects.toThrow();
    expect((await apple.exchange(fields['code'])).body['error']).toBe('invalid_grant');
    expect((await control('GET', '/calls'))['items']).toContainEqual({
      service: 'apple',
      method: 'POST',
      route: '/auth/token',
      status: 0,
      count: 1,
    });
  });

  it('names every secret that went in or out, the relay address among them', async () => {
    const { fields, tokens, claims } = await apple.signIn('apple-listener');
    const secret = await apple.clientSecret({ kid: 'OTHERKEY' });
    await apple.exchange('refused-code', { client_secret: secret });
    const { items } = await admin(sandbox.url)('GET', '/secrets');
    const values = [fields['code'], ...['access_token', 'refresh_token', 'id_token'].map((name) => tokens[name])];
    expect(items).toEqual(expect.arrayContaining([...values, secret, claims['email'], 'Ingrid Vantorre', 'Vantorre']));
  });
});
