import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import pino, { type Logger } from 'pino';
import { type Config, loadConfig } from '../../adapters/environment/config';
import { VectorDatabase } from '../../adapters/lancedb/database';
import { openGraph } from '../../adapters/neo4j/graph';
import { recountFigures } from '../../adapters/postgres/figures-recount';
import { type MikroORM, openOrm } from '../../adapters/postgres/orm';
import { openTemporal } from '../../adapters/temporal/client';
import { createDispatcher, type Dispatcher } from '../../adapters/temporal/dispatch';
import {
  connectAppleMusicPerson,
  connectPerson,
  type JobEnd,
  jobEnd,
  type Person,
} from '../../dev/connected-account/person';
import { sandboxAdmin } from '../../dev/connected-account/sandbox-admin';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../dev/sandbox/server';
import { createWorkerMetrics, type WorkerMetrics } from '../../workers/metrics';
import { loadBundle } from '../../workers/bundle';
import { createWorkers } from '../../workers/workers';
import { createTestDatabase, type TestDatabase, temporalAddress, temporalNamespace, workflowBundle } from './engines';

export type { Person } from '../../dev/connected-account/person';

Runtime.install({ logger: new DefaultLogger('ERROR') });

export interface System {
  config: Config;
  environment: Record<string, string>;
  database: TestDatabase;
  orm: MikroORM;
  client: Client;
  dispatcher: Dispatcher;
  sandbox: Sandbox;
  admin: ReturnType<typeof sandboxAdmin>;
  /** Starts the workers in this process; the returned function stops them. */
  startWorkers(options?: { log?: Logger; metrics?: WorkerMetrics }): Promise<() => Promise<void>>;
  /** A person with a connected account of the sandbox's. */
  connect(sandboxUser: string): Promise<Person>;
  /** The same at Apple Music. */
  connectAppleMusic(sandboxUser: string): Promise<Person>;
  /** Waits for a job's end. */
  jobEnd(jobId: string): Promise<JobEnd>;
  /** Ends it all. Throws where, after all that happened in it, somebody's figures are not what a recount finds. */
  close(): Promise<void>;
}

/** The whole system but its HTTP side, over the real engines, with a sandbox of its own. */
export async function startSystem(
  options: SandboxOptions & { environment?: Record<string, string> } = {},
): Promise<System> {
  const database = await createTestDatabase();
  const sandbox = await startSandbox({ port: 0, statePath: null, ...options });
  const indexFolder = mkdtempSync(join(tmpdir(), 'dnp-index-'));
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    DATABASE_URL: database.url,
    LANCEDB_URI: indexFolder,
    AUDIT_HEAD: join(indexFolder, 'audit-head.json'),
    TEMPORAL_ADDRESS: temporalAddress(),
    TEMPORAL_NAMESPACE: await temporalNamespace(),
    SANDBOX_URL: sandbox.url,
    SPOTIFY_CALLS_PER_SECOND: '1000',
    APPLE_MUSIC_CALLS_PER_SECOND: '1000',
    VAULT_KEYS: `test:${Buffer.alloc(32, 7).toString('base64url')}`,
    ...options.environment,
  };
  const config = loadConfig(environment);
  const orm = await openOrm(config.DATABASE_URL, { max: 30 });
  const client = await openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const quiet = pino({ level: config.LOG_LEVEL });
  const graph = openGraph(config);
  const vectors = new VectorDatabase(config.lancedbUri);
  const dispatcher = createDispatcher({ orm, client, onLeft: () => undefined });
  const stops: (() => Promise<void>)[] = [];

  return {
    config,
    environment,
    database,
    orm,
    client,
    dispatcher,
    sandbox,
    admin: sandboxAdmin(sandbox.url),
    async startWorkers({ log = quiet, metrics = createWorkerMetrics() } = {}) {
      const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
      const bundle = await loadBundle(workflowBundle().codePath);
      const workers = await createWorkers({
        config,
        orm,
        client,
        connection,
        bundle,
        graph,
        vectors,
        log,
        metrics,
      });
      const running = Promise.all(workers.map((worker) => worker.run()));
      let stopped: Promise<void> | undefined;
      const stop = () =>
        (stopped ??= (async () => {
          for (const worker of workers) worker.shutdown();
          await running;
          await connection.close();
        })());
      stops.push(stop);
      return stop;
    },
    connect: (sandboxUser) => connectPerson({ orm, config, dispatcher }, sandboxUser),
    connectAppleMusic: (sandboxUser) => connectAppleMusicPerson({ orm, config, dispatcher }, sandboxUser),
    jobEnd: (jobId) => jobEnd(orm, jobId),
    async close() {
      for (const stop of stops) await stop();
      const miscounted = await recountFigures(orm.em.fork());
      await client.connection.close();
      vectors.close();
      await graph?.close();
      await orm.close(true);
      await sandbox.close();
      rmSync(indexFolder, { recursive: true, force: true });
      if (miscounted.length > 0) throw new Error(`figures differ from a recount: ${JSON.stringify(miscounted)}`);
    },
  };
}
