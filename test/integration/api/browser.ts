interface Cookie {
  host: string;
  path: string;
  name: string;
  value: string;
  /** Whether a form of another site may send it along (`SameSite=None`). */
  crossSite: boolean;
}

/** A form on a page of another site's that posts itself, as `response_mode=form_post` has it. */
export interface PostedForm {
  action: string;
  fields: Record<string, string>;
  /** Of the page that it stands on. */
  origin: string;
}

/** A browser as far as sign-in needs one: cookies by host and path, redirects by hand, one form. */
export class Browser {
  readonly #cookies: Cookie[] = [];

  /** Cookies that a request to this address would carry; a POST from another site's page carries few. */
  cookiesFor(address: string, { crossSitePost = false } = {}): Record<string, string> {
    const { host, pathname } = new URL(address);
    const fitting = this.#cookies.filter(
      (cookie) => cookie.host === host && pathname.startsWith(cookie.path) && (cookie.crossSite || !crossSitePost),
    );
    return Object.fromEntries(fitting.map(({ name, value }) => [name, value]));
  }

  /** Sends a form that another site's page holds, and goes on where that leads within the callback, as browsers do. */
  async submit(form: PostedForm, headers: Record<string, string> = {}): Promise<Response> {
    const answer = await this.post(form, headers);
    const next = answer.headers.get('location');
    if (answer.status !== 303 || !next || new URL(next).pathname !== new URL(form.action).pathname) return answer;
    return this.fetch(next, { headers });
  }

  /** Sends the form and follows nothing. */
  post({ action, fields, origin }: PostedForm, headers: Record<string, string> = {}): Promise<Response> {
    const init = { method: 'POST', headers: { origin, ...headers }, body: new URLSearchParams(fields) };
    return this.fetch(action, init, { crossSitePost: true });
  }

  async fetch(address: string, init: RequestInit = {}, { crossSitePost = false } = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const sent = this.cookiesFor(address, { crossSitePost });
    const cookies = Object.entries(sent).map(([name, value]) => `${name}=${value}`);
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
    const response = await fetch(address, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#keep(new URL(address).host, line);
    return response;
  }

  /** Takes a cookie as if that address had set it. */
  take(address: string, line: string): void {
    this.#keep(new URL(address).host, line);
  }

  #keep(host: string, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split('=');
    const of = (wanted: string) =>
      attributes.find((part) => part.toLowerCase().startsWith(`${wanted}=`))?.split('=')[1];
    const path = of('path') ?? '/';
    const at = this.#cookies.findIndex((one) => one.host === host && one.path === path && one.name === name);
    if (at >= 0) this.#cookies.splice(at, 1);
    const expires = of('expires');
    const crossSite = of('samesite')?.toLowerCase() === 'none';
    const ended = expires !== undefined && new Date(expires) < new Date();
    if (value && !ended) this.#cookies.push({ host, path, name, value, crossSite });
  }

  /** Opens a start address and fills in the consent page; returns the callback's address without opening it. */
  async consent(start: string, { user, decision = 'approve' }: { user: string; decision?: string }): Promise<string> {
    const redirect = await this.fetch(start);
    if (redirect.status !== 302) throw new Error(`start answered ${redirect.status} ${await redirect.text()}`);
    return this.consentAt(redirect.headers.get('location') ?? '', { user, decision });
  }

  /** The same from the provider's own address on. */
  async consentAt(
    authorize: string,
    { user, decision = 'approve' }: { user: string; decision?: string },
  ): Promise<string> {
    const page = await (await this.fetch(authorize)).text();
    const fields: Record<string, string> = {};
    for (const [, name = '', value = ''] of page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g))
      fields[name] = value.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
    const [, action = ''] = /<form[^>]*action="([^"]*)"/.exec(page) ?? [];
    const answer = await this.fetch(new URL(action.replaceAll('&amp;', '&'), authorize).href, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, user, decision }),
    });
    return answer.headers.get('location') ?? '';
  }

  /** Opens a callback and says where it sends the browser. */
  async finish(callback: string): Promise<URL> {
    const response = await this.fetch(callback);
    const location = response.headers.get('location');
    if (response.status !== 303 || !location)
      throw new Error(`callback answered ${response.status} ${await response.text()}`);
    return new URL(location);
  }
}

export const query = (url: URL): Record<string, string> => Object.fromEntries(url.searchParams);
