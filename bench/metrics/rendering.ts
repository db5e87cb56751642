import { routes } from '../../api/routes';
import { providers } from '../../domain/capabilities';
import { providerFailureClasses } from '../../domain/errors';
import { createWorkerMetrics } from '../../workers/metrics';
import { atMost, type Figure, median, percentile, reported } from '../report';
import type { Api } from './side-by-side';

const scrapes = 100;
/** What each provider's client calls is less. */
const endpointsEach = 25;
const outcomes = ['ok', ...providerFailureClasses];

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

/** How long the API takes to render, by its own clock, and how long a scrape takes its scraper, which has to read it all, too. */
export async function scrapedApi({ metricsUrl }: Api): Promise<Figure[]> {
  const scrape = async () => {
    const begun = performance.now();
    const answer = await fetch(`${metricsUrl}/metrics`);
    const rendering = /^render;dur=([\d.]+)$/.exec(answer.headers.get('server-timing') ?? '')?.[1];
    if (rendering === undefined) throw new Error('The API does not say how long it rendered.');
    const text = await answer.text();
    return { ms: performance.now() - begun, rendering: Number(rendering), text };
  };
  const first = await scrape();
  // A process is scraped four times a minute for as long as it lives: compiled by then, as requests' code is.
  for (let n = 0; n < scrapes; n += 1) await scrape();
  const taken: number[] = [];
  const rendered: number[] = [];
  for (let n = 0; n < scrapes; n += 1) {
    const { ms, rendering } = await scrape();
    taken.push(ms);
    rendered.push(rendering);
  }
  return [
    reported('API: lines of /metrics', first.text.split('\n').length, 'lines'),
    reported('API: a scrape that counts rows anew', first.ms, 'ms'),
    reported(`API: a scrape, p50 of ${scrapes}`, median(taken), 'ms'),
    reported(`API: a scrape, p95 of ${scrapes}`, percentile(taken, 0.95), 'ms'),
    reported(`API: rendering, p50 of ${scrapes}`, median(rendered), 'ms'),
    atMost(20, `API: rendering, p95 of ${scrapes}`, percentile(rendered, 0.95), 'ms'),
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
