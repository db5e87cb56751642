import { createGraphSyncActivities, type GraphSyncPlace } from '../activities/graph-sync';
import { openGraph } from '../adapters/neo4j/graph';
import { newId } from '../adapters/postgres/ids';
import { type MikroORM, openOrm } from '../adapters/postgres/orm';
import { createPersonalToken } from '../adapters/postgres/personal-tokens';
import { freePort } from '../dev/engines/free-port';
import { startNeo4j } from '../dev/engines/neo4j';
import { projectRoot } from '../dev/engines/project-root';
import { join } from 'node:path';
import type { Cleanup } from './cleanup';
import { startEngines } from './engines';
import { fillCatalog } from './graph/made-up-catalog';
import { startApiProcess } from './processes';
import { atMost, type Figure, reported } from './report';

/** Questions of each kind; their 95th percentile is reported. */
const questions = 200;

/**
 * `npm run bench -- graph [ARTISTS]`: a catalog of so many artists (100,000), and five times as many collaborations, taken
 * over as a whole and after a change, and then asked about over HTTP.
 */
export async function benchGraph([size = '100000']: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const artists = Number(size);
  const { folder, databaseUrl, temporalAddress } = await startEngines(cleanup);
  const neo4j = await startNeo4j({
    dataDir: folder,
    cacheDir: process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines'),
    port: await freePort(),
  });
  cleanup.add(() => neo4j.stop());
  const address = { NEO4J_URI: neo4j.url, NEO4J_USER: neo4j.user, NEO4J_PASSWORD: neo4j.password };
  const orm = await openOrm(databaseUrl, { max: 10 });
  cleanup.add(() => orm.close(true));
  const graph = openGraph(address);
  cleanup.add(() => graph?.close());
  await fillCatalog(orm, artists);
  const activities = createGraphSyncActivities({ orm, graph });

  /** As its workflow does it; seconds, and what it wrote. */
  async function sync(): Promise<{ seconds: number; collaborations: number }> {
    const begunAt = performance.now();
    const begun = await activities.beginGraphSync({ syncId: newId(), jobId: null, full: false });
    if (begun.state !== 'begun') throw new Error(`The sync is ${begun.state}.`);
    const counts = { artists: 0, albums: 0, tracks: 0, collaborations: 0, removed: 0 };
    let place: GraphSyncPlace | null = null;
    do {
      const slice = await activities.syncGraphSlice({ task: begun.task, place });
      for (const kind of Object.keys(counts) as (keyof typeof counts)[]) counts[kind] += slice.did[kind];
      place = slice.next;
    } while (place !== null);
    await activities.finishGraphSync({ task: begun.task, counts, failureCode: null });
    return { seconds: (performance.now() - begunAt) / 1000, collaborations: counts.collaborations };
  }

  const full = await sync();
  const changes: number[] = [];
  for (const tracks of [100, 1_000]) {
    await orm.em
      .fork()
      .execute(`update tracks set name = name || '.' where id in (select id from tracks order by random() limit ?)`, [
        tracks,
      ]);
    changes.push((await sync()).seconds);
  }
  const url = await startApiProcess(cleanup, {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    RATE_LIMIT_REQUESTS: '1000000',
    API_PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
    ...address,
  });
  const ask = await asker(orm, url);
  const some = await randomArtists(orm, 2 * questions + 40);
  // The first questions pay for the plans of the statements.
  for (const id of some.splice(0, 40)) {
    await ask(`artists/${id}/network?depth=2`);
    await ask(`paths?from=${id}&to=${some[0]}`);
    await ask('blocked-network');
  }
  const network = await times(some.slice(0, questions), (id) => ask(`artists/${id}/network?depth=2`));
  const paths = await times(some.slice(0, questions), (id, n) => ask(`paths?from=${id}&to=${some[questions + n]}`));
  const blocked = await times(some.slice(0, questions / 4), () => ask('blocked-network'));
  return [
    reported('artists', artists, ''),
    reported('collaborations written by the full sync', full.collaborations, ''),
    atMost(120, 'full sync', full.seconds, 's'),
    reported('sync after 100 changed tracks', changes[0] ?? 0, 's'),
    reported('sync after 1,000 changed tracks', changes[1] ?? 0, 's'),
    atMost(50, 'network of depth 2, p95', network, 'ms'),
    atMost(100, 'shortest paths, p95', paths, 'ms'),
    atMost(300, 'near 1,000 blocked artists, p95', blocked, 'ms'),
  ];
}

/** Asks as a person who keeps a thousand artists out. */
async function asker(orm: MikroORM, url: string): Promise<(path: string) => Promise<void>> {
  const em = orm.em.fork();
  const userId = newId();
  await em.execute(`insert into users (id, display_name) values (?, 'Somebody')`, [userId]);
  await em.execute(
    `insert into blocks (id, user_id, artist_id) select gen_random_uuid(), ?, id from (select id from artists order by random() limit 1000) as picked`,
    [userId],
  );
  const expiresAt = new Date(Date.now() + 86_400_000);
  const { token } = await createPersonalToken(em, { userId, name: 'bench', scopes: ['read'], expiresAt });
  return async (path) => {
    const answer = await fetch(`${url}/api/v1/graph/${path}`, { headers: { authorization: `Bearer ${token}` } });
    await answer.text();
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`);
  };
}

async function randomArtists(orm: MikroORM, count: number): Promise<string[]> {
  const rows = await orm.em
    .fork()
    .execute<{ id: string }[]>(
      `select distinct on (artist_id) artist_id as id from track_artists tablesample bernoulli (20) limit ?`,
      [count],
    );
  if (rows.length < count) throw new Error('The catalog is too small to ask about.');
  return rows.map(({ id }) => id);
}

/** The 95th percentile of how long each takes, one after the other, in milliseconds. */
async function times(ids: readonly string[], question: (id: string, n: number) => Promise<void>): Promise<number> {
  const taken: number[] = [];
  for (const [n, id] of ids.entries()) {
    const begunAt = performance.now();
    await question(id, n);
    taken.push(performance.now() - begunAt);
  }
  return taken.sort((a, b) => a - b)[Math.ceil(taken.length * 0.95) - 1] ?? 0;
}
