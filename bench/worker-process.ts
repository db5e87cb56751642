import { readFileSync } from 'node:fs';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { loadConfig } from '../adapters/environment/config';
import { VectorDatabase } from '../adapters/lancedb/database';
import { openGraph } from '../adapters/neo4j/graph';
import { openOrm } from '../adapters/postgres/orm';
import { createLogger } from '../adapters/telemetry/logger';
import { openTemporal } from '../adapters/temporal/client';
import { loadBundle } from '../workers/bundle';
import { createWorkerMetrics } from '../workers/metrics';
import { createWorkers } from '../workers/workers';

/** Sent once the workers poll, and as the answer to any message. */
export interface WorkerMessage {
  peakBytes: number;
}

/** The workers as in production, on a bundle made before, so that the memory measured is that of working. */
async function main(): Promise<void> {
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
  const config = loadConfig();
  const orm = await openOrm(config.DATABASE_URL, { max: 30 });
  const client = await openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  const workers = await createWorkers({
    config,
    orm,
    client,
    connection,
    bundle: await loadBundle(process.argv[2] ?? null),
    graph: openGraph(config),
    vectors: new VectorDatabase(config.lancedbUri),
    log: createLogger('worker', config.LOG_LEVEL),
    metrics: createWorkerMetrics(),
  });
  const stop = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const tell = () => {
    const message: WorkerMessage = { peakBytes: peakBytes() };
    process.send?.(message);
  };
  process.on('message', tell);
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  const running = Promise.all(workers.map((worker) => worker.run()));
  tell();
  await running;
  await Promise.allSettled([client.connection.close(), connection.close(), orm.close(true)]);
  process.exit(0);
}

/** On Linux the process's own account: what `resourceUsage` tells there counts the memory of whoever started it, too. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
