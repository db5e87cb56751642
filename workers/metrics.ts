import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import type { OnHealthChange } from '../adapters/postgres/connection-health';
import { healthChangeCounter } from '../adapters/telemetry/health-change-counter';
import type { FailedJob } from '../adapters/postgres/job-failures';
import { decryptFailureCounter } from '../adapters/telemetry/decrypt-failure-counter';
import type { DeliveryOutcome } from '../activities/deliver-webhook';
import type { EmailEnd } from '../domain/email-schedule';
import { developerTokenRejections } from '../adapters/telemetry/developer-token-alarm';
import { providerCalls } from '../adapters/telemetry/provider-calls';
import { runCounters, type RunCounters } from '../adapters/telemetry/run-counters';
import { jobFailureCounter } from '../adapters/telemetry/job-failure-counter';
import { oauthFlowCounter, type FlowEndLabels } from '../adapters/telemetry/oauth-flow-counter';
import type { AppleMusicCallInfo } from '../adapters/providers/apple-music/http';
import type { SpotifyCallInfo } from '../adapters/providers/spotify/http';

/** Webhook tries by how they ended. */
type OnDeliveryAttempt = (outcome: DeliveryOutcome) => void;

export interface WorkerMetrics extends RunCounters {
  registry: Registry;
  onSpotifyCall(info: SpotifyCallInfo): void;
  onAppleMusicCall(info: AppleMusicCallInfo): void;
  onDeveloperTokenRejected(): void;
  onRefresh(info: { provider: string; outcome: string }): void;
  onFlowEnd(end: FlowEndLabels): void;
  onDeliveryAttempt: OnDeliveryAttempt;
  /** E-mails ended; one without a count. */
  onEmailEnd(end: EmailEnd, count?: number): void;
  onDecryptFailure(use: string): void;
  /** An appeal waits, and nobody is left who may decide it. */
  onUnreviewableAppeal(): void;
  onHealthChange: OnHealthChange;
  onJobFailed(failed: FailedJob): void;
}

/** What a worker counts. Labels are routes and enums, never ids. */
export function createWorkerMetrics(): WorkerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const refreshes = new Counter({
    name: 'dnp_token_refreshes_total',
    help: 'Tries to renew an access token.',
    labelNames: ['provider', 'outcome'],
    registers: [registry],
  });
  const deliveries = new Counter({
    name: 'dnp_webhook_deliveries_total',
    help: 'Tries to deliver messages to webhooks, by how they ended.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const emails = new Counter({
    name: 'dnp_emails_total',
    help: 'E-mails by how they ended.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const unreviewable = new Counter({
    name: 'dnp_appeals_unreviewable_total',
    help: 'Looks at open appeals that found nobody left who may decide them.',
    registers: [registry],
  });
  const onCall = providerCalls(registry);
  return {
    registry,
    ...runCounters(registry),
    onUnreviewableAppeal: () => unreviewable.inc(),
    onDeliveryAttempt: (outcome) => deliveries.inc({ outcome }),
    onEmailEnd: (outcome, count = 1) => emails.inc({ outcome }, count),
    onSpotifyCall: onCall('spotify'),
    onAppleMusicCall: onCall('apple_music'),
    onDeveloperTokenRejected: developerTokenRejections(registry),
    onFlowEnd: oauthFlowCounter(registry),
    onDecryptFailure: decryptFailureCounter(registry),
    onHealthChange: healthChangeCounter(registry),
    onJobFailed: jobFailureCounter(registry),
    onRefresh: ({ provider, outcome }) => refreshes.inc({ provider, outcome }),
  };
}
