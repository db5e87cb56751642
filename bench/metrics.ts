import { join } from 'node:path';
import { newId } from '../adapters/postgres/ids';
import { type MikroORM, openOrm } from '../adapters/postgres/orm';
import { freePort } from '../dev/engines/free-port';
import { jobStatuses, jobTypes } from '../domain/jobs';
import type { Cleanup } from './cleanup';
import { type BenchEngines, startEngines } from './engines';
import { askEverything, renderedWorker, scrapedApi } from './metrics/rendering';
import { type Api, sideBySide } from './metrics/side-by-side';
import { startApiProcess } from './processes';
import type { Figure } from './report';
import { tokenOf } from './somebody-asking';

const jobs = 200_000;

/**
 * `npm run bench -- metrics [ROUNDS]`: how long `/metrics` takes once every route has been asked and there are many jobs to count, and how
 * many requests a second the API answers beside one that counts nothing.
 */
export async function benchMetrics(args: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const rounds = Number(args[0] ?? 30);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('ROUNDS must be a whole number from 1.');
  const engines = await startEngines(cleanup);
  const orm = await openOrm(engines.databaseUrl, { max: 2 });
  cleanup.add(() => orm.close(true));
  const token = await somebodyWithJobs(orm);
  const counting = await startApi(engines, cleanup);
  const without = await startApi(engines, cleanup, join('bench', 'metrics', 'without-metrics'));
  console.error(`asking every route, scraping over ${jobs.toLocaleString('en-US')} jobs …`);
  // Both, and both are scraped: whatever a process was asked before stays with its code and its heap.
  for (const api of [counting, without]) await askEverything(api, token);
  await scrapedApi(without);
  const rendering = [...(await scrapedApi(counting)), ...(await renderedWorker())];
  console.error('requests to an API that counts and to one that does not, in turn …');
  return [...rendering, ...(await sideBySide(counting, without, { token, rounds }))];
}

async function startApi(engines: BenchEngines, cleanup: Cleanup, preload?: string): Promise<Api> {
  const metricsPort = await freePort();
  const environment = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    DATABASE_URL: engines.databaseUrl,
    TEMPORAL_ADDRESS: engines.temporalAddress,
    DATA_DIR: engines.folder,
    RATE_LIMIT_REQUESTS: '1000000',
    API_PORT: String(await freePort()),
    METRICS_PORT: String(metricsPort),
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
  };
  return { url: await startApiProcess(cleanup, environment, preload), metricsUrl: `http://127.0.0.1:${metricsPort}` };
}

/** A person with jobs of all types and statuses. Returns a token that may only read. */
async function somebodyWithJobs(orm: MikroORM): Promise<string> {
  const em = orm.em.fork();
  const userId = newId();
  await em.execute(`insert into users (id, display_name) values (?, 'Somebody')`, [userId]);
  await em.execute(
    `insert into jobs (id, user_id, type, subject_type, workflow_id, status)
     select gen_random_uuid(), ?, (?::text[])[1 + n % ?], 'plan', 'made-up:' || n, (?::text[])[1 + n % ?] from generate_series(1, ?) n`,
    [userId, `{${jobTypes.join(',')}}`, jobTypes.length, `{${jobStatuses.join(',')}}`, jobStatuses.length, jobs],
  );
  await em.execute(`analyze jobs`);
  return tokenOf(em, userId);
}
