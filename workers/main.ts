import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { ConfigError, type Config, loadConfig } from '../adapters/environment/config';
import { createSealing } from '../adapters/audit-seal/sealing';
import { VectorDatabase } from '../adapters/lancedb/database';
import { openGraph } from '../adapters/neo4j/graph';
import { sealFor } from '../adapters/postgres/audit-seals';
import { noteSwitchesAtStart } from '../adapters/postgres/operator-switches';
import { openOrm } from '../adapters/postgres/orm';
import { drain, listen } from '../adapters/telemetry/listen';
import { createLogger } from '../adapters/telemetry/logger';
import { machineGauges } from '../adapters/telemetry/machine/gauges';
import { createMetricsServer } from '../adapters/telemetry/metrics-server';
import { openTemporal } from '../adapters/temporal/client';
import { startTracing } from '../adapters/tracing/start-tracing';
import { loadBundle } from './bundle';
import { watchFailedJobs } from './failed-jobs';
import { createWorkerMetrics } from './metrics';
import { installRuntime } from './runtime';
import { ensureSchedules } from './schedules';
import { createWorkers } from './workers';

/** Seconds that the end of the process waits for the audit to be sealed; twice that where the database does not answer. */
const sealSeconds = 2;

function readConfig(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`The configuration has faults:\n${error.faults.map((fault) => `  ${fault}\n`).join('')}`);
    process.exit(1);
  }
}

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger('worker', config.LOG_LEVEL);
  const endTracing = await startTracing(config.tracing, { process: 'worker', log });
  installRuntime(config, log);
  const orm = await openOrm(config.DATABASE_URL, { max: 30 });
  const client = await openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  const graph = openGraph(config);
  const vectors = new VectorDatabase(config.lancedbUri);
  const metrics = createWorkerMetrics();
  machineGauges(metrics.registry, { dataDir: config.DATA_DIR });
  const bundle = await loadBundle(join(__dirname, '..', 'workflow-bundle.js'));
  const workers = await createWorkers({ config, orm, client, connection, bundle, graph, vectors, log, metrics });
  const metricsServer = createMetricsServer(metrics.registry);
  await listen(metricsServer, { host: config.API_HOST, port: config.METRICS_PORT, variable: 'METRICS_PORT' });
  await ensureSchedules(client);

  void noteSwitchesAtStart(orm, config.switches, (error) =>
    log.warn({ err: error }, 'what is switched on could not be noted yet'),
  );
  const stopTelling = watchFailedJobs({ orm, log, count: metrics.onJobFailed });
  const running = Promise.all(workers.map((worker) => worker.run()));
  const stop = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  log.info({ queues: workers.map((worker) => worker.options.taskQueue) }, 'working');
  await running;
  // What was audited and what failed last does not wait for the next start; where it can't be sealed now, it does.
  const sealing = createSealing(config.audit, (head) => log.info({ head }, 'the audit is sealed'));
  const sealed = sealFor(orm.em.fork(), sealSeconds, sealing).catch((error: unknown) =>
    log.warn({ err: error }, 'the audit could not be sealed'),
  );
  await Promise.race([Promise.all([sealed, stopTelling()]), delay(2 * sealSeconds * 1_000, undefined, { ref: false })]);
  vectors.close();
  await Promise.allSettled([
    drain(metricsServer, 1),
    client.connection.close(),
    connection.close(),
    graph?.close(),
    orm.close(true),
    endTracing(),
  ]);
  log.info('stopped');
  // Kept-alive sockets to providers would hold the process for minutes.
  process.exit(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`The worker could not go on: ${error instanceof Error ? error.message : 'unknown failure'}\n`);
  process.exit(1);
});
