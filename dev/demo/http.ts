import type { Fetch } from './browser';
import { DemoFailure } from './demo-failure';
import { curlLines, type ShownCall } from './transcript';

/** How the demo talks to the system. */
export interface HttpOptions {
  /** Ends every call under way, as when the person presses Ctrl-C. Asked for each call. */
  signal: () => AbortSignal;
  /** Where `--curl` prints; null without it. */
  show: ((line: string) => void) | null;
  /** Calls to this origin's `/api/` are shown as the person's own. */
  api: string;
}

/** Milliseconds that any answer but a stream may take. */
const patience = 30_000;

/** One HTTP call, shown where that was asked for. Throws DemoFailure where nobody answers. */
export function createFetch({ signal: signalNow, show, api }: HttpOptions): Fetch {
  return async (url, init) => {
    const signal = signalNow();
    const method = init.method ?? 'GET';
    const streaming = isStream(init);
    const signals = [
      signal,
      ...(init.signal ? [init.signal] : []),
      ...(streaming ? [] : [AbortSignal.timeout(patience)]),
    ];
    let response: Response;
    try {
      response = await fetch(url, { ...init, signal: AbortSignal.any(signals) });
    } catch (error) {
      if (signal.aborted || init.signal?.aborted) throw error;
      throw new DemoFailure(`${url.origin} does not answer (${method} ${url.pathname}).`, { cause: error });
    }
    if (show) curlLines(await shownCall({ url, init, api, response })).forEach(show);
    return response;
  };
}

const isStream = (init: RequestInit) => new Headers(init.headers).get('accept') === 'text/event-stream';

interface AnsweredCall {
  url: URL;
  init: RequestInit;
  api: string;
  response: Response;
}

async function shownCall({ url, init, api, response }: AnsweredCall): Promise<ShownCall> {
  const streams = isStream(init);
  const json = !streams && (response.headers.get('content-type') ?? '').includes('json');
  const target = response.headers.get('location');
  const type = new Headers(init.headers).get('content-type') ?? '';
  return {
    method: init.method ?? 'GET',
    url: url.href,
    asPerson: url.origin === api && url.pathname.startsWith('/api/') && !/\/(?:start|callback)$/.test(url.pathname),
    ...(typeof init.body === 'string' ? { body: { type, text: init.body } } : {}),
    streams,
    status: response.status,
    answer: json ? await response.clone().text() : streams ? '(events)' : target ? `-> ${target}` : '',
  };
}
