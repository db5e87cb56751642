import { EntityManager } from '@mikro-orm/core';
import { EntityManager as SqlEntityManager } from '@mikro-orm/postgresql';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import pino from 'pino';
import undici from 'undici';
import { loadConfig } from '../../adapters/environment/config';
import { VectorDatabase } from '../../adapters/lancedb/database';
import { openGraph } from '../../adapters/neo4j/graph';
import { openOrm } from '../../adapters/postgres/orm';
import { openTemporal } from '../../adapters/temporal/client';
import { loadBundle } from '../../workers/bundle';
import { createWorkerMetrics } from '../../workers/metrics';
import { createWorkers } from '../../workers/workers';
import { type FromVictim, isAtStep, type KillPoint, type Step, type ToVictim } from './kill-points';

/**
 * A worker process that ends itself by SIGKILL at a chosen step: before or after its n-th provider call, its n-th commit, or its
 * n-th statement on the row of a sign-in flow or of a credential. It says `ready` when everything is loaded, works from its first order on, and
 * tells its parent every step.
 */
const tell = (message: FromVictim) => process.send?.(message);
let seen: Step[] = [];
let fatal: KillPoint | null = null;

function pass(step: Step): void {
  seen.push(step);
  tell({ step });
  if (fatal && isAtStep(fatal, seen)) process.kill(process.pid, 'SIGKILL');
}

function watchCalls(): void {
  const calls = undici as { request: (url: string | URL, options: { method: string }) => Promise<unknown> };
  const { request } = calls;
  calls.request = async (url, options) => {
    const path = new URL(url).pathname
      .replace(/^\/(?:spotify|apple-music)\/v1/, '')
      .replace(/\/playlists\/[^/]+/, '/playlists/{id}')
      .replace(/\/ratings\/([^/]+)\/.+/, '/ratings/$1/{id}');
    const label = `${options.method} ${path}`;
    pass({ kind: 'call', when: 'before', label });
    const answer = await request(url, options);
    pass({ kind: 'call', when: 'after', label });
    return answer;
  };
}

/** Calls to authorization servers are made with fetch. */
function watchFetch(): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input);
    const label = `${init?.method ?? 'GET'} ${address.pathname}`;
    pass({ kind: 'call', when: 'before', label });
    const answer = await fetch(input, init);
    pass({ kind: 'call', when: 'after', label });
    return answer;
  };
}

/** The rows of flows and of credentials are also written outside of transactions. */
function watchStatements(): void {
  type Execute = (...all: unknown[]) => Promise<unknown>;
  const prototype = SqlEntityManager.prototype as unknown as { execute: Execute };
  const { execute } = prototype;
  prototype.execute = async function (...all) {
    const watched = typeof all[0] === 'string' && /^\s*update (oauth_transactions|credentials)\b/.test(all[0]);
    if (!watched) return execute.apply(this, all);
    const label = callerName();
    pass({ kind: 'statement', when: 'before', label });
    const done = await execute.apply(this, all);
    pass({ kind: 'statement', when: 'after', label });
    return done;
  };
}

function watchCommits(): void {
  type Transactional = (work: (tx: unknown) => Promise<unknown>, options?: unknown) => Promise<unknown>;
  const prototype = EntityManager.prototype as unknown as { transactional: Transactional };
  const { transactional } = prototype;
  prototype.transactional = async function (work, options) {
    const label = callerName();
    const done = await transactional.call(
      this,
      async (tx) => {
        const result = await work(tx);
        pass({ kind: 'commit', when: 'before', label });
        return result;
      },
      options,
    );
    pass({ kind: 'commit', when: 'after', label });
    return done;
  };
}

/** The function that asked for a transaction, e.g. `intend`. */
function callerName(): string {
  const frames = (new Error().stack ?? '').split('\n').filter((line) => /\/(activities|adapters)\//.test(line));
  return /at (?:async )?(?:Object\.|\w+\.)?(\w+)/.exec(frames[0] ?? '')?.[1] ?? 'unknown';
}

async function main(): Promise<void> {
  watchCalls();
  watchFetch();
  watchStatements();
  watchCommits();
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
  const config = loadConfig();
  const orm = await openOrm(config.DATABASE_URL, { max: 10 });
  const client = await openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  const bundle = await loadBundle(process.env.DNP_WORKFLOW_BUNDLE ?? null);
  const workers = await createWorkers({
    config,
    orm,
    client,
    connection,
    bundle,
    graph: openGraph(config),
    vectors: new VectorDatabase(config.lancedbUri),
    log: pino({ level: config.LOG_LEVEL }),
    metrics: createWorkerMetrics(),
  });
  let working: Promise<unknown> | undefined;
  process.on('message', (order: ToVictim) => {
    seen = [];
    fatal = order.kill;
    working ??= Promise.all(workers.map((worker) => worker.run()));
  });
  process.once('disconnect', () => process.exit(0));
  tell({ ready: true });
}

void main();
