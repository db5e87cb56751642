import type { Browser } from './browser';
import type { Page } from './contract';
import { DemoFailure } from './demo-failure';

/** An answer that refuses, with the problem's code. */
export class Refusal extends DemoFailure {
  constructor(
    readonly call: string,
    readonly status: number,
    readonly code: string | null,
    detail: string,
  ) {
    super(`${call} was refused with ${status}${code ? ` (${code})` : ''}${detail ? `: ${detail}` : ''}.`);
  }
}

/** The API as one signed-in person uses it. Paths are relative to `/api/v1/`. */
export class Person {
  readonly #browser: Browser;
  readonly #api: string;

  constructor(browser: Browser, api: string) {
    this.#browser = browser;
    this.#api = api;
  }

  /**
   * Walks a sign-in or connect flow as an account of the sandbox.
   *
   * @param flow its path, as `auth/google`
   * @returns what the flow's end put into the address
   */
  async agree(flow: string, user: string): Promise<URLSearchParams> {
    const start = new URL(`/api/v1/${flow}/start?returnTo=/`, this.#api);
    const landed = await this.#browser.agree(start, { user, home: this.#api });
    if (landed.searchParams.get('result') === 'ok') return landed.searchParams;
    throw new DemoFailure(`${flow} ended with ${landed.searchParams.get('error') ?? 'no result'}.`);
  }

  get<T>(path: string): Promise<T> {
    return this.#json<T>('GET', path);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#json<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#json<T>('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>('PATCH', path, body);
  }

  delete(path: string): Promise<unknown> {
    return this.#json('DELETE', path);
  }

  /** Every page of a list. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<T> = await this.get<Page<T>>(`${path}${path.includes('?') ? '&' : '?'}limit=100${next}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  /** An open stream of server-sent events. */
  events(path: string, { lastEventId, signal }: { lastEventId: string; signal: AbortSignal }): Promise<Response> {
    const headers = { accept: 'text/event-stream', ...(lastEventId ? { 'last-event-id': lastEventId } : {}) };
    return this.#browser.request(this.#url(path), { headers, signal });
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.#browser.request(this.#url(path), {
      method,
      headers: {
        accept: 'application/json',
        origin: this.#api,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return (text ? JSON.parse(text) : undefined) as T;
    throw refusalOf(`${method} ${path}`, response.status, text);
  }

  #url(path: string): URL {
    return new URL(`/api/v1/${path}`, this.#api);
  }
}

function refusalOf(call: string, status: number, text: string): Refusal {
  try {
    const { code = null, detail = '' } = JSON.parse(text) as { code?: string; detail?: string };
    return new Refusal(call, status, code, detail.replace(/\.$/, ''));
  } catch {
    return new Refusal(call, status, null, '');
  }
}
