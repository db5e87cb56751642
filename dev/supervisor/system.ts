import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../../adapters/environment/config';
import { migrate } from '../../adapters/postgres/migrate';
import { callbackUrl } from '../../api/sign-in/providers';
import { workerSettings } from '../../workers/process-settings';
import { EngineProblem, type Say } from '../engines/engine';
import { endRemembered } from '../engines/process-record';
import { type AppProgram, startApp } from './app-process';
import { appEnvironment, publishEnvironment, withdrawEnvironment, type EngineAddresses } from './environment';
import { Engines } from './engines';
import { Keeper, type Kept } from './keeper';
import { claim } from './one-at-a-time';
import { portFaults } from './ports';
import { answers200 } from './readiness';
import { portsToTake, readSettings, type Settings } from './settings';
import { summary } from './summary';
import { watchOver } from './watch';

/** A program that ends this often before the system is ready won't come up by being started once more. */
const HOPELESS = 4;
const READY_WITHIN_MS = 120_000;

/** Everything that `npm start` runs, from the first check to the last process stopped. */
export class System {
  readonly #own: NodeJS.ProcessEnv;
  readonly #say: Say;
  readonly #settings: Settings;
  readonly #engines: Engines;
  #sandbox: Keeper<Kept> | null = null;
  #apps: Keeper<Kept>[] = [];
  #stopping = false;
  #letGo: (() => Promise<void>) | null = null;
  #unclaim: (() => void) | null = null;

  constructor(own: NodeJS.ProcessEnv, say: Say) {
    this.#own = own;
    this.#say = say;
    this.#settings = readSettings(own);
    this.#engines = new Engines(this.#settings, own, say);
  }

  /** Resolves when the API is ready. Throws EngineProblem with what the person can do. */
  async start(): Promise<void> {
    const settings = this.#settings;
    mkdirSync(settings.dataDir, { recursive: true });
    this.#unclaim = claim(settings.dataDir);
    const leftovers = await endRemembered(settings.runDir, 10_000);
    if (leftovers.length > 0) this.#say(`Ended what an earlier start had left running: ${leftovers.join(', ')}.`);
    const faults = await portFaults(portsToTake(settings, this.#own));
    if (faults.length > 0) throw new EngineProblem(faults.join('\n'));
    this.#letGo = watchOver(settings.dataDir, settings.runDir);
    keepPreviousLogs(settings.logDir, ['api', 'worker', 'sandbox']);

    const sandboxUrl = this.#startSandbox();
    const addresses = await this.#engines.start();
    const environment = appEnvironment(settings, addresses, this.#own);
    const config = readConfig({ ...this.#own, ...environment });
    await this.#migrate(addresses);
    if (this.#stopping) return;
    publishEnvironment(settings.dataDir, environment);
    const api = this.#startApps({ ...this.#own, ...environment });
    await this.#untilReady(`http://127.0.0.1:${settings.ports.api.number}/readyz`, api);
    if (this.#stopping) return;
    // Only now, so that on a small machine it doesn't take the time of what people wait for.
    this.#engines.letNeo4jJoin();
    this.#say(
      summary({
        settings,
        apiUrl: config.apiUrl,
        temporalUiUrl: addresses.temporalUiUrl,
        sandboxUrl: sandboxUrl ?? config.SANDBOX_URL ?? null,
        redirects: (['google', 'spotify'] as const)
          .filter((id) => config[id] !== null && !config[id].sandbox)
          .map((id) => [id, callbackUrl(config, id)] as const),
      }),
    );
  }

  /** What uses an engine is stopped before the engine. */
  async stop(): Promise<void> {
    this.#stopping = true;
    // Only what this start has claimed is its to take down.
    if (!this.#unclaim) return;
    withdrawEnvironment(this.#settings.dataDir);
    await Promise.all(this.#apps.map((app) => app.stop()));
    await Promise.all([this.#sandbox?.stop(), this.#engines.stop()]);
    await this.#letGo?.();
    this.#unclaim();
  }

  /** The person doesn't want to wait any longer: PostgreSQL recovers at its next start, the others have nothing to lose. */
  kill(): void {
    for (const app of [...this.#apps, ...(this.#sandbox ? [this.#sandbox] : [])]) app.kill('SIGKILL');
    this.#engines.kill();
  }

  #startSandbox(): string | null {
    if (!this.#settings.sandbox) return null;
    const { dataDir, ports } = this.#settings;
    const env = { ...this.#own, DATA_DIR: dataDir, SANDBOX_PORT: String(ports.sandbox.number) };
    this.#sandbox = this.#keep('Sandbox', 'sandbox', 'dev/sandbox/main', env, { stopOrder: 1 });
    this.#sandbox.beginWhenPossible();
    this.#say(`Sandbox     stands in for providers without credentials, port ${ports.sandbox.number}`);
    return `http://127.0.0.1:${ports.sandbox.number}`;
  }

  async #migrate({ migrationDatabaseUrl }: EngineAddresses): Promise<void> {
    try {
      await migrate(migrationDatabaseUrl);
    } catch (error) {
      if (!this.#own.DATABASE_URL) throw error;
      const reason = error instanceof Error ? error.message : 'unknown reason';
      throw new EngineProblem(
        `The database that DATABASE_URL names couldn't be migrated (${reason}): check it, or give the owner of its tables by MIGRATION_DATABASE_URL.`,
      );
    }
  }

  #startApps(env: NodeJS.ProcessEnv): Keeper<Kept> {
    const { apiMetrics, workerMetrics, api } = this.#settings.ports;
    const metricsOn = (port: number) => ({ ...env, METRICS_PORT: String(port) });
    const apiKeeper = this.#keep('API', 'api', 'api/server', metricsOn(apiMetrics.number));
    const workerEnvironment = { ...workerSettings.environment, ...metricsOn(workerMetrics.number) };
    const { nodeArguments } = workerSettings;
    const workerKeeper = this.#keep('Worker', 'worker', 'workers/main', workerEnvironment, { nodeArguments });
    this.#apps = [apiKeeper, workerKeeper];
    for (const app of this.#apps) app.beginWhenPossible();
    this.#say(`API         port ${api.number}; worker beside it`);
    return apiKeeper;
  }

  #keep(
    title: string,
    name: string,
    script: string,
    env: NodeJS.ProcessEnv,
    more: Pick<AppProgram, 'stopOrder' | 'nodeArguments'> = {},
  ): Keeper<Kept> {
    const { runDir, logDir } = this.#settings;
    const program = { name, script, env, runDir, logDir, say: this.#say, stopWithinMs: 12_000, ...more };
    return new Keeper({ name: title, say: this.#say, start: (signal) => startApp(program, signal) });
  }

  async #untilReady(url: string, api: Keeper<Kept>): Promise<void> {
    const ready = await answers200(url, READY_WITHIN_MS, () => this.#stopping || api.crashes >= HOPELESS);
    if (ready || this.#stopping) return;
    throw new EngineProblem(`The API didn't become ready: see ${join(this.#settings.logDir, 'api.log')}.`);
  }
}

function keepPreviousLogs(logDir: string, names: readonly string[]): void {
  for (const name of names) {
    try {
      renameSync(join(logDir, `${name}.log`), join(logDir, `${name}.previous.log`));
    } catch {
      // None yet.
    }
  }
}

function readConfig(environment: NodeJS.ProcessEnv): ReturnType<typeof loadConfig> {
  try {
    return loadConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new EngineProblem(`The configuration has faults:\n${error.faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}
