import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { OnHealthChange } from '../adapters/postgres/connection-health';
import { healthChangeCounter } from '../adapters/telemetry/health-change-counter';
import { decryptFailureCounter } from '../adapters/telemetry/decrypt-failure-counter';
import { developerTokenRejections } from '../adapters/telemetry/developer-token-alarm';
import { oauthFlowCounter, type FlowEndLabels } from '../adapters/telemetry/oauth-flow-counter';
import { providerCalls } from '../adapters/telemetry/provider-calls';
import type { AppleMusicCallInfo } from '../adapters/providers/apple-music/http';
import type { SpotifyCallInfo } from '../adapters/providers/spotify/http';

export interface Metrics {
  registry: Registry;
  httpSeconds: Histogram<'method' | 'route' | 'status'>;
  onFlowEnd: (end: FlowEndLabels) => void;
  onSpotifyCall: (call: SpotifyCallInfo) => void;
  onAppleMusicCall: (call: AppleMusicCallInfo) => void;
  onDeveloperTokenRejected: () => void;
  onDecryptFailure: (use: string) => void;
  onHealthChange: OnHealthChange;
}

/** The API's metrics, in a registry of their own so that tests don't share counts. Labels are routes and enums, never paths or ids. */
export function createMetrics(options: { processDefaults: boolean }): Metrics {
  const registry = new Registry();
  if (options.processDefaults) collectDefaultMetrics({ register: registry });
  const onCall = providerCalls(registry);
  return {
    registry,
    onSpotifyCall: onCall('spotify'),
    onAppleMusicCall: onCall('apple_music'),
    httpSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer a request, by route pattern.',
      labelNames: ['method', 'route', 'status'],
      // Few: each is a line for every route and status.
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers: [registry],
    }),
    onFlowEnd: oauthFlowCounter(registry),
    onDeveloperTokenRejected: developerTokenRejections(registry),
    onDecryptFailure: decryptFailureCounter(registry),
    onHealthChange: healthChangeCounter(registry),
  };
}
