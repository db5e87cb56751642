import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { resolveArtists } from '../adapters/catalog-index/resolve-artists';
import { VectorDatabase } from '../adapters/lancedb/database';
import { newId } from '../adapters/postgres/ids';
import { openOrm } from '../adapters/postgres/orm';
import { freePort } from '../dev/engines/free-port';
import { bundleWorkflows } from '../workers/bundle';
import { madeUpArtists, searchesFor } from './catalog/made-up-artists';
import type { Cleanup } from './cleanup';
import { startEngines } from './engines';
import { startApiProcess, startWorkerProcess } from './processes';
import { atMost, type Figure, percentile, reported } from './report';
import { tokenOf } from './somebody-asking';

const searches = 300;
/** The first ones pay for connections and for reading the indexes. */
const warmUp = 30;
const megabyte = 1_000_000;

/** For so many seconds the run is watched while it looks for doubles. */
const watched = 30;

/**
 * `npm run bench -- catalog [ARTISTS]`: so many artists (100,000) with aliases are given to `POST artists/import` as lines of a dump,
 * indexed, and then searched for by name, by beginning and misspelt, and resolved one at a time. Their names are real ones as far as
 * those go, the others made of them.
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
  const token = await tokenOf(em, userId, ['read', 'write', 'admin']);
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

  console.error('indexing …');
  const indexBegunAt = performance.now();
  const { jobId } = await call('artist-index', { method: 'POST' });
  const looked = async () => {
    const { status, progress } = await call(`jobs/${String(jobId)}`);
    if (status === 'failed') throw new Error('Indexing failed.');
    const { done } = progress as { done: number };
    // After names and styles are written and indexed every artist is looked at once more.
    return Math.max(0, done - 2 * artists.length);
  };
  while ((await looked()) === 0) await delay(250);
  const [indexedAt, before] = [performance.now(), await looked()];
  const indexMemory = await worker.peakMemory();
  const { tables } = await call('artist-index');
  const indexedRows = (tables as { rows: number | null }[]).reduce((sum, { rows }) => sum + (rows ?? 0), 0);
  await delay(watched * 1_000);
  const [compared, linkSeconds] = [(await looked()) - before, (performance.now() - indexedAt) / 1_000];
  await worker.stop();

  console.error('searching …');
  const queries = searchesFor(artists, searches + warmUp);
  const timed = async (ask: (query: string) => Promise<unknown>) => {
    const taken: number[] = [];
    for (const [n, query] of queries.entries()) {
      const askedAt = performance.now();
      await ask(query);
      if (n >= warmUp) taken.push(performance.now() - askedAt);
    }
    return taken;
  };
  const taken = await timed((query) => call(`artists?query=${encodeURIComponent(query)}`));
  console.error('resolving …');
  const vectors = new VectorDatabase(join(folder, 'lancedb'));
  cleanup.add(() => vectors.close());
  const known = { providerIds: {}, isrcs: [], titles: [], albums: [], genres: [] };
  const resolved = await timed((name) => resolveArtists(orm.em.fork(), vectors, [{ names: [name], ...known }]));
  const answered = await timed((name) =>
    call('artists/resolve', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ artists: [{ name }] }),
    }),
  );
  const seconds = (from: number, to: number) => (to - from) / 1_000;
  return [
    reported('artists', artists.length, ''),
    reported('of them by real names', realNames, ''),
    reported('aliases', kept.aliases, ''),
    reported('import: until the file is taken in', seconds(begunAt, acceptedAt), 's'),
    reported('import: until all artists are in the catalog', seconds(begunAt, endedAt), 's'),
    reported('import: rows a second', artists.length / seconds(begunAt, endedAt), ''),
    reported('import: worker, most memory held', memory / megabyte, 'MB'),
    reported('index: until names and styles can be searched', seconds(indexBegunAt, indexedAt), 's'),
    reported('index: rows', indexedRows, ''),
    reported('index: rows a second', indexedRows / seconds(indexBegunAt, indexedAt), ''),
    reported('index: worker, most memory held', indexMemory / megabyte, 'MB'),
    reported('index: artists compared with their likes a second', compared / linkSeconds, ''),
    reported('search by name, median', percentile(taken, 0.5), 'ms'),
    reported('search by name, p95', percentile(taken, 0.95), 'ms'),
    reported('one name resolved, median', percentile(resolved, 0.5), 'ms'),
    atMost(20, 'one name resolved, p95', percentile(resolved, 0.95), 'ms'),
    reported('one name resolved over HTTP, median', percentile(answered, 0.5), 'ms'),
    reported('one name resolved over HTTP, p95', percentile(answered, 0.95), 'ms'),
  ];
}
