import type { Config } from '../../adapters/environment/config';
import { saveAppleMusicConsent } from '../../adapters/postgres/apple-music-consent';
import { createCredentialStore } from '../../adapters/postgres/credentials';
import { Connection, Plan, Run, User } from '../../adapters/postgres/entities';
import { executePlan } from '../../adapters/postgres/executions';
import { newId } from '../../adapters/postgres/ids';
import { createJob } from '../../adapters/postgres/jobs';
import type { MikroORM } from '../../adapters/postgres/orm';
import { createRollback, undoableActions } from '../../adapters/postgres/rollbacks';
import { createDeveloperTokens } from '../../adapters/providers/apple-music/developer-token';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import type { Dispatcher } from '../../adapters/temporal/dispatch';
import { createVault } from '../../adapters/vault/vault';
import type { StreamingProvider } from '../../domain/capabilities';
import { musicConsent } from './apple-music-consent';
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
  /** By the artist's id at the provider; answers the catalogue's. */
  block(artistId: string): Promise<string>;
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
export async function connectPerson(deps: PersonDeps, sandboxUser: string): Promise<Person> {
  const { orm, config } = deps;
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
  return personAt(deps, { userId, connectionId, provider: 'spotify' });
}

/** The same at the sandbox's Apple Music; a block is then by an artist's id there. */
export async function connectAppleMusicPerson(deps: PersonDeps, sandboxUser: string): Promise<Person> {
  const { orm, config } = deps;
  const settings = config.appleMusic;
  if (!settings) throw new Error('Apple Music is not configured');
  const { token } = await createDeveloperTokens(settings).current();
  const { musicUserToken, storefront } = await musicConsent(config.SANDBOX_URL ?? '', sandboxUser, token);
  const credentials = createCredentialStore(orm, createVault(config.VAULT_KEYS));
  const userId = newId();
  const { teamId, quota } = settings;
  const saved = await orm.em.fork().transactional(async (tx) => {
    tx.persist(tx.create(User, { id: userId, displayName: 'Somebody', createdAt: new Date() }));
    await tx.flush();
    const consent = { userId, connectionId: null, musicUserToken, storefront, teamId, quota };
    return saveAppleMusicConsent(tx, credentials, consent);
  });
  if (saved.outcome !== 'made') throw new Error(`the consent was ${saved.outcome}`);
  return personAt(deps, { userId, connectionId: saved.connectionId, provider: 'apple_music' });
}

interface Account {
  userId: string;
  connectionId: string;
  provider: StreamingProvider;
}

function personAt({ orm, dispatcher }: PersonDeps, { userId, connectionId, provider }: Account): Person {
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
          provider,
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
    async block(artistId) {
      const rows = await orm.em.fork().execute<{ artist_id: string }[]>(
        `insert into blocks (user_id, artist_id) select ?, artist_id from artist_provider_ids where provider = ? and provider_id = ?
         on conflict do nothing returning artist_id`,
        [userId, provider, artistId],
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
          provider,
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
          provider,
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
