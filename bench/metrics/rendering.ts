import { routes } from '../../api/routes';
import { providers } from '../../domain/capabilities';
import { createWorkerMetrics } from '../../workers/metrics';
import { atMost, type Figure, median, percentile, reported } from '../report';
import type { Api } from './side-by-side';

const scrapes = 100;
/** What each provider's client calls is less. */
const endpointsEach = 25;
const outcomes = [
  'ok',
  'rate_limited',
  'unauthorized',
  'forbidden',
  'not_found',
  'invalid',
  'unavailable',
  'outcome_unknown',
];

/** Asks every route as nobody, as a person who may only read, and with an id that can be none: each has its three answers then. */
export async function askEverything({ url }: Api, token: string): Promise<void> {
  for (const { method, path } of routes) {
    for (const [id, headers] of [
      ['01990000-0000-7000-8000-000000000000', {}],
      ['01990000-0000-7000-8000-000000000000', { authorization: `Bearer ${token}` }],
      ['none', { authorization: `Bearer ${token}` }],
    ] as const) {
      const stop = new AbortController();
      const address = `${url}/api/v1${path.replaceAll(/\{\w+\}/g, id)}`;
      await fetch(address, { method: method.toUpperCase(), headers, redirect: 'manual', signal: stop.signal });
      // Some answer with a stream that doesn't end.
      stop.abort();
    }
  }
}

/** How long a scrape of the API takes, as its scraper sees it. */
export async function scrapedApi({ metricsUrl }: Api): Promise<Figure[]> {
  const scrape = async () => {
    const begun = performance.now();
    const text = await fetch(`${metricsUrl}/metrics`).then((answer) => answer.text());
    return { ms: performance.now() - begun, text };
  };
  const first = await scrape();
  const taken: number[] = [];
  for (let n = 0; n < scrapes; n += 1) taken.push((await scrape()).ms);
  return [
    reported('API: lines of /metrics', first.text.split('\n').length, 'lines'),
    reported('API: a scrape that counts rows anew', first.ms, 'ms'),
    reported(`API: a scrape, p50 of ${scrapes}`, median(taken), 'ms'),
    atMost(20, `API: a scrape, p95 of ${scrapes}`, percentile(taken, 0.95), 'ms'),
  ];
}

/** How long a worker takes that has called every endpoint of its providers with every outcome. */
export async function renderedWorker(): Promise<Figure[]> {
  const { registry, onSpotifyCall, onAppleMusicCall } = createWorkerMetrics();
  for (const provider of providers)
    for (let n = 0; n < endpointsEach; n += 1)
      for (const outcome of outcomes) {
        const call = { endpoint: `/v1/me/endpoint/${n}`, outcome, seconds: n / 100 };
        if (provider === 'spotify') onSpotifyCall(call);
        else onAppleMusicCall(call);
      }
  const taken: number[] = [];
  let lines = 0;
  for (let n = 0; n < scrapes; n += 1) {
    const begun = performance.now();
    lines = (await registry.metrics()).split('\n').length;
    taken.push(performance.now() - begun);
  }
  return [
    reported('worker: lines of /metrics', lines, 'lines'),
    reported(`worker: rendering, p50 of ${scrapes}`, median(taken), 'ms'),
    atMost(20, `worker: rendering, p95 of ${scrapes}`, percentile(taken, 0.95), 'ms'),
  ];
}
