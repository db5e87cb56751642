import { decodeJwt, importPKCS8, SignJWT } from 'jose';
import { loadConfig } from '../../../adapters/environment/config';
import { sandboxAppleKey } from '../../../adapters/environment/sandbox-apple-key';
import { consentByForm, postForm, redirectUri } from './visitor';

export const appleRequest = {
  client_id: 'sandbox-apple',
  response_type: 'code',
  response_mode: 'form_post',
  redirect_uri: redirectUri,
  scope: 'name email',
  state: 'the "state" & more',
  nonce: 'the nonce',
};

/** A client secret that is right but for the parts that are given. */
export interface SecretParts {
  kid?: string;
  iss?: string;
  sub?: string;
  aud?: string;
  lifeSeconds?: number;
  key?: Parameters<SignJWT['sign']>[0];
}

const vaultKey = `test:${Buffer.alloc(32, 7).toString('base64url')}`;

/** What a client does at the sandbox's Apple, at the addresses that the configuration gives. */
export function appleVisitor(sandboxUrl: string) {
  const apple = loadConfig({ SANDBOX_URL: sandboxUrl, VAULT_KEYS: vaultKey }).apple;
  if (!apple) throw new Error('Apple is not configured');
  const { issuer, authorizeUrl, tokenUrl, revokeUrl, jwksUrl } = apple;

  async function clientSecret(parts: SecretParts = {}): Promise<string> {
    const { teamId, keyId, privateKey } = sandboxAppleKey();
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: parts.kid ?? keyId })
      .setIssuer(parts.iss ?? teamId)
      .setSubject(parts.sub ?? 'sandbox-apple')
      .setAudience(parts.aud ?? issuer)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + (parts.lifeSeconds ?? 300))
      .sign(parts.key ?? (await importPKCS8(privateKey, 'ES256')));
  }
  const send = async (url: string, form: Record<string, string>) =>
    postForm(url, { client_id: 'sandbox-apple', client_secret: await clientSecret(), ...form });
  const approve = (user = 'listener', extra: Record<string, string> = {}) =>
    consentByForm(authorizeUrl, { ...appleRequest, ...extra }, { user });
  const exchange = (code: string | undefined, extra: Record<string, string> = {}) =>
    send(tokenUrl, { grant_type: 'authorization_code', code: code ?? '', redirect_uri: redirectUri, ...extra });
  const refresh = (token: unknown) => send(tokenUrl, { grant_type: 'refresh_token', refresh_token: String(token) });
  const revoke = (token: unknown, extra: Record<string, string> = {}) =>
    send(revokeUrl, { token: String(token), token_type_hint: 'refresh_token', ...extra });
  const signIn = async (user = 'listener') => {
    const { fields } = await approve(user);
    const answer = await exchange(fields['code']);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return { fields, tokens: answer.body, claims: decodeJwt(String(answer.body['id_token'])) };
  };
  return {
    issuer,
    authorizeUrl,
    tokenUrl,
    revokeUrl,
    jwksUrl,
    clientSecret,
    approve,
    exchange,
    refresh,
    revoke,
    signIn,
  };
}
