import type { Say } from '../engines/engine';
import { freePort } from '../engines/free-port';
import { foreignNeo4j, isWorthRetrying, ownNeo4jAccess, startNeo4j } from '../engines/neo4j';
import { foreignPostgres, startPostgres, type RunningPostgres } from '../engines/postgres';
import { foreignTemporal, startTemporal, type RunningTemporal } from '../engines/temporal';
import type { EngineAddresses } from './environment';
import { Keeper, type Kept } from './keeper';
import type { Settings } from './settings';

/** PostgreSQL, Temporal and Neo4j of this start: found where a variable names them, else started and kept running. */
export class Engines {
  readonly #settings: Settings;
  readonly #own: NodeJS.ProcessEnv;
  readonly #say: Say;
  #postgres: Keeper<RunningPostgres> | null = null;
  #others: Keeper<Kept>[] = [];

  constructor(settings: Settings, own: NodeJS.ProcessEnv, say: Say) {
    this.#settings = settings;
    this.#own = own;
    this.#say = say;
  }

  /** Resolves when PostgreSQL and Temporal answer. Throws EngineProblem. */
  async start(): Promise<EngineAddresses> {
    const [postgres, temporal] = await both(this.#startPostgres(), this.#startTemporal());
    return {
      databaseUrl: postgres.url,
      migrationDatabaseUrl: postgres.ownerUrl,
      temporalAddress: temporal.address,
      temporalUiUrl: temporal.uiUrl,
      neo4j: foreignNeo4j(this.#own) ?? ownNeo4jAccess(this.#settings.dataDir, this.#settings.ports.neo4j.number),
    };
  }

  async #startPostgres(): Promise<RunningPostgres> {
    const foreign = foreignPostgres(this.#own);
    if (foreign) {
      this.#say('PostgreSQL  the one that DATABASE_URL names');
      return foreign;
    }
    const { dataDir, ports } = this.#settings;
    const start = (signal: AbortSignal) =>
      startPostgres({ dataDir, port: ports.postgres.number, say: this.#say, signal });
    this.#postgres = new Keeper({ name: 'PostgreSQL', say: this.#say, start });
    return this.#postgres.begin();
  }

  async #startTemporal(): Promise<RunningTemporal> {
    const foreign = await foreignTemporal(this.#own);
    if (foreign) {
      this.#say(`Temporal    the one at ${foreign.address}`);
      return foreign;
    }
    const { dataDir, cacheDir, ports } = this.#settings;
    const [httpPort, metricsPort] = [await freePort(), await freePort()];
    const fixed = {
      dataDir,
      cacheDir,
      port: ports.temporal.number,
      uiPort: ports.temporalUi.number,
      httpPort,
      metricsPort,
    };
    const start = (signal: AbortSignal) => startTemporal({ ...fixed, say: this.#say, signal });
    const keeper = new Keeper({ name: 'Temporal', say: this.#say, start });
    this.#others.push(keeper);
    return keeper.begin();
  }

  /** Not waited for: without it only the graph is away. */
  letNeo4jJoin(): void {
    const foreign = foreignNeo4j(this.#own);
    if (foreign) return this.#say(`Neo4j       the one at ${foreign.url}`);
    const { dataDir, cacheDir, ports } = this.#settings;
    const port = ports.neo4j.number;
    const keeper = new Keeper({
      name: 'Neo4j',
      say: this.#say,
      start: (signal) => startNeo4j({ dataDir, cacheDir, port, rehearse: true, say: this.#say, signal }),
      worthRetrying: isWorthRetrying,
      pauses: { first: 5, longest: 300 },
    });
    this.#others.push(keeper);
    keeper.beginWhenPossible();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#others.map((engine) => engine.stop()));
    await this.#postgres?.stop();
  }

  kill(): void {
    for (const engine of this.#others) engine.kill('SIGKILL');
    // Immediate shutdown: as safe as a power cut, for which PostgreSQL is made.
    this.#postgres?.kill('SIGQUIT');
  }
}

/** Waits for both, so that none is still starting when the failure of the other is told. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}
