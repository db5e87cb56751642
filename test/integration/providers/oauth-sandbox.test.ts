import { loadConfig } from '../../../adapters/environment/config';
import {
  classifyAnswer,
  oauthProviders,
  requestRefresh,
  requestTokens,
  revokeToken,
  verifyRefresh,
  verifyTokens,
  type OauthProvider,
  type OauthProviders,
} from '../../../adapters/providers/oauth-exchange';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { consent, pkce, redirectUri } from '../sandbox/visitor';

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

  const configured = (name: 'google' | 'spotify'): OauthProvider => {
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

  it('leaves out providers that nobody configured', () => {
    expect(oauthProviders(loadConfig({ VAULT_KEYS: vaultKey }))).toEqual({ google: null, spotify: null });
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
      revokes: false,
    });
  });
});
