import { loadConfig } from '../../../adapters/environment/config';
import { basic, caller, consent, postForm, redirectUri } from './visitor';

export const oauthApp = 'sandbox-github';
export const githubApp = 'sandbox-github-app';

const json = { accept: 'application/json' };
const vaultKey = `test:${Buffer.alloc(32, 7).toString('base64url')}`;

export function credentials(clientId: string): { client_id: string; client_secret: string } {
  return { client_id: clientId, client_secret: `${clientId}-secret` };
}

/** What a client does at the sandbox's GitHub, at the addresses that the configuration gives. */
export function githubVisitor(sandboxUrl: string) {
  const github = loadConfig({ SANDBOX_URL: sandboxUrl, VAULT_KEYS: vaultKey }).github;
  if (!github) throw new Error('GitHub is not configured');
  const { issuer, authorizeUrl, tokenUrl, apiUrl } = github;

  const approve = (user: string, clientId = oauthApp, extra: Record<string, string> = {}) => {
    const request = {
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: 'read:user user:email',
      state: 'the state',
    };
    return consent(authorizeUrl, { ...request, ...extra }, { user });
  };
  const exchange = (code: string | null, extra: Record<string, string> = {}, clientId = oauthApp) =>
    postForm(tokenUrl, { code: code ?? '', ...credentials(clientId), ...extra }, json);
  const signIn = async (user = 'listener', clientId = oauthApp, extra: Record<string, string> = {}) => {
    const { body } = await exchange((await approve(user, clientId, extra)).get('code'), {}, clientId);
    if (!body['access_token']) throw new Error(JSON.stringify(body));
    return body;
  };
  const refresh = (token: unknown) => {
    const form = { grant_type: 'refresh_token', refresh_token: String(token), ...credentials(githubApp) };
    return postForm(tokenUrl, form, json);
  };
  const api = (token: unknown) => caller(apiUrl, token);
  const statusOf = async (token: unknown) => (await api(token)('GET', '/user')).status;
  const emails = async (token: unknown) =>
    (await api(token)('GET', '/user/emails')).body as unknown as {
      email: string;
      primary: boolean;
      verified: boolean;
    }[];

  /** Asks about a token or ends it, as the app itself. */
  const ask = async (method: string, path: string, body?: object, clientId = oauthApp, headers = basic(clientId)) => {
    const response = await fetch(`${apiUrl}/applications/${clientId}/${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
  };
  return { issuer, authorizeUrl, tokenUrl, apiUrl, approve, exchange, signIn, refresh, api, statusOf, emails, ask };
}
