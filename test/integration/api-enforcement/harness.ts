import type { Dependencies } from '../../../api/dependencies';
import { startApi, type ApiUnderTest } from '../api/api-under-test';
import { fakeDispatcher, Rows } from './rows';

type Answer = Awaited<ReturnType<ApiUnderTest['call']>>;

export interface Caller {
  id: string;
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** Posts a body as it is. */
  upload: (path: string, raw: string | Uint8Array, headers: Record<string, string>) => Promise<Answer>;
}

export interface Harness {
  api: ApiUnderTest;
  rows: Rows;
  started: string[];
  /** A new person; paths are below `/api/v1/`. */
  person: (options?: Parameters<ApiUnderTest['person']>[0]) => Promise<Caller>;
}

/** The API with a dispatcher that starts nothing, and a way to put rows in beside it. */
export async function startHarness(
  overrides: Partial<Dependencies> = {},
  environment: Record<string, string> = {},
): Promise<Harness> {
  const dispatcher = fakeDispatcher();
  const api = await startApi({ overrides: { dispatcher, ...overrides }, environment });
  return {
    api,
    rows: new Rows(api.deps.orm),
    started: dispatcher.started,
    async person(options) {
      const { id, token } = await api.person(options);
      return {
        id,
        get: (path, headers) => api.call('GET', `/api/v1/${path}`, { token, ...(headers ? { headers } : {}) }),
        send: (method, path, body, headers) =>
          api.call(method, `/api/v1/${path}`, { token, body, ...(headers ? { headers } : {}) }),
        upload: (path, raw, headers) => api.call('POST', `/api/v1/${path}`, { token, raw, headers }),
      };
    },
  };
}

/** `[status, code]` of a problem, or `[status, undefined]`. */
export const outcome = (answer: Answer): [number, unknown] => [answer.status, answer.body.code];

/** The items of a page. */
export const itemsOf = (answer: Answer): Record<string, unknown>[] => answer.body.items as Record<string, unknown>[];

/** Walks all pages of a list. */
export async function allPages(caller: Caller, path: string, limit: number): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let cursor = ''; ;) {
    const page = await caller.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`);
    if (page.status !== 200) throw new Error(page.text);
    if (itemsOf(page).length > limit) throw new Error('a page is longer than asked for');
    items.push(...itemsOf(page));
    if (page.body.nextCursor === null) return items;
    cursor = `&cursor=${encodeURIComponent(String(page.body.nextCursor))}`;
  }
}

/** An id of nobody's. */
export const unknownId = '01890000-0000-7000-8000-000000000000';
