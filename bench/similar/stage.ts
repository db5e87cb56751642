import { join } from 'node:path';
import { artistStyles } from '../../adapters/catalog-index/artist-styles';
import { VectorDatabase } from '../../adapters/lancedb/database';
import { writeTable } from '../../adapters/lancedb/table-writer';
import { type Graph, openGraph } from '../../adapters/neo4j/graph';
import { nextGeneration, recordSync } from '../../adapters/neo4j/graph-state';
import { migrateGraph } from '../../adapters/neo4j/migrations';
import { putArtists, putCollaborationsOf } from '../../adapters/neo4j/write-catalog';
import { newId } from '../../adapters/postgres/ids';
import { holdingIndexWriterLock } from '../../adapters/postgres/index-writer-lock';
import { type MikroORM, openOrm } from '../../adapters/postgres/orm';
import { freePort } from '../../dev/engines/free-port';
import { startNeo4j } from '../../dev/engines/neo4j';
import { projectRoot } from '../../dev/engines/project-root';
import { builtInStyleModel } from '../../domain/style/style-model';
import type { Cleanup } from '../cleanup';
import { startEngines } from '../engines';
import type { MadeUpWorld } from './made-up-world';

const atOnce = 5_000;

export interface SimilarStage {
  orm: MikroORM;
  graph: Graph;
  vectors: VectorDatabase;
  /** The artists' ids, by number, in the order of their ids. */
  ids: string[];
  /** What a process needs to find all of it. */
  environment: Record<string, string>;
  indexSeconds: number;
}

/** PostgreSQL with artists and genres, LanceDB with their styles as an index run makes them, and Neo4j with the collaborations shown. */
export async function setStage(
  { genres }: MadeUpWorld,
  shown: MadeUpWorld['edges'],
  cleanup: Cleanup,
): Promise<SimilarStage> {
  const { folder, databaseUrl, temporalAddress } = await startEngines(cleanup);
  const cacheDir = process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines');
  const neo4j = await startNeo4j({ dataDir: folder, cacheDir, port: await freePort() });
  cleanup.add(() => neo4j.stop());
  const orm = await openOrm(databaseUrl, { max: 10 });
  cleanup.add(() => orm.close(true));
  const address = { NEO4J_URI: neo4j.url, NEO4J_USER: neo4j.user, NEO4J_PASSWORD: neo4j.password };
  const graph = openGraph(address);
  if (!graph) throw new Error('The graph has no address.');
  cleanup.add(() => graph.close());
  const lancedbUri = join(folder, 'vectors');
  const vectors = new VectorDatabase(lancedbUri);
  cleanup.add(() => vectors.close());
  const ids = genres.map(() => newId()).sort();
  await fillCatalog(orm, ids, genres);
  await fillGraph(graph, ids, shown);
  const begun = performance.now();
  await fillIndex(orm, vectors, ids);
  return {
    orm,
    graph,
    vectors,
    ids,
    environment: {
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporalAddress,
      LANCEDB_URI: lancedbUri,
      ...address,
    },
    indexSeconds: (performance.now() - begun) / 1000,
  };
}

async function fillCatalog(orm: MikroORM, ids: readonly string[], genres: readonly string[][]): Promise<void> {
  const em = orm.em.fork();
  for (let at = 0; at < ids.length; at += atOnce) {
    const rows = ids.slice(at, at + atOnce).map((id, n) => ({ id, name: `Artist ${at + n}`, genres: genres[at + n] }));
    await em.execute(
      `insert into artists (id, name, folded_name) select id, name, lower(name) from jsonb_to_recordset(?::jsonb) as r(id uuid, name text)`,
      [JSON.stringify(rows)],
    );
    await em.execute(
      `insert into artist_genres (artist_id, genre, source)
       select id, jsonb_array_elements_text(genres), 'bench' from jsonb_to_recordset(?::jsonb) as r(id uuid, genres jsonb)`,
      [JSON.stringify(rows)],
    );
  }
  await em.execute('analyze');
}

async function fillGraph(graph: Graph, ids: readonly string[], shown: MadeUpWorld['edges']): Promise<void> {
  await migrateGraph(graph);
  const generation = await nextGeneration(graph);
  for (let at = 0; at < ids.length; at += atOnce) {
    const artists = ids.slice(at, at + atOnce).map((id, n) => ({ id, name: `Artist ${at + n}`, disambiguation: null }));
    await graph.write((tx) => putArtists(tx, artists, generation));
  }
  const collaborations = shown.map(({ from, to, fromLeads, toLeads }) => ({
    from: ids[from] ?? '',
    to: ids[to] ?? '',
    tracks: fromLeads + toLeads,
    first: null,
    last: null,
    fromLeads,
    toLeads,
    guests: 0,
    produced: 0,
    written: 0,
    samples: [],
  }));
  for (let at = 0; at < collaborations.length; at += atOnce)
    await graph.write((tx) => putCollaborationsOf(tx, [], collaborations.slice(at, at + atOnce)));
  await graph.write((tx) => recordSync(tx, { catalogId: newId(), until: '1:1:', generation, full: true }));
}

async function fillIndex(orm: MikroORM, vectors: VectorDatabase, ids: readonly string[]): Promise<void> {
  const table = artistStyles(builtInStyleModel);
  const lock = <T>(work: (held: () => Promise<void>) => Promise<T>) => holdingIndexWriterLock(orm.em, work);
  await writeTable(vectors, table.definition, lock, async (writer) => {
    for (let at = 0; at < ids.length; at += table.batch)
      await writer.upsert(await table.rows(orm.em.fork(), ids.slice(at, at + table.batch)));
    await writer.tidy();
  });
}
