import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import pino from 'pino';
import { type Config, loadConfig } from '../../adapters/environment/config';
import { executePlan } from '../../adapters/postgres/executions';
import { createCredentialStore } from '../../adapters/postgres/credentials';
import { Connection, Plan, Run, User } from '../../adapters/postgres/entities';
import { newId } from '../../adapters/postgres/ids';
import { createJob } from '../../adapters/postgres/jobs';
import { type MikroORM, openOrm } from '../../adapters/postgres/orm';
import { createRollback, undoableActions } from '../../adapters/postgres/rollbacks';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import { openTemporal } from '../../adapters/temporal/client';
import { createDispatcher, type Dispatcher } from '../../adapters/temporal/dispatch';
import { createVault } from '../../adapters/vault/vault';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../dev/sandbox/server';
import { createWorkerMetrics } from '../../workers/metrics';
import { loadBundle } from '../../workers/bundle';
import { createWorkers } from '../../workers/workers';
import { createTestDatabase, type TestDatabase, temporalAddress, temporalNamespace, workflowBundle } from './engines';
import { sandboxAdmin } from './sandbox-admin';
import { spotifyTokens } from './spotify-consent';

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
  startWorkers(): Promise<() => Promise<void>>;
  /** A person with a connected account of the sandbox's. */
  connect(sandboxUser: string): Promise<Person>;
  /** Waits for a job's end. */
  jobEnd(jobId: string): Promise<{ status: string; failure_code: string | null }>;
  close(): Promise<void>;
}

export interface Person {
  userId: string;
  connectionId: string;
  sync(): Promise<string>;
  block(spotifyArtistId: string): Promise<string>;
  plan(preset?: string, switches?: Record<string, boolean>): Promise<Plan>;
  execute(planId: string): Promise<{ runId: string; jobId: string }>;
  rollback(runId: string, actionIds?: string[] | null): Promise<{ runId: string; jobId: string }>;
  run(runId: string): Promise<Run>;
}

