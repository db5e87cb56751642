import { Pool } from 'undici';
import { atMost, type Figure, median, reported } from '../report';

/** How long a round takes. */
const roundMs = 1_500;
const atOnce = 8;
/** As often as Prometheus scrapes by default here, in milliseconds. */
const scrapeEveryMs = 15_000;

export interface Api {
  url: string;
  metricsUrl: string;
}

/**
 * Requests a second of an API that counts and of one that doesn't, in turn on the same machine and the same rows, one busy while the other
 * rests; the cost is the middle one of the differences of neighbouring rounds, so that what the machine does besides falls out.
 */
export async function sideBySide(
  counting: Api,
  without: Api,
  { token, rounds }: { token: string; rounds: number },
): Promise<Figure[]> {
  const scraping = setInterval(() => {
    for (const { metricsUrl } of [counting, without])
      void fetch(`${metricsUrl}/metrics`).then((answer) => answer.text());
  }, scrapeEveryMs);
  const urls: [string, string] = [counting.url, without.url];
  try {
    const bare = await compared(urls, { path: '/healthz', headers: {}, rounds });
    const headers = { authorization: `Bearer ${token}` };
    const hot = await compared(urls, { path: '/api/v1/auth/session', headers, rounds });
    if (!(await countsRequests(counting)) || (await countsRequests(without)))
      throw new Error('The one that should count does not, or the other one does.');
    return [
      reported('requests of a session, counted', hot.counted, '1/s'),
      reported('requests of a session, not counted', hot.notCounted, '1/s'),
      atMost(2, 'what counting costs them', hot.costPercent, '%'),
      reported('requests that ask nothing (/healthz), counted', bare.counted, '1/s'),
      reported('requests that ask nothing, not counted', bare.notCounted, '1/s'),
      reported('what counting costs those', bare.costPercent, '%'),
    ];
  } finally {
    clearInterval(scraping);
  }
}

interface Load {
  path: string;
  headers: Record<string, string>;
}

async function compared(urls: [string, string], { rounds, ...load }: Load & { rounds: number }) {
  const pools = urls.map((url) => new Pool(url, { connections: atOnce }));
  const [a, b] = pools.map((pool) => () => requestsASecond(pool, load));
  if (!a || !b) throw new Error('There are two of them.');
  for (const warm of [a, b, a, b]) await warm();
  const pairs: { counted: number; not: number }[] = [];
  for (let n = 0; n < rounds; n += 1) {
    // Whoever goes first in a pair goes second in the next.
    const first = n % 2 === 0 ? await a() : await b();
    const second = n % 2 === 0 ? await b() : await a();
    pairs.push(n % 2 === 0 ? { counted: first, not: second } : { counted: second, not: first });
  }
  await Promise.all(pools.map((pool) => pool.close()));
  return {
    counted: median(pairs.map(({ counted }) => counted)),
    notCounted: median(pairs.map(({ not }) => not)),
    costPercent: 100 * median(pairs.map(({ counted, not }) => 1 - counted / not)),
  };
}

async function requestsASecond(pool: Pool, load: Load): Promise<number> {
  const begun = performance.now();
  let answered = 0;
  const lane = async () => {
    while (performance.now() - begun < roundMs) {
      const { statusCode, body } = await pool.request({ method: 'GET', ...load });
      await body.text();
      if (statusCode !== 200) throw new Error(`The API answered ${statusCode}.`);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (answered * 1_000) / (performance.now() - begun);
}

const countsRequests = async ({ metricsUrl }: Api): Promise<boolean> =>
  (await (await fetch(`${metricsUrl}/metrics`)).text()).includes('http_request_duration_seconds_count{');
