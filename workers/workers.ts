import type { Client } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkerOptions, type WorkflowBundle } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createAccountMergeActivities } from '../activities/account-merge';
import { createAppealActivities } from '../activities/appeals';
import { createBlockImportActivities } from '../activities/block-imports';
import { createCatalogImportActivities } from '../activities/catalog-imports';
import { createHealthActivities } from '../activities/connection-health';
import { createMaintenanceActivities } from '../activities/connection-health-maintenance';
import { createProbe } from '../activities/connection-health-probe';
import { createCredentialActivities } from '../activities/credentials';
import { createDisconnectActivities } from '../activities/disconnect';
import { createDeliveryActivities } from '../activities/deliver-webhook';
import { createEnforcementActivities } from '../activities/enforcement';
import { createErasureActivities, createRevocationActivities } from '../activities/erase-account';
import { createEmailActivities } from '../activities/send-email';
import { createExpiryActivities } from '../activities/expire-blocks';
import { createExportActivities } from '../activities/export-account';
import { createGraphSyncActivities } from '../activities/graph-sync';
import { createIndexActivities } from '../activities/index-artists';
import { createJobActivities } from '../activities/jobs';
import { createLibraryActivities } from '../activities/library';
import { createPlanActivities } from '../activities/plans';
import { createRenewal } from '../activities/renew-credential';
import { createRunActivities } from '../activities/runs';
import { createScheduleActivities } from '../activities/scheduled-enforcement';
import { createSealActivities } from '../activities/seal-audit';
import { createSignInActivities } from '../activities/sign-in';
import { createSnapshotActivities } from '../activities/snapshot-analytics';
import { createWithdrawalActivities } from '../activities/source-withdrawals';
import { createSweepActivities } from '../activities/sweep';
import { createUnlinkActivities } from '../activities/unlink-identity';
import { createVaultRotationActivities } from '../activities/vault-rotation';
import { createSealing } from '../adapters/audit-seal/sealing';
import { indexedTables } from '../adapters/catalog-index/tables';
import { createMailer } from '../adapters/email/mailer';
import { callRates } from '../adapters/environment/call-rates';
import { comparisonSettings } from '../adapters/environment/comparison-settings';
import type { Config } from '../adapters/environment/config';
import type { VectorDatabase } from '../adapters/lancedb/database';
import type { Graph } from '../adapters/neo4j/graph';
import { createCredentialAccess } from '../adapters/postgres/credential-access';
import { createCredentialStore } from '../adapters/postgres/credentials';
import type { MikroORM } from '../adapters/postgres/orm';
import { personsApps } from '../adapters/postgres/provider-apps';
import { createProviderGate } from '../adapters/postgres/provider-gate';
import { createCallNotes } from '../adapters/postgres/provider-calls';
import { createSpotifyAppBook } from '../adapters/postgres/spotify-app-book';
import { oauthProviders } from '../adapters/providers/oauth-exchange';
import { createAppleMusic } from '../adapters/providers/apple-music/apple-music';
import { createSpotifyClient } from '../adapters/providers/spotify/client';
import { createDispatcher } from '../adapters/temporal/dispatch';
import { createJoinRefresh } from '../adapters/temporal/join-refresh';
import { taskQueues } from '../adapters/temporal/task-queues';
import { developerTokenAlarm } from '../adapters/telemetry/developer-token-alarm';
import { createVault } from '../adapters/vault/vault';
import { createWebhookSender } from '../adapters/webhooks/send';
import { activityLog } from './interceptors/activity-log';
import { traceActivities } from './interceptors/trace-activities';
import type { WorkerMetrics } from './metrics';
import { traceExecutions } from './trace-executions';

export interface WorkersDeps {
  config: Config;
  orm: MikroORM;
  client: Client;
  connection: NativeConnection;
  bundle: WorkflowBundle;
  /** The artist graph; null where no address is configured. */
  graph: Graph | null;
  vectors: VectorDatabase;
  log: Logger;
  metrics: WorkerMetrics;
}

