import { openGraph } from '../adapters/neo4j/graph';
import { type MikroORM, openOrm } from '../adapters/postgres/orm';
import { freePort } from '../dev/engines/free-port';
import { startNeo4j } from '../dev/engines/neo4j';
import { projectRoot } from '../dev/engines/project-root';
import { join } from 'node:path';
import { startAskedApi } from './asked-api';
import type { Cleanup } from './cleanup';
import { startEngines } from './engines';
import { fillCatalog } from './graph/made-up-catalog';
import { graphSyncs, untilAnswering } from './graph/syncs';
import { atMost, type Figure, percentile, reported } from './report';

/** Questions of each kind; their 95th percentile is reported. */
const questions = 200;

const parts = ['sync', 'changes', 'network', 'paths', 'blocked'] as const;
type Part = (typeof parts)[number];

/**
 * `npm run bench -- graph [ARTISTS] [PART …]`: a catalog of so many artists (100,000), and five times as many collaborations,
 * taken over as a whole (`sync`) and after changes (`changes`), and then asked about over HTTP (`network`, `paths`, `blocked`).
 * Every part begins with the whole sync; what it takes is told as it goes.
 */
export async function benchGraph([size = '100000', ...named]: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const artists = Number(size);
  const unknown = named.find((part) => !parts.some((one) => one === part));
  if (!Number.isSafeInteger(artists) || unknown !== undefined)
    throw new Error(`Say how many artists, and then which parts of ${parts.join(', ')}.`);
  const wanted = (part: Part) => named.length === 0 || named.includes(part);
  const tell = teller();
  const { folder, databaseUrl, temporalAddress } = await startEngines(cleanup);
  const neo4j = await startNeo4j({
    dataDir: folder,
    cacheDir: process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines'),
    port: await freePort(),
    size: 'large',
  });
  cleanup.add(() => neo4j.stop());
  const address = { NEO4J_URI: neo4j.url, NEO4J_USER: neo4j.user, NEO4J_PASSWORD: neo4j.password };
  const orm = await openOrm(databaseUrl, { max: 10 });
  cleanup.add(() => orm.close(true));
  const graph = openGraph(address);
  if (!graph) throw new Error('The graph has no address.');
  cleanup.add(() => graph.close());
  await untilAnswering(graph);
  tell('engines started');
  await fillCatalog(orm, artists);
  tell('catalog filled');
  const sync = graphSyncs({ orm, graph }, tell);

  const full = await sync();
  const figures = [
    reported('artists', artists, ''),
    reported('collaborations written by the full sync', full.collaborations, ''),
    ...(wanted('sync') ? [atMost(120, 'full sync', full.seconds, 's')] : []),
  ];
  if (wanted('changes'))
    for (const tracks of [1, 100, 1_000, 10_000].filter((one) => one <= artists / 10)) {
      await rename(orm, tracks);
      const { seconds } = await sync();
      figures.push(reported(`sync after ${tracks.toLocaleString('en-US')} changed tracks`, seconds, 's'));
    }
  if (!wanted('network') && !wanted('paths') && !wanted('blocked')) return figures;

  const api = await startAskedApi(
    orm,
    { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress, ...address },
    cleanup,
  );
  const ask = async (path: string) => {
    const answer = await api(`graph/${path}`);
    await answer.text();
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`);
  };
  const some = await randomArtists(orm, 2 * questions + 40);
  const last = (id: string) => some[some.length - 1 - (some.indexOf(id) % questions)] ?? id;
  const asked: Record<'network' | 'paths' | 'blocked', { name: string; goal: number; path: (id: string) => string }> = {
    network: { name: 'network of depth 2, p95', goal: 50, path: (id) => `artists/${id}/network?depth=2` },
    paths: { name: 'shortest paths, p95', goal: 100, path: (id) => `paths?from=${id}&to=${last(id)}` },
    blocked: { name: 'near 1,000 blocked artists, p95', goal: 300, path: () => 'blocked-network' },
  };
  for (const part of ['network', 'paths', 'blocked'] as const) {
    if (!wanted(part)) continue;
    const { name, goal, path } = asked[part];
    // The first questions pay for the plans of the statements.
    for (const id of some.slice(questions, questions + 40)) await ask(path(id));
    const times: number[] = [];
    for (const id of some.slice(0, part === 'blocked' ? questions / 4 : questions)) {
      const begunAt = performance.now();
      await ask(path(id));
      times.push(performance.now() - begunAt);
    }
    figures.push(reported(name.replace('p95', 'median'), percentile(times, 0.5), 'ms'));
    figures.push(atMost(goal, name, percentile(times, 0.95), 'ms'));
    tell(`asked about ${part}`);
  }
  return figures;
}

/** Says on stderr what is done, and the seconds since the beginning. */
function teller(): (what: string) => void {
  const begunAt = performance.now();
  return (what) => console.error(`${((performance.now() - begunAt) / 1000).toFixed(0).padStart(5)} s  ${what}`);
}

async function rename(orm: MikroORM, tracks: number): Promise<void> {
  await orm.em
    .fork()
    .execute(`update tracks set name = name || '.' where id in (select id from tracks order by random() limit ?)`, [
      tracks,
    ]);
}

async function randomArtists(orm: MikroORM, count: number): Promise<string[]> {
  const rows = await orm.em
    .fork()
    .execute<{ id: string }[]>(
      `select id from (select distinct artist_id as id from track_artists) as credited order by random() limit ?`,
      [count],
    );
  if (rows.length < count) throw new Error('The catalog is too small to ask about.');
  return rows.map(({ id }) => id);
}
