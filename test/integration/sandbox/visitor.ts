import { createHash, randomBytes } from 'node:crypto';

export const redirectUri = 'http://127.0.0.1:9/callback';
export const everyScope = [
  'user-library-read',
  'user-library-modify',
  'user-follow-read',
  'user-follow-modify',
  'playlist-read-private',
  'playlist-read-collaborative',
  'playlist-modify-public',
  'playlist-modify-private',
].join(' ');

export interface Answer {
  status: number;
  headers: Headers;
  // Answers of a stand-in are looked into freely; what isn't there reads as undefined.
  body: Record<string, unknown>;
}

/** A PKCE pair. */
export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** A form that a browser is to send: where to, and its hidden fields. */
export interface SentForm {
  action: string;
  fields: Record<string, string>;
}

/** Opens a consent page, fills its form in as a person would, and gives back the query of the callback. */
export async function consent(
  page: string,
  parameters: Record<string, string>,
  choice: { user: string; decision?: string },
): Promise<URLSearchParams> {
  const sent = await decide(page, parameters, choice);
  const location = sent.headers.get('location');
  if (sent.status !== 302 || !location) throw new Error(`${sent.status} ${await sent.text()}`);
  return new URL(location).searchParams;
}

/** The same where the answer goes back in a form (`response_mode=form_post`), which is not sent here. */
export async function consentByForm(
  page: string,
  parameters: Record<string, string>,
  choice: { user: string; decision?: string },
): Promise<SentForm> {
  const sent = await decide(page, parameters, choice);
  const html = await sent.text();
  if (sent.status !== 200) throw new Error(`${sent.status} ${html}`);
  return readForm(html);
}

async function decide(
  page: string,
  parameters: Record<string, string>,
  choice: { user: string; decision?: string },
): Promise<Response> {
  const shown = await fetch(`${page}?${new URLSearchParams(parameters)}`);
  const html = await shown.text();
  if (shown.status !== 200) throw new Error(`${shown.status} ${html}`);
  const { action, fields } = readForm(html);
  const form = new URLSearchParams({ ...fields, user: choice.user, decision: choice.decision ?? 'approve' });
  return fetch(new URL(action, page), { method: 'POST', body: form, redirect: 'manual' });
}

function readForm(html: string): SentForm {
  const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  return {
    action: plain(/<form method="post" action="([^"]*)">/.exec(html)?.[1] ?? ''),
    fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, plain(value)])),
  };
}

/** Posts a form to a token endpoint. */
export async function postForm(url: string, form: Record<string, string>, headers = {}): Promise<Answer> {
  return read(await fetch(url, { method: 'POST', body: new URLSearchParams(form), headers }));
}

export function basic(clientId: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${clientId}-secret`).toString('base64')}` };
}

/**
 * Connects a person's Spotify account to an app and gives back the tokens; an app that is not one of the sandbox's own
 * shows no secret.
 */
export async function connectSpotify(
  url: string,
  user: string,
  scope = everyScope,
  clientId = 'sandbox-spotify',
): Promise<Record<string, unknown>> {
  const { verifier, challenge } = pkce();
  const callback = await consent(
    `${url}/spotify/authorize`,
    {
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope,
      state: 's',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    },
    { user },
  );
  const code = callback.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  const { status, body } = await spotifyTokens(url, form, clientId);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

/** Refreshes a Spotify token as the app that it was given to. */
export function refreshSpotify(url: string, refreshToken: unknown, clientId = 'sandbox-spotify'): Promise<Answer> {
  return spotifyTokens(url, { grant_type: 'refresh_token', refresh_token: String(refreshToken) }, clientId);
}

function spotifyTokens(url: string, form: Record<string, string>, clientId: string): Promise<Answer> {
  const tokenUrl = `${url}/spotify/api/token`;
  const isPublic = !clientId.startsWith('sandbox-');
  return isPublic ? postForm(tokenUrl, { ...form, client_id: clientId }) : postForm(tokenUrl, form, basic(clientId));
}

/** Calls with one access token below one address. */
export function caller(base: string, token: unknown) {
  return async (method: string, path: string, body?: unknown): Promise<Answer> =>
    read(
      await fetch(`${base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${String(token)}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    );
}

/** The sandbox's admin routes. */
export function admin(url: string) {
  return async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const answer = await caller(`${url}/admin`, '')(method, path, body);
    if (answer.status >= 400) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: unknown = {};
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    body = { text };
  }
  return { status: response.status, headers: response.headers, body: body as Record<string, unknown> };
}
