import { readForm } from './consent-form';
import { DemoFailure } from './demo-failure';

const mostHops = 20;

export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** A browser as far as signing in needs one: it keeps cookies per host, follows redirects and fills in the consent page. */
export class Browser {
  readonly #fetch: Fetch;
  readonly #jars = new Map<string, Map<string, string>>();

  constructor(fetchOne: Fetch) {
    this.#fetch = fetchOne;
  }

  async request(url: URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const jar = this.#jars.get(url.host) ?? new Map<string, string>();
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await this.#fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(jar, line);
    this.#jars.set(url.host, jar);
    return response;
  }

  /**
   * Goes from an address through redirects and one consent page back to a page of `home`, agreeing as `user`.
   *
   * @returns the page's address, whose query says how it ended
   */
  async agree(start: URL, { user, home }: { user: string; home: string }): Promise<URL> {
    let here = start;
    let response = await this.request(here);
    for (let hop = 0; hop < mostHops; hop += 1) {
      if (response.status >= 300 && response.status < 400) {
        here = new URL(response.headers.get('location') ?? '', here);
        if (here.origin === home && !here.pathname.startsWith('/api/')) return here;
        response = await this.request(here);
        continue;
      }
      const form = response.ok ? readForm(await response.text(), here) : null;
      if (!form)
        throw new DemoFailure(`${here.origin}${here.pathname} answered ${response.status} instead of a consent page.`);
      here = form.action;
      response = await this.request(here, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: here.origin },
        body: new URLSearchParams({ ...form.fields, user, decision: 'approve' }).toString(),
      });
    }
    throw new DemoFailure(`Too many redirects from ${start.origin}${start.pathname}.`);
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const pair = line.split(';')[0] ?? '';
  const at = pair.indexOf('=');
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
  if (value === '' || /expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
  else jar.set(name, value);
}
