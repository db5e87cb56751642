import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningEngine } from '../../dev/engines/engine';
import { freePort } from '../../dev/engines/free-port';
import { startNeo4j, type RunningNeo4j } from '../../dev/engines/neo4j';
import { startPostgres } from '../../dev/engines/postgres';
import { projectRoot } from '../../dev/engines/project-root';
import { type RunningTemporal, startTemporal } from '../../dev/engines/temporal';
import { compileOnce } from './compiled-programs';
import { buildTemplate } from './template-database';
import { bundleOnce } from './workflow-bundle';

/**
 * Runs as a process of its own beside jest and holds the engines of one test run. jest skips its teardown when a setup
 * fails or somebody presses Ctrl-C, and has no say at all when it is killed; this process notices the end of its
 * channel to jest and stops everything.
 */
export type HostMessage = { ready: Record<string, string> } | { failed: string };

const folder = mkdtempSync(join(tmpdir(), 'dnp-tests-'));
// PostgreSQL may run as another user, which has to get in.
chmodSync(folder, 0o755);
const cacheDir = process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines');
const say = (line: string) => process.stderr.write(`${line}\n`);
const running: Promise<RunningEngine>[] = [];
let control: Server | undefined;
let neo4j: Promise<RunningNeo4j> | undefined;
let stopping = false;

function keep<Engine extends RunningEngine>(engine: Promise<Engine>): Promise<Engine> {
  running.push(engine);
  return engine;
}

async function stopAll(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  control?.close();
  const started = await Promise.allSettled(running);
  await Promise.allSettled(started.flatMap((result) => (result.status === 'fulfilled' ? [result.value.stop()] : [])));
  rmSync(folder, { recursive: true, force: true });
  process.exit(exitCode);
}

/** Suites that look at the graph ask for Neo4j; the others don't wait for it. */
function neo4jOnDemand(): Promise<RunningNeo4j> {
  neo4j ??= keep(
    onFreePorts(async () => startNeo4j({ dataDir: folder, cacheDir, port: await freePort(), say: fetchesOnly })),
  );
  return neo4j;
}

const namespaces = Array.from({ length: 100 }, (_, n) => `test-${n + 1}`);
let namespacesTaken = 0;

async function startControl(): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/namespace') {
      const name = namespaces[namespacesTaken++];
      return void response.writeHead(name ? 200 : 503).end(name ?? 'Every namespace is taken: make more of them.');
    }
    if (request.url !== '/neo4j') return void response.writeHead(404).end();
    neo4jOnDemand().then(
      ({ url, user, password }) => response.end(JSON.stringify({ url, user, password })),
      (error: Error) => response.writeHead(503).end(error.message),
    );
  });
  control = server;
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${port}`;
}

/** A port that was free can be taken a moment later, by one of the server's own parts even: then others are tried. */
async function onFreePorts<Engine>(start: () => Promise<Engine>, tries = 3): Promise<Engine> {
  try {
    return await start();
  } catch (error) {
    if (tries === 1 || stopping) throw error;
    return onFreePorts(start, tries - 1);
  }
}

async function startTemporalHere(): Promise<RunningTemporal> {
  const [port, httpPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const ports = { port, uiPort: null, httpPort, metricsPort };
  return startTemporal({
    dataDir: folder,
    cacheDir,
    ...ports,
    throwaway: true,
    skipsTime: true,
    namespaces,
    say: fetchesOnly,
  });
}

async function startAll(): Promise<Record<string, string>> {
  const temporalStarted = keep(onFreePorts(startTemporalHere));
  const postgresStarted = keep(freePort().then((port) => startPostgres({ dataDir: folder, port, throwaway: true })));
  const bundled = bundleOnce(join(folder, 'workflow-bundle.js'));
  const template = postgresStarted.then((postgres) => buildTemplate(postgres));
  const [postgres, temporal, bundle, controlUrl] = await Promise.all([
    postgresStarted,
    temporalStarted,
    bundled,
    startControl(),
  ]);
  await template;
  return {
    DNP_TEST_POSTGRES_URL: postgres.superuserUrl ?? '',
    DNP_TEST_POSTGRES_APP_URL: postgres.url,
    DNP_TEST_POSTGRES_OWNER_URL: postgres.ownerUrl,
    DNP_TEST_TEMPORAL_ADDRESS: temporal.address,
    DNP_TEST_ENGINES_CONTROL: controlUrl,
    DNP_TEST_FOLDER: folder,
    DNP_WORKFLOW_BUNDLE: bundle,
    DNP_TEST_PROGRAMS: compileOnce(join(folder, 'programs')),
  };
}

const fetchesOnly = (line: string) => {
  if (line.includes('fetching')) say(line);
};

// A database connection that is cut off by our own stopping must not end this process before it has cleaned up.
process.on('uncaughtException', (error) => {
  if (!stopping) say(error.stack ?? error.message);
  void stopAll(1);
});
process.on('disconnect', () => void stopAll(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopAll(1));
/** jest may be gone by the time there is something to say, and that is no reason to fail. */
function tell(message: HostMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

startAll().then(
  (ready) => tell({ ready }),
  (error: Error) => {
    if (!stopping) tell({ failed: error.name === 'EngineProblem' ? error.message : (error.stack ?? error.message) });
    void stopAll(1);
  },
);
