import { readForm, type Form } from '../../dev/demo/consent-form';

interface Cookie {
  host: string;
  path: string;
  name: string;
  value: string;
  crossSite: boolean;
}

/** A browser as far as cookies go: by host and path, and on a form of another site's only those with `SameSite=None`. */
export class Browser {
  #cookies: Cookie[] = [];

  async open(url: URL): Promise<Response> {
    return this.#request(url, {}, false);
  }

  /** Sends a form that stands on the page `from`. */
  async send({ action, fields }: Form, from: URL): Promise<Response> {
    const init = { method: 'POST', headers: { origin: from.origin }, body: new URLSearchParams(fields) };
    return this.#request(action, init, from.hostname !== action.hostname);
  }

  async #request(
    url: URL,
    init: { method?: string; headers?: Record<string, string>; body?: URLSearchParams },
    crossSite: boolean,
  ) {
    const sent = this.#cookies.filter(
      ({ host, path, crossSite: everywhere }) =>
        host === url.host && url.pathname.startsWith(path) && (everywhere || !crossSite),
    );
    const cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html,*/*;q=0.8', ...init.headers, ...(cookie ? { cookie } : {}) },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(url.host, line);
    return response;
  }

  #keep(host: string, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(name.length + 1);
    const of = (wanted: string) =>
      attributes.find((part) => part.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = of('path') ?? '/';
    this.#cookies = this.#cookies.filter((one) => one.host !== host || one.path !== path || one.name !== name);
    const crossSite = of('samesite')?.toLowerCase() === 'none';
    const ended = value === '' || new Date(of('expires') ?? Infinity) < new Date();
    if (!ended) this.#cookies.push({ host, path, name, value, crossSite });
  }
}

/** The page's only form. */
export async function formOf(response: Response, here: URL): Promise<Form> {
  const form = response.ok ? readForm(await response.text(), here) : null;
  if (!form) throw new Error(`${here.origin}${here.pathname} answered ${response.status} and no form`);
  return form;
}
