import { EntityManager } from '@mikro-orm/core';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import pino from 'pino';
import undici from 'undici';
import { loadConfig } from '../../adapters/environment/config';
import { openOrm } from '../../adapters/postgres/orm';
import { openTemporal } from '../../adapters/temporal/client';
import { loadBundle } from '../../workers/bundle';
import { createWorkerMetrics } from '../../workers/metrics';
import { createWorkers } from '../../workers/workers';
import { type FromVictim, isAtStep, type KillPoint, type Step, type ToVictim } from './kill-points';

/**
 * A worker process that ends itself by SIGKILL at a chosen step: before or after its n-th provider call, before or after its
 * n-th commit. It says `ready` when everything is loaded, and works once it is told to; every step is told to its parent.
 */
const tell = (message: FromVictim) => process.send?.(message);
const seen: Step[] = [];
let fatal: KillPoint | null = null;

function pass(step: Step): void {
  seen.push(step);
  tell({ step });
  if (fatal && isAtStep(fatal, seen)) process.kill(process.pid, 'SIGKILL');
}

function watchCalls(): void {
  const request = undici.request;
  undici.request = (async (url: URL, options: { method: string }) => {
    const path = url.pathname.replace(/^\/spotify/, '').replace(/^\/v1/, '');
    const label = `${options.method} ${path.replace(/\/playlists\/[^/]+/, '/playlists/{id}')}`;
    pass({ kind: 'call', when: 'before', label });
    const answer = await request(url, options as Parameters<typeof request>[1]);
    pass({ kind: 'call', when: 'after', label });
    return answer;
  }) as typeof request;
}

function watchCommits(): void {
  type Transactional = (work: (tx: unknown) => Promise<unknown>, options?: unknown) => Promise<unknown>;
  const prototype = EntityManager.prototype as unknown as { transactional: Transactional };
  const transactional = prototype.transactional;
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
  watchCommits();
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
  const config = loadConfig();
  const orm = await openOrm(config.DATABASE_URL, { max: 30 });
  const client = await openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  const bundle = await loadBundle(process.env.DNP_WORKFLOW_BUNDLE ?? null);
  process.once('message', (order: ToVictim) => {
    fatal = order.kill;
    void work();
  });
  process.once('disconnect', () => process.exit(0));
  tell({ ready: true });

  async function work(): Promise<void> {
    const log = pino({ level: config.LOG_LEVEL });
    const metrics = createWorkerMetrics();
    const workers = await createWorkers({ config, orm, client, connection, bundle, log, metrics });
    await Promise.all(workers.map((worker) => worker.run()));
  }
}

void main();
