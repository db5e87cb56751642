import { Counter, Histogram, type Registry } from 'prom-client';
import type { StreamingProvider } from '../../domain/capabilities';
import type { AppleMusicCallInfo } from '../providers/apple-music/http';
import type { SpotifyCallInfo } from '../providers/spotify/http';

/** Counts calls to a streaming provider and how long they took; all labels are names that our clients give. */
export function providerCalls(
  registry: Registry,
): (provider: StreamingProvider) => (call: SpotifyCallInfo | AppleMusicCallInfo) => void {
  const requests = new Counter({
    name: 'dnp_provider_requests_total',
    help: 'Calls to providers.',
    labelNames: ['provider', 'endpoint', 'outcome'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'dnp_provider_requests_duration_seconds',
    help: 'How long calls to providers took.',
    labelNames: ['provider', 'endpoint', 'outcome'],
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return (provider) =>
    ({ endpoint, outcome, seconds }) => {
      requests.inc({ provider, endpoint, outcome });
      durations.observe({ provider, endpoint, outcome }, seconds);
    };
}
