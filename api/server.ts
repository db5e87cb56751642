import './heap-growth';
import { createServer } from 'node:http';
import { ConfigError, loadConfig, type Config } from '../adapters/environment/config';
import { VectorDatabase } from '../adapters/lancedb/database';
import { openGraph } from '../adapters/neo4j/graph';
import { createCredentialAccess } from '../adapters/postgres/credential-access';
import { createJobWatch } from '../adapters/postgres/job-watch';
import { noteSwitchesAtStart } from '../adapters/postgres/operator-switches';
import { openOrm } from '../adapters/postgres/orm';
import { createPersonWatch } from '../adapters/postgres/person-watch';
import { createCallNotes } from '../adapters/postgres/provider-calls';
import { createProviderGate } from '../adapters/postgres/provider-gate';
import { createAppleMusic } from '../adapters/providers/apple-music/apple-music';
import { createSpotifyArtistSource } from '../adapters/providers/spotify/artist-source';
import { createSpotifyClient } from '../adapters/providers/spotify/client';
import { lazyTemporal } from '../adapters/temporal/client';
import { createDispatcher } from '../adapters/temporal/dispatch';
import { createJoinRefresh } from '../adapters/temporal/join-refresh';
import { createVault } from '../adapters/vault/vault';
import { createApp } from './app';
import { developerTokenAlarm } from '../adapters/telemetry/developer-token-alarm';
import { createLogger } from '../adapters/telemetry/logger';
import { createMetrics } from './metrics';
import { healthChecks } from './ops/checks';
import { drain, listen } from '../adapters/telemetry/listen';
import { startTracing } from '../adapters/tracing/start-tracing';
import { machineGauges } from '../adapters/telemetry/machine/gauges';
import { createMetricsServer } from '../adapters/telemetry/metrics-server';
import { rowGauges } from '../adapters/telemetry/row-gauges';
import { createRateLimits } from './rate-limits';

/** Requests under way get this long when the process is told to stop. */
const drainSeconds = 10;

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
  const log = createLogger('api', config.LOG_LEVEL);
  const endTracing = await startTracing(config.tracing, { process: 'api', log });
  const orm = await openOrm(config.DATABASE_URL);
  const temporal = lazyTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const graph = openGraph(config);
  const vectors = new VectorDatabase(config.lancedbUri);
  const gate = createProviderGate(orm, { callsPerSecond: config.SPOTIFY_CALLS_PER_SECOND });
  const metrics = createMetrics({ processDefaults: true });
  rowGauges(metrics.registry, orm);
  machineGauges(metrics.registry, { dataDir: config.DATA_DIR });
  const vault = createVault(config.VAULT_KEYS, { onDecryptFailure: metrics.onDecryptFailure });
  const calls = createCallNotes(orm);
  const appleMusic = createAppleMusic(config, {
    gate: createProviderGate(orm, { callsPerSecond: config.APPLE_MUSIC_CALLS_PER_SECOND }),
    onCall: (call) => {
      metrics.onAppleMusicCall(call);
      calls.note('apple_music', call);
    },
    onDeveloperTokenRejected: developerTokenAlarm({ count: metrics.onDeveloperTokenRejected, log }),
  });
  const closing = new AbortController();
  const app = createApp({
    config,
    log,
    orm,
    temporal,
    dispatcher: createDispatcher({
      orm,
      client: temporal,
      onLeft: (outboxId, error) => log.warn({ outboxId, err: error }, 'start left to the sweeper'),
    }),
    vault,
    gate,
    artistSources: {
      ...(config.spotify
        ? {
            spotify: createSpotifyArtistSource({
              access: createCredentialAccess({
                orm,
                vault,
                joinRefresh: createJoinRefresh(temporal),
                onHealthChange: metrics.onHealthChange,
              }),
              spotify: createSpotifyClient({
                apiUrl: config.spotify.apiUrl,
                gate,
                timeoutSeconds: config.PROVIDER_TIMEOUT_SECONDS,
                onCall: (call) => {
                  metrics.onSpotifyCall(call);
                  calls.note('spotify', call);
                },
              }),
            }),
          }
        : {}),
      ...(appleMusic ? { apple_music: appleMusic.artists } : {}),
    },
    appleMusic,
    jobWatch: createJobWatch(orm),
    personWatch: createPersonWatch(orm),
    metrics,
    limits: createRateLimits(config),
    graph,
    vectors,
    checks: healthChecks({ orm, temporal, graph, vectors }),
    closing: closing.signal,
  });
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  const metricsServer = createMetricsServer(metrics.registry);

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    log.info('stopping');
    closing.abort();
    await Promise.all([drain(server, drainSeconds), drain(metricsServer, 1)]);
    vectors.close();
    await Promise.allSettled([temporal.connection.close(), graph?.close(), orm.close(true), endTracing()]);
    log.info('stopped');
    // Kept-alive sockets to providers would hold the process for minutes.
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void (stopping ??= stop()));

  void noteSwitchesAtStart(orm, config.switches, (error) =>
    log.warn({ err: error }, 'what is switched on could not be noted yet'),
  );
  await listen(metricsServer, { host: config.API_HOST, port: config.METRICS_PORT, variable: 'METRICS_PORT' });
  await listen(server, { host: config.API_HOST, port: config.API_PORT, variable: 'API_PORT' });
  log.info({ url: config.apiUrl }, 'listening');
}

main().catch((error: unknown) => {
  process.stderr.write(`The API could not start: ${error instanceof Error ? error.message : 'unknown failure'}\n`);
  process.exit(1);
});
