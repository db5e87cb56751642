import type { Config } from '../../adapters/environment/config';
import { createCredentialStore } from '../../adapters/postgres/credentials';
import { Connection, Plan, Run, User } from '../../adapters/postgres/entities';
import { executePlan } from '../../adapters/postgres/executions';
import { newId } from '../../adapters/postgres/ids';
import { createJob } from '../../adapters/postgres/jobs';
import type { MikroORM } from '../../adapters/postgres/orm';
import { createRollback, undoableActions } from '../../adapters/postgres/rollbacks';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import type { Dispatcher } from '../../adapters/temporal/dispatch';
import { createVault } from '../../adapters/vault/vault';
import { spotifyTokens } from './spotify-consent';

export interface PersonDeps {
  orm: MikroORM;
  config: Config;
  dispatcher: Dispatcher;
}

/** What somebody with a connected account can have done, below the HTTP side. Jobs that fail throw. */
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

export interface JobEnd {
  status: string;
  failure_code: string | null;
}

/** Waits for a job's end. */
export async function jobEnd(orm: MikroORM, jobId: string): Promise<JobEnd> {
  for (;;) {
    const rows = await orm.em
      .fork()
      .execute<(JobEnd & { finished_at: string | null })[]>(
        `select status, failure_code, finished_at from jobs where id = ?`,
        [jobId],
      );
    if (rows[0]?.finished_at) return rows[0];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Makes a person whose account at the sandbox's Spotify is connected, as if they had signed in and consented. */
export async function connectPerson({ orm, config, dispatcher }: PersonDeps, sandboxUser: string): Promise<Person> {
  const [userId, connectionId] = [newId(), newId()];
  const tokens = await spotifyTokens(config.SANDBOX_URL ?? '', sandboxUser, spotifyScopes);
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
      const end = await jobEnd(orm, jobId);
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
      const end = await jobEnd(orm, jobId);
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
          actions: await undoableActions(tx, runId, actionIds),
          requestId: null,
        }),
      );
      return { runId: made.runId ?? '', jobId: made.jobId };
    },
    run: (runId) => orm.em.fork().findOneOrFail(Run, { id: runId }),
  };
}
