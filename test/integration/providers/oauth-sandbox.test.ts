import { loadConfig } from '../../../adapters/environment/config';
import {
  classifyAnswer,
  oauthProviders,
  requestRefresh,
  requestTokens,
  revokeToken,
  revokeTokens,
  verifyRefresh,
  verifyTokens,
  vouchedFor,
  type OauthProvider,
  type OauthProviders,
} from '../../../adapters/providers/oauth-exchange';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { consent, consentByForm, pkce, redirectUri } from '../sandbox/visitor';

const vaultKey = `test:${Buffer.alloc(32, 7).toString('base64url')}`;

describe('the sandbox’s accounts, by the configured providers', () => {
  let sandbox: Sandbox;
  let providers: OauthProviders;

  beforeAll(async () => {
    sandbox = await startSandbox({ rotateRefreshTokens: true });
    providers = oauthProviders(loadConfig({ SANDBOX_URL: sandbox.url, VAULT_KEYS: vaultKey }));
  });

  afterAll(() => sandbox?.close());

  async function signIn(provider: OauthProvider, more: Record<string, string> = {}) {
    const { verifier, challenge } = pkce();
    const callback = await consent(
      String(provider.as.authorization_endpoint),
      {
        client_id: provider.clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: provider.scopes.join(' '),
        state: 'state',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...more,
      },
      { user: 'listener' },
    );
    const text = (name: string) => callback.get(name) ?? '';
    const params = { code: text('code'), state: text('state'), iss: text('iss') };
    return { params, state: 'state', verifier, redirectUri };
  }

  const configured = (name: OauthProvider['provider']): OauthProvider => {
    const provider = providers[name];
    if (!provider) throw new Error(`${name} is not configured`);
    return provider;
  };

  it('signs in with Google, revokes, and finds the tokens gone', async () => {
    const google = configured('google');
    const flow = await signIn(google, { nonce: 'n', access_type: 'offline', prompt: 'consent' });
    const attempt = await requestTokens(google, flow);
    if (attempt.kind !== 'answered') throw new Error(attempt.kind);
    const tokens = await verifyTokens(google, { nonce: 'n' }, attempt);
    expect(tokens.idToken).toMatchObject({ email: 'listener@example.test', emailVerified: true });
    const again = await requestTokens(google, flow);
    expect(again.kind === 'answered' && classifyAnswer(google, again)).toBe('code_rejected');
    const refreshToken = String(tokens.refreshToken);
    // The second use of the code has ended the grant, as Google does it.
    await expect(revokeToken(google, refreshToken)).resolves.toBe('already_gone');
  });

  it('connects Spotify, and refreshes with a refresh token that rotates', async () => {
    const spotify = configured('spotify');
    const attempt = await requestTokens(spotify, await signIn(spotify));
    if (attempt.kind !== 'answered') throw new Error(attempt.kind);
    expect(classifyAnswer(spotify, attempt)).toBe('ok');
    const tokens = await verifyTokens(spotify, { nonce: null }, attempt);
    expect(tokens).toMatchObject({ expiresInSeconds: 3600, scopes: spotify.scopes, idToken: null });
    const renewed = await requestRefresh(spotify, String(tokens.refreshToken));
    if (renewed.kind !== 'answered') throw new Error(renewed.kind);
    const fresh = await verifyRefresh(spotify, renewed);
    expect(fresh.refreshToken).not.toBe(tokens.refreshToken);
    const stale = await requestRefresh(spotify, String(tokens.refreshToken));
    expect(stale.kind === 'answered' && classifyAnswer(spotify, stale)).toBe('code_rejected');
    await expect(revokeToken(spotify, String(fresh.refreshToken))).resolves.toBe('unsupported');
  });

  it('signs in with Apple by a secret made for each request, and takes the consent back by the refresh token', async () => {
    const apple = configured('apple');
    const { fields } = await consentByForm(
      String(apple.as.authorization_endpoint),
      {
        client_id: apple.clientId,
        response_type: 'code id_token',
        response_mode: 'form_post',
        redirect_uri: redirectUri,
        scope: apple.scopes.join(' '),
        state: 'state',
        nonce: 'n',
      },
      { user: 'apple-listener' },
    );
    const params = { code: fields.code ?? '', state: fields.state ?? '' };
    const attempt = await requestTokens(apple, { params, state: 'state', verifier: null, redirectUri });
    if (attempt.kind !== 'answered') throw new Error(attempt.kind);
    const { idToken, accessToken, refreshToken } = await verifyTokens(apple, { nonce: 'n' }, attempt);
    expect(idToken).toEqual({
      subject: expect.stringMatching(/^\d{6}\.[0-9a-f]{32}\.\d{4}$/),
      email: expect.stringMatching(/@privaterelay\.appleid\.com$/),
      emailVerified: true,
      emailPrivate: true,
      name: null,
    });
    const subject = idToken?.subject ?? '';
    const early = fields.id_token ?? '';
    expect(await vouchedFor(apple, early, { subject, nonce: 'n' })).toBe(true);
    expect(await vouchedFor(apple, early, { subject, nonce: 'another' })).toBe(false);
    expect(await vouchedFor(apple, early, { subject: 'another', nonce: 'n' })).toBe(false);
    expect(await vouchedFor({ ...apple, clientId: 'another' }, early, { subject, nonce: 'n' })).toBe(false);
    expect(await vouchedFor(apple, `${early.slice(0, -4)}AAAA`, { subject, nonce: 'n' })).toBe(false);
    await expect(revokeTokens(apple, { accessToken, refreshToken })).resolves.toBe('revoked');
    const stale = await requestRefresh(apple, String(refreshToken));
    expect(stale.kind === 'answered' && classifyAnswer(apple, stale)).toBe('code_rejected');
  });

  it('signs in with GitHub, asks who it is, and takes the whole consent back', async () => {
    const github = configured('github');
    const attempt = await requestTokens(github, await signIn(github));
    if (attempt.kind !== 'answered') throw new Error(attempt.kind);
    const tokens = await verifyTokens(github, { nonce: null }, attempt);
    expect(tokens).toMatchObject({
      refreshToken: null,
      expiresInSeconds: null,
      scopes: ['read:user', 'user:email'],
      idToken: null,
    });
    await expect(github.fetchIdentity?.(tokens)).resolves.toEqual({
      subject: expect.stringMatching(/^\d+$/),
      email: 'listener@example.test',
      emailVerified: true,
      emailPrivate: false,
      name: 'Odalys Brennvik',
    });
    await expect(revokeToken(github, tokens.accessToken)).resolves.toBe('revoked');
    await expect(github.fetchIdentity?.(tokens)).rejects.toMatchObject({ failure: 'unauthorized' });
    await expect(revokeTokens(github, tokens)).resolves.toBe('already_gone');
  });

  it('can say that it could not revoke, and that there is nothing to revoke', async () => {
    for (const name of ['google', 'apple', 'github'] as const) {
      const provider = configured(name);
      await expect(revokeTokens(provider, { accessToken: null, refreshToken: null })).resolves.toBe('already_gone');
    }
    const away = oauthProviders(loadConfig({ SANDBOX_URL: 'http://127.0.0.1:9', VAULT_KEYS: vaultKey }));
    for (const provider of [away.google, away.apple, away.github])
      if (provider) await expect(revokeToken(provider, 'token')).resolves.toBe('failed');
  });

  it('leaves out providers that nobody configured', () => {
    expect(oauthProviders(loadConfig({ VAULT_KEYS: vaultKey }))).toMatchObject({
      google: null,
      apple: null,
      github: null,
      spotify: null,
    });
  });

  it('uses the real addresses, over TLS only, with credentials of our own', () => {
    const own = loadConfig({
      VAULT_KEYS: vaultKey,
      GOOGLE_CLIENT_ID: 'g',
      GOOGLE_CLIENT_SECRET: 's',
      SPOTIFY_CLIENT_ID: 'c',
      SPOTIFY_CLIENT_SECRET: 's',
    });
    const { google, spotify } = oauthProviders(own);
    expect(google).toMatchObject({
      allowInsecure: false,
      as: { issuer: 'https://accounts.google.com' },
      formerAs: { issuer: 'accounts.google.com' },
    });
    expect(spotify).toMatchObject({
      allowInsecure: false,
      as: { token_endpoint: 'https://accounts.spotify.com/api/token' },
      revoke: null,
    });
  });
});