/** One worker a task queue, all in this process. The caller runs them and shuts them down. */
export async function createWorkers(deps: WorkersDeps): Promise<Worker[]> {
  const { config, orm, client, log, metrics } = deps;
  const dispatcher = createDispatcher({
    orm,
    client,
    onLeft: (outboxId, error) => log.warn({ outboxId, err: error }, 'start left to the sweeper'),
  });
  const vault = createVault(config.VAULT_KEYS, { onDecryptFailure: metrics.onDecryptFailure });
  const providers = oauthProviders(config, personsApps(orm));
  const { onHealthChange, onRunEnd } = metrics;
  const access = createCredentialAccess({ orm, vault, joinRefresh: createJoinRefresh(client), onHealthChange });
  const calls = createCallNotes(orm);
  const spotifyApps = createSpotifyAppBook(orm, config.spotify?.apps ?? [], (found) =>
    log.warn(found, 'a Spotify app is not as it was taken for'),
  );
  const spotify = createSpotifyClient({
    apps: spotifyApps,
    apiUrl: config.spotify?.apiUrl ?? '',
    gate: createProviderGate(orm, { callsPerSecond: config.SPOTIFY_CALLS_PER_SECOND }),
    timeoutSeconds: config.PROVIDER_TIMEOUT_SECONDS,
    onCall: (call) => {
      metrics.onSpotifyCall(call);
      calls.note('spotify', call);
    },
  });
  const shared: Omit<WorkerOptions, 'taskQueue'> = {
    connection: deps.connection,
    namespace: config.TEMPORAL_NAMESPACE,
    dataConverter: { failureConverterPath: require.resolve('../adapters/temporal/failure-converter') },
    interceptors: { activity: [traceActivities, activityLog(log)] },
    shutdownGraceTime: '8s',
  };
  const renewal = { orm, vault, providers, onRefresh: metrics.onRefresh, onHealthChange };
  const renewOnce = createRenewal(renewal);
  const appleMusic = createAppleMusic(config, {
    gate: createProviderGate(orm, { callsPerSecond: config.APPLE_MUSIC_CALLS_PER_SECOND }),
    onCall: (call) => {
      metrics.onAppleMusicCall(call);
      calls.note('apple_music', call);
    },
    onDeveloperTokenRejected: developerTokenAlarm({ count: metrics.onDeveloperTokenRejected, log }),
  });
  const probe = createProbe({
    orm,
    vault,
    spotify,
    appleMusic: appleMusic?.client ?? null,
    renewOnce,
    onHealthChange,
  });
  const streaming = { orm, spotify, appleMusic: appleMusic?.client ?? null, access, onHealthChange };
  const library = createLibraryActivities(streaming);
  const enforcement = createEnforcementActivities({ ...streaming, onSettled: metrics.onSettled });
  return Promise.all([
    Worker.create({
      ...shared,
      taskQueue: taskQueues.workflows,
      workflowBundle: deps.bundle,
      sinks: traceExecutions,
      maxCachedWorkflows: 500,
      activities: createSignInActivities({
        orm,
        vault,
        providers,
        credentials: createCredentialStore(orm, vault),
        spotify,
        spotifyApps: config.spotify?.apps ?? [],
        dispatcher,
        onFlowEnd: metrics.onFlowEnd,
        onHealthChange,
      }),
    }),
    Worker.create({
      ...shared,
      taskQueue: taskQueues.credentials,
      maxConcurrentActivityTaskExecutions: 20,
      activities: {
        ...createCredentialActivities(renewal),
        ...createHealthActivities({ orm, probe, onHealthChange }),
        ...createMaintenanceActivities({
          orm,
          probe,
          renewOnce,
          onHealthChange,
          callsPerSecond: config.SPOTIFY_CALLS_PER_SECOND,
        }),
        ...createUnlinkActivities({ orm, vault, providers }),
        ...createRevocationActivities({ orm, vault, providers }),
        ...createVaultRotationActivities({ orm, vault }),
      },
    }),
    Worker.create({
      ...shared,
      taskQueue: taskQueues.spotify,
      maxConcurrentActivityTaskExecutions: 20,
      activities: { ...library, ...enforcement },
    }),
    Worker.create({
      ...shared,
      taskQueue: taskQueues.appleMusic,
      maxConcurrentActivityTaskExecutions: 20,
      activities: { ...library, ...enforcement },
    }),
    Worker.create({
      ...shared,
      taskQueue: taskQueues.data,
      maxConcurrentActivityTaskExecutions: 10,
      activities: {
        ...createPlanActivities({
          orm,
          spotifyApps,
          callRates: callRates(config),
          unattendedListHours: config.UNATTENDED_LIST_HOURS,
        }),
        ...createExportActivities({ orm }),
        ...createBlockImportActivities({ orm }),
        ...createCatalogImportActivities({ orm }),
        ...createGraphSyncActivities({ orm, graph: deps.graph }),
        ...createErasureActivities({ orm, client }),
        ...createDisconnectActivities({ orm, client, onRunEnd }),
        ...createJobActivities({ orm }),
        ...createDeliveryActivities({
          orm,
          vault,
          send: createWebhookSender({ allowLoopback: config.NODE_ENV !== 'production', timeoutSeconds: 15 }),
          onAttempt: metrics.onDeliveryAttempt,
        }),
        ...createEmailActivities({
          orm,
          mailer: config.email && createMailer(config.email, { timeoutSeconds: 20 }),
          keys: config.VAULT_KEYS,
          apiUrl: config.apiUrl,
          onEnd: metrics.onEmailEnd,
        }),
        ...createAccountMergeActivities({ orm }),
        ...createRunActivities({ orm, dispatcher, onRunEnd }),
        ...createExpiryActivities({ orm, dispatcher }),
        ...createWithdrawalActivities({ orm }),
        ...createScheduleActivities({
          orm,
          dispatcher,
          cap: { items: config.UNATTENDED_CAP_ITEMS, percent: config.UNATTENDED_CAP_PERCENT },
        }),
        ...createAppealActivities({
          orm,
          client,
          decisionHours: config.APPEAL_DECISION_HOURS,
          onUnreviewable: (appealId) => {
            metrics.onUnreviewableAppeal();
            log.error({ appealId, code: 'appeal_unreviewable' }, 'nobody is left who may decide an appeal');
          },
        }),
        ...createSealActivities({
          orm,
          sealing: createSealing(config.audit, (head) => log.info({ head }, 'the audit is sealed')),
        }),
        ...createSnapshotActivities({
          orm,
          comparison: comparisonSettings(config),
          onBudgetSpent: () => log.warn('the privacy budget is spent: nothing more is released to compare with'),
        }),
        ...createSweepActivities({
          orm,
          client,
          dispatcher,
          onFlowEnd: metrics.onFlowEnd,
          onRunEnd,
          emails: { sending: config.email !== null, onDropped: (count) => metrics.onEmailEnd('dropped', count) },
        }),
      },
    }),
    Worker.create({
      ...shared,
      taskQueue: taskQueues.index,
      maxConcurrentActivityTaskExecutions: 1,
      activities: createIndexActivities({ orm, vectors: deps.vectors, tables: indexedTables(config.styleModel) }),
    }),
  ]);
}
