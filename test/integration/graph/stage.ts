import { createGraphSyncActivities, type GraphSyncPlace, type GraphSyncTask } from '../../../activities/graph-sync';
import { type Graph, openGraph } from '../../../adapters/neo4j/graph';
import { rememberTracks } from '../../../adapters/postgres/catalog';
import { startFollowing } from '../../../adapters/postgres/catalog-follow-start';
import { takeRecordings } from '../../../adapters/postgres/imported-recordings';
import { newId } from '../../../adapters/postgres/ids';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { RecordingCredit } from '../../../domain/catalog-imports';
import type { SandboxOptions } from '../../../dev/sandbox/server';
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

/** A recording as a test's import has it; its source calls it by its name. Who takes part, by artists' names. */
export interface Imported {
  name: string;
  isrcs?: string[];
  /** Names of tracks. */
  listedAs?: string[];
  performers?: string[];
  producers?: string[];
  writers?: string[];
}

/**
 * The system with the test run's one Neo4j, emptied. It has one database, so that all that is tested of the graph stands in
 * one file.
 */
export class GraphStage {
  readonly #activities;
  #reader: string | undefined;
  #admin: string | undefined;
  private constructor(
    readonly system: System,
    readonly api: ApiUnderTest,
    readonly graph: Graph,
  ) {
    this.#activities = this.activitiesOn(graph);
  }

  /** @param options of the system's sandbox */
  static async set(options: SandboxOptions = {}): Promise<GraphStage> {
    const { url, user, password } = await neo4j();
    const environment = { NEO4J_URI: url, NEO4J_USER: user, NEO4J_PASSWORD: password };
    const system = await startSystem({ ...options, environment });
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
        uri: uriOf(name),
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

  /** Imports recordings; again where there are such of that name. */
  async import(recordings: readonly Imported[]): Promise<void> {
    const credits = (role: RecordingCredit['role'], names: readonly string[] = []): RecordingCredit[] =>
      names.map((name) => ({ role, name, id: { provider: 'spotify', value: seen(name).providerId } }));
    const entries = recordings.map(({ name, isrcs = [], listedAs = [], performers, producers, writers }) => ({
      sourceId: name,
      name,
      durationMs: null,
      isrcs,
      uris: listedAs.map(uriOf),
      credits: [...credits('performer', performers), ...credits('producer', producers), ...credits('writer', writers)],
    }));
    await this.em.transactional((tx) =>
      takeRecordings(tx, 'test', [{ seq: 0, entry: { name: 'Recordings', recordings: entries } }]),
    );
  }

  async idOf(name: string): Promise<string> {
    const [row] = await this.em.execute<{ id: string }[]>(`select id from artists where name = ?`, [name]);
    if (!row) throw new Error(`There is no ${name}.`);
    return row.id;
  }

  /** A sync as its workflow has it, by the clock unless asked for in full; null where there is nothing to do. */
  async sync({ syncId = newId(), full = false, jobId = null as string | null } = {}): Promise<GraphSyncTask | null> {
    const begun = await this.#activities.beginGraphSync({ syncId, jobId, full });
    if (begun.state === 'busy') throw new Error('Another sync has its turn.');
    if (begun.state !== 'begun') return null;
    await this.finish(begun.task);
    return begun.task;
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

  /**
   * What a person gets below `/api/v1/graph/`; always the same person, unless a token is given. What Neo4j plans for the first time
   * can take longer on a busy machine than an answer may: it is asked for again, as a person would.
   */
  async get(path: string, token?: string): Promise<{ status: number; body: Record<string, unknown> }> {
    this.#reader ??= (await this.api.person()).token;
    for (let tries = 1; ; tries += 1) {
      const answer = await this.api.call('GET', `/api/v1/graph/${path}`, { token: token ?? this.#reader });
      if (answer.status !== 503 || tries === 5) return answer;
    }
  }

  /** As after a minute: the catalog is counted anew where it has changed. */
  async health(): Promise<Record<string, unknown>> {
    await this.em.execute(`update graph_counts set begun_at = null`);
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

  /** Everything that is in the graph but its account of itself and the generations, line by line. */
  async picture(): Promise<string[]> {
    const lines = (statement: string) => this.graph.read((tx) => tx.run(statement));
    const found = [
      await lines(
        'MATCH (n) WHERE n:Artist OR n:Album OR n:Track RETURN labels(n) AS of, n {.id, .name, .disambiguation, .year} AS node',
      ),
      await lines(
        'MATCH (a)-[r]->(b) RETURN a.name AS from, type(r) AS type, b.name AS to, properties(r) AS what, b.id AS id',
      ),
    ];
    return found.flat().map(inOrder).sort();
  }

  /** Has an admin's sync of the system's begin, for whichever workers there are. */
  async ask({ full = false } = {}): Promise<string> {
    this.#admin ??= (await this.api.person({ roles: ['admin'] })).id;
    const asked = { userId: this.#admin, full, requestId: null };
    const { jobId, outboxId } = await this.em.transactional((tx) => startFollowing(tx, 'sync_graph', asked));
    if (outboxId) await this.system.dispatcher.start(outboxId);
    return jobId;
  }

  async close(): Promise<void> {
    await this.graph.close();
    await this.api.close();
    await this.system.close();
  }
}

const uriOf = (name: string) => `spotify:track:${name.replaceAll(' ', '')}`;
const seen = (name: string) => ({ providerId: name.replaceAll(' ', ''), name });

/** JSON with the keys of every object sorted. */
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
