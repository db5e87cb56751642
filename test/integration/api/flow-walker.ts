import type { Browser, PostedForm } from './browser';

/** A provider as a flow through the sandbox sees it. */
export interface Facts {
  /** Below `/api/v1`. */
  base: string;
  /** The token endpoint, and the calls that tell who it is where there are any, as the sandbox's faults name them. */
  token: Place;
  identity: Place[];
  /** The call that takes tokens back; null where there is none. */
  revoke: Place | null;
  /** Whether the answer comes in a form that posts itself. */
  posts: boolean;
  /** How it words a refused code. */
  refusedCode: { status: number; body: unknown };
}
interface Place {
  service: string;
  method: string;
  route: string;
}
const post = (service: string, route: string): Place => ({ service, method: 'POST', route });
const get = (service: string, route: string): Place => ({ service, method: 'GET', route });

export const facts = {
  google: {
    base: '/auth/google',
    token: post('google', '/token'),
    identity: [],
    revoke: post('google', '/revoke'),
    posts: false,
    refusedCode: { status: 400, body: { error: 'invalid_grant' } },
  },
  apple: {
    base: '/auth/apple',
    token: post('apple', '/auth/token'),
    identity: [],
    revoke: post('apple', '/auth/revoke'),
    posts: true,
    refusedCode: { status: 400, body: { error: 'invalid_grant' } },
  },
  github: {
    base: '/auth/github',
    token: post('github', '/login/oauth/access_token'),
    identity: [get('github', '/api/user'), get('github', '/api/user/emails')],
    revoke: { service: 'github', method: 'DELETE', route: '/api/applications/{client_id}/grant' },
    posts: false,
    refusedCode: { status: 200, body: { error: 'bad_verification_code', error_description: 'no', error_uri: '/' } },
  },
  spotify: {
    base: '/connections/spotify',
    token: post('spotify-accounts', '/api/token'),
    identity: [get('spotify', '/me')],
    revoke: null,
    posts: false,
    refusedCode: { status: 400, body: { error: 'invalid_grant' } },
  },
} satisfies Record<string, Facts>;
export type ProviderName = keyof typeof facts;
export const providerNames = Object.keys(facts) as ProviderName[];

/** How a provider sends a browser back: fields for our callback, in its address or in a form. */
export interface Return {
  callback: string;
  fields: Record<string, string>;
  posted: boolean;
  /** Of the provider's page. */
  origin: string;
}

const plain = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

function formOf(page: string, address: string): { action: string; fields: Record<string, string> } {
  const inputs = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const [, action = ''] = /<form[^>]*action="([^"]*)"/.exec(page) ?? [];
  return {
    action: new URL(plain(action), address).href,
    fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, plain(value)])),
  };
}

/** Fills in a provider's consent page, and says how it would send the browser back. */
export async function decide(
  browser: Browser,
  authorize: string,
  { user, decision = 'approve' }: { user: string; decision?: string },
): Promise<Return> {
  const shown = await browser.fetch(authorize);
  const page = formOf(await shown.text(), authorize);
  const answer = await browser.fetch(page.action, {
    method: 'POST',
    body: new URLSearchParams({ ...page.fields, user, decision }),
  });
  const { origin } = new URL(authorize);
  const location = answer.headers.get('location');
  if (location) {
    const url = new URL(location);
    const callback = url.origin + url.pathname;
    return { callback, fields: Object.fromEntries(url.searchParams), posted: false, origin };
  }
  const { action, fields } = formOf(await answer.text(), authorize);
  return { callback: action, fields, posted: true, origin };
}

/** Opens a start address, goes to the provider and decides there. */
export async function consent(
  browser: Browser,
  start: string,
  choice: { user: string; decision?: string },
): Promise<Return> {
  const redirect = await browser.fetch(start);
  if (redirect.status !== 302) throw new Error(`start answered ${redirect.status} ${await redirect.text()}`);
  return decide(browser, redirect.headers.get('location') ?? '', choice);
}

/** The same way back with other fields; undefined takes one out. */
export function altered(way: Return, fields: Record<string, string | undefined>): Return {
  const kept = Object.entries({ ...way.fields, ...fields }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...way, fields: Object.fromEntries(kept) };
}

export type Client = 'browser' | 'program';
const accepts: Record<Client, string> = {
  browser: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  program: 'application/json',
};

/** Opens our callback in the way the provider asks for. */
export function arrive(browser: Browser, way: Return, client: Client = 'browser'): Promise<Response> {
  const headers = { accept: accepts[client] };
  const form: PostedForm = { action: way.callback, fields: way.fields, origin: way.origin };
  if (way.posted) return browser.submit(form, headers);
  return browser.fetch(`${way.callback}?${new URLSearchParams(way.fields)}`, { headers });
}

/** What a callback said, in whichever way it was asked. */
export interface Landing {
  /** `ok`, `restarted`, or the code of a failure. */
  ended: string;
  status: number;
  /** Where the browser is sent; null for a program that isn't sent anywhere. */
  location: URL | null;
  type: string;
}

export async function landingOf(answer: Response, ourOrigin: string): Promise<Landing> {
  const type = answer.headers.get('content-type') ?? '';
  const to = answer.headers.get('location');
  const common = { status: answer.status, type, location: to ? new URL(to) : null };
  if (common.location) {
    const { origin, searchParams } = common.location;
    if (origin !== ourOrigin) return { ...common, ended: 'restarted' };
    return { ...common, ended: searchParams.get('error') ?? searchParams.get('result') ?? '' };
  }
  const body = (await answer.json()) as { code?: string; result?: string };
  return { ...common, ended: body.code ?? body.result ?? '' };
}
