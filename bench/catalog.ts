import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../adapters/postgres/ids';
import { openOrm } from '../adapters/postgres/orm';
import { createPersonalToken } from '../adapters/postgres/personal-tokens';
import { freePort } from '../dev/engines/free-port';
import { bundleWorkflows } from '../workers/bundle';
import { madeUpArtists, searchesFor } from './catalog/made-up-artists';
import type { Cleanup } from './cleanup';
import { startEngines } from './engines';
import { startApiProcess, startWorkerProcess } from './processes';
import { type Figure, percentile, reported } from './report';

const searches = 300;
/** The first ones pay for connections and for reading the indexes. */
const warmUp = 30;
const megabyte = 1_000_000;

/**
 * `npm run bench -- catalog [ARTISTS]`: so many artists (100,000) with aliases are given to `POST artists/import` as lines of a dump,
 * and then searched for by name, by beginning and misspelt. Their names are real ones as far as those go, the others made of them.
 */
export async function benchCatalog([size = '100000']: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const { artists, realNames } = madeUpArtists(Number(size));
  const { folder, databaseUrl, temporalAddress } = await startEngines(cleanup);
  const bundlePath = join(folder, 'workflow-bundle.js');
  writeFileSync(bundlePath, (await bundleWorkflows()).code);
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    RATE_LIMIT_REQUESTS: '1000000',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    DATA_DIR: folder,
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
    API_PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
  };
  const worker = await startWorkerProcess(cleanup, { environment, bundlePath });
  const url = await startApiProcess(cleanup, environment);
  const orm = await openOrm(databaseUrl, { max: 2 });
  cleanup.add(() => orm.close(true));
  const em = orm.em.fork();
  const userId = newId();
  await em.execute(`insert into users (id, display_name) values (?, 'Somebody')`, [userId]);
  await em.execute(`insert into user_roles (user_id, role) values (?, 'admin')`, [userId]);
  const expiresAt = new Date(Date.now() + 86_400_000);
  const scopes = ['read', 'write', 'admin'] as const;
  const { token } = await createPersonalToken(em, { userId, name: 'bench', scopes: [...scopes], expiresAt });
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) };
    const answer = await fetch(`${url}/api/v1/${path}`, { ...init, headers });
    const body = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`);
    return body;
  };

  console.error(`importing ${artists.length} artists, ${realNames} of them by real names …`);
  const begunAt = performance.now();
  const started = await call('artists/import?kind=artists', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: artists.map((artist) => JSON.stringify(artist)).join('\n'),
  });
  const acceptedAt = performance.now();
  for (let status: unknown; status !== 'completed'; await delay(250)) {
    status = (await call(`jobs/${String(started.jobId)}`)).status;
    if (status === 'failed') throw new Error('The import failed.');
  }
  const endedAt = performance.now();
  const memory = await worker.peakMemory();
  const [kept] = await em.execute<{ artists: number; aliases: number }[]>(
    `select (select count(*)::int from artists) as artists, (select count(*)::int from artist_aliases) as aliases`,
  );
  if (kept?.artists !== artists.length) throw new Error('Not every artist was taken.');

  console.error('searching …');
  const taken: number[] = [];
  for (const [n, query] of searchesFor(artists, searches + warmUp).entries()) {
    const askedAt = performance.now();
    await call(`artists?query=${encodeURIComponent(query)}`);
    if (n >= warmUp) taken.push(performance.now() - askedAt);
  }
  const seconds = (from: number, to: number) => (to - from) / 1_000;
  return [
    reported('artists', artists.length, ''),
    reported('of them by real names', realNames, ''),
    reported('aliases', kept.aliases, ''),
    reported('import: until the file is taken in', seconds(begunAt, acceptedAt), 's'),
    reported('import: until all artists are in the catalog', seconds(begunAt, endedAt), 's'),
    reported('import: rows a second', artists.length / seconds(begunAt, endedAt), ''),
    reported('worker: most memory held', memory / megabyte, 'MB'),
    reported('search by name, median', percentile(taken, 0.5), 'ms'),
    reported('search by name, p95', percentile(taken, 0.95), 'ms'),
  ];
}