/** The whole system but its HTTP side, over the real engines, with a sandbox of its own. */
export async function startSystem(
  options: SandboxOptions & { environment?: Record<string, string> } = {},
): Promise<System> {
  const database = await createTestDatabase();
  const sandbox = await startSandbox({ port: 0, statePath: null, ...options });
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporalAddress(),
    TEMPORAL_NAMESPACE: await temporalNamespace(),
    SANDBOX_URL: sandbox.url,
    SPOTIFY_CALLS_PER_SECOND: '1000',
    VAULT_KEYS: `test:${Buffer.alloc(32, 7).toString('base64url')}`,
    ...options.environment,
  };
  const config = loadConfig(environment);
  const orm = await openOrm(config.DATABASE_URL, { max: 30 });
  const client = await openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const log = pino({ level: config.LOG_LEVEL });
  const dispatcher = createDispatcher({ orm, client, onLeft: () => undefined });
  const stops: (() => Promise<void>)[] = [];

  const system: System = {
    config,
    environment,
    database,
    orm,
    client,
    dispatcher,
    sandbox,
    admin: sandboxAdmin(sandbox.url),
    async startWorkers() {
      const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
      const bundle = await loadBundle(workflowBundle().codePath);
      const workers = await createWorkers({
        config,
        orm,
        client,
        connection,
        bundle,
        log,
        metrics: createWorkerMetrics(),
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
    connect: (sandboxUser) => connectPerson(system, sandboxUser),
    async jobEnd(jobId) {
      for (;;) {
        const rows = await orm.em
          .fork()
          .execute<{ status: string; failure_code: string | null; finished_at: string | null }[]>(
            `select status, failure_code, finished_at from jobs where id = ?`,
            [jobId],
          );
        if (rows[0]?.finished_at) return rows[0];
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async close() {
      for (const stop of stops) await stop();
      await client.connection.close();
      await orm.close(true);
      await sandbox.close();
      await database.drop();
    },
  };
  return system;
}

async function connectPerson(system: System, sandboxUser: string): Promise<Person> {
  const { orm, config, dispatcher, sandbox } = system;
  const [userId, connectionId] = [newId(), newId()];
  const tokens = await spotifyTokens(sandbox.url, sandboxUser, spotifyScopes);
  const credentials = createCredentialStore(orm, createVault(config.VAULT_KEYS));
  await orm.em.fork().transactional(async (tx) => {
    tx.persist(tx.create(User, { id: userId, displayName: 'Somebody', createdAt: new Date() }));
    tx.persist(
      tx.create(Connection, {
        id: connectionId,
        userId,
        provider: 'spotify',
        accountId: `account-${sandboxUser}`,
        accountUserId: sandboxUser,
        accountName: 'Somebody',
        clientId: 'sandbox-spotify',
        quota: config.SPOTIFY_QUOTA,
        scopes: [...spotifyScopes],
        consentedAt: new Date(),
        createdAt: new Date(),
      }),
    );
    await tx.flush();
    await credentials.save(
      tx,
      { id: connectionId, type: 'connection', provider: 'spotify' },
      { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken, expiresInSeconds: 3600 },
    );
  });
  const started = async (
    work: (tx: ReturnType<typeof orm.em.fork>) => Promise<{ outboxId: string; jobId: string; runId?: string }>,
  ) => {
    const made = await orm.em.fork().transactional(work);
    await dispatcher.start(made.outboxId);
    return made;
  };
  return {
    userId,
    connectionId,
    async sync() {
      const { jobId } = await started(async (tx) =>
        createJob(tx, {
          type: 'library_sync',
          userId,
          subjectType: 'connection',
          subjectId: connectionId,
          provider: 'spotify',
          workflowType: 'syncLibrary',
          workflowId: (id) => `library-sync:${id}`,
          input: (id) => ({ jobId: id, connectionId }),
          requestId: null,
        }),
      );
      const end = await system.jobEnd(jobId);
      if (end.status !== 'completed') throw new Error(`the sync ended ${end.status} ${end.failure_code}`);
      return jobId;
    },
    async block(spotifyArtistId) {
      const rows = await orm.em.fork().execute<{ artist_id: string }[]>(
        `insert into blocks (user_id, artist_id) select ?, artist_id from artist_provider_ids where provider = 'spotify' and provider_id = ?
         on conflict do nothing returning artist_id`,
        [userId, spotifyArtistId],
      );
      return rows[0]?.artist_id ?? '';
    },
    async plan(preset = 'standard', switches = {}) {
      const planId = newId();
      const { jobId } = await started(async (tx) => {
        const job = createJob(tx, {
          type: 'plan',
          userId,
          subjectType: 'plan',
          subjectId: planId,
          provider: 'spotify',
          workflowType: 'preparePlan',
          workflowId: () => `plan:${planId}`,
          input: (id) => ({ planId, jobId: id, connectionId }),
          requestId: null,
        });
        tx.persist(
          tx.create(Plan, {
            id: planId,
            userId,
            connectionId,
            jobId: job.jobId,
            preset,
            switches,
            expiresAt: new Date(Date.now() + 7 * 86_400_000),
            createdAt: new Date(),
          }),
        );
        return job;
      });
      const end = await system.jobEnd(jobId);
      if (end.status !== 'completed') throw new Error(`the plan ended ${end.status} ${end.failure_code}`);
      return orm.em.fork().findOneOrFail(Plan, { id: planId });
    },
    async execute(planId) {
      const made = await started((tx) => executePlan(tx, { userId, planId, sample: null, requestId: null }));
      return { runId: made.runId ?? '', jobId: made.jobId };
    },
    async rollback(runId, actionIds = null) {
      const made = await started(async (tx) =>
        createRollback(tx, {
          userId,
          connectionId,
          provider: 'spotify',
          epoch: 1,
          runId,
          actions: await undoableActions(tx, runId, actionIds),
          requestId: null,
        }),
      );
      return { runId: made.runId ?? '', jobId: made.jobId };
    },
    run: (runId) => orm.em.fork().findOneOrFail(Run, { id: runId }),
  };
}
