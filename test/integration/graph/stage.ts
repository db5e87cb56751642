import { createGraphSyncActivities, type GraphSyncPlace, type GraphSyncTask } from '../../../activities/graph-sync';
import { type Graph, openGraph } from '../../../adapters/neo4j/graph';
import { rememberTracks } from '../../../adapters/postgres/catalog';
import { newId } from '../../../adapters/postgres/ids';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { neo4j } from '../../support/engines';
import { startSystem, type System } from '../../support/system';
import { startApi, type ApiUnderTest } from '../api/api-under-test';

/** A track as a test writes it: who leads it, then the guests. */
export interface Made {
  name: string;
  by: string[];
  year?: number;
  isrc?: string;
}

/**
 * The system with the test run's one Neo4j, emptied. It has one database, so that all that is tested of the graph stands in
 * one file.
 */
export class GraphStage {
  readonly #activities;
  #reader: string | undefined;
  private constructor(
    readonly system: System,
    readonly api: ApiUnderTest,
    readonly graph: Graph,
  ) {
    this.#activities = this.activitiesOn(graph);
  }

  static async set(): Promise<GraphStage> {
    const { url, user, password } = await neo4j();
    const environment = { NEO4J_URI: url, NEO4J_USER: user, NEO4J_PASSWORD: password };
    const system = await startSystem({ environment });
    const graph = openGraph(system.config);
    if (!graph) throw new Error('The graph has no address.');
    const stage = new GraphStage(system, await startApi({ environment: system.environment }), graph);
    await stage.empty();
    return stage;
  }

  get em(): EntityManager {
    return this.system.orm.em.fork();
  }

  activitiesOn(graph: Graph | null) {
    return createGraphSyncActivities({ orm: this.system.orm, graph });
  }

  empty(): Promise<unknown> {
    return this.graph.write((tx) => tx.run('MATCH (n) DETACH DELETE n'));
  }

  /** Puts tracks into the catalog; an artist's id at the provider is the name without spaces. */
  async make(tracks: readonly Made[]): Promise<void> {
    await rememberTracks(
      this.em,
      'spotify',
      tracks.map(({ name, by, year, isrc = null }) => ({
        uri: `spotify:track:${name.replaceAll(' ', '')}`,
        name,
        durationMs: 1_000,
        isrc,
        artists: by.map(seen),
        album: {
          uri: `spotify:album:${name.replaceAll(' ', '')}`,
          name: `${name} (single)`,
          imageUrl: null,
          releaseDate: year === undefined ? null : `${year}-05-01`,
          artists: by.slice(0, 1).map(seen),
        },
      })),
    );
  }

  async idOf(name: string): Promise<string> {
    const [row] = await this.em.execute<{ id: string }[]>(`select id from artists where name = ?`, [name]);
    if (!row) throw new Error(`There is no ${name}.`);
    return row.id;
  }

  /** A sync as its workflow has it, by the clock unless asked for in full; null where there is nothing to do. */
  async sync({ syncId = newId(), full = false, jobId = null as string | null } = {}): Promise<GraphSyncTask | null> {
    await this.untilVisible();
    const begun = await this.#activities.beginGraphSync({ syncId, jobId, full });
    if (begun.state === 'busy') throw new Error('Another sync has its turn.');
    if (begun.state !== 'begun') return null;
    await this.finish(begun.task);
    return begun.task;
  }

  /** Somebody else's open transaction, in any database of the same server, holds changes back until it ends. */
  async untilVisible(): Promise<void> {
    for (;;) {
      const [row] = await this.em.execute<{ visible: boolean }[]>(
        `select not exists (select from graph_changes where txid >= pg_snapshot_xmin(pg_current_snapshot())) as visible`,
      );
      if (row?.visible) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async finish(task: GraphSyncTask, from: GraphSyncPlace | null = null): Promise<void> {
    const counts = { artists: 0, albums: 0, tracks: 0, collaborations: 0, removed: 0 };
    let place = from;
    do {
      const slice = await this.#activities.syncGraphSlice({ task, place });
      for (const kind of Object.keys(counts) as (keyof typeof counts)[]) counts[kind] += slice.did[kind];
      place = slice.next;
    } while (place !== null);
    await this.#activities.finishGraphSync({ task, counts, failureCode: null });
  }

  /** What a person gets below `/api/v1/graph/`; always the same person, unless a token is given. */
  async get(path: string, token?: string): Promise<{ status: number; body: Record<string, unknown> }> {
    this.#reader ??= (await this.api.person()).token;
    return this.api.call('GET', `/api/v1/graph/${path}`, { token: token ?? this.#reader });
  }

  async health(): Promise<Record<string, unknown>> {
    return (await this.get('health')).body;
  }

  async lastSync(): Promise<Record<string, unknown>> {
    return (await this.health()).lastSync as Record<string, unknown>;
  }

  /** Who worked with whom, by names, with the number of recordings; each pair once. */
  async collaborations(): Promise<string[]> {
    const rows = await this.graph.read((tx) =>
      tx.run<{ a: string; b: string; tracks: number }>(
        'MATCH (a:Artist)-[r:COLLABORATED_WITH]->(b:Artist) RETURN a.name AS a, b.name AS b, r.tracks AS tracks',
      ),
    );
    return rows.map(({ a, b, tracks }) => `${[a, b].sort().join(' + ')}: ${tracks}`).sort();
  }

  async close(): Promise<void> {
    await this.graph.close();
    await this.api.close();
    await this.system.close();
  }
}

const seen = (name: string) => ({ providerId: name.replaceAll(' ', ''), name });
