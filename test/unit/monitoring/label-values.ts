import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { DeliveryOutcome } from '../../../activities/deliver-webhook';
import type { RefreshTry } from '../../../activities/renew-credential';
import { taskQueues } from '../../../adapters/temporal/task-queues';
import { monitoringFolder } from '../../../dev/monitoring/files';
import { appealStates } from '../../../domain/appeals';
import { healthStates } from '../../../domain/connection-health';
import type { EmailEnd } from '../../../domain/email-schedule';
import { errorCodes, providerFailureClasses } from '../../../domain/errors';
import { jobStatuses } from '../../../domain/jobs';
import { caseStates } from '../../../domain/moderation';
import { codeLost } from '../../../domain/oauth-flows';
import { terminalRunStatuses } from '../../../domain/runs';

const { scrape_configs: scraped } = parse(readFileSync(join(monitoringFolder, 'prometheus.yml'), 'utf8')) as {
  scrape_configs: { job_name: string }[];
};

const refreshOutcomes = [
  'refreshed',
  'already_newer',
  'needs_reconnect',
  'gone',
  'not_renewable',
  'sealed',
  'misconfigured',
  'again',
] as const satisfies readonly RefreshTry['outcome'][];
const deliveryOutcomes = [
  'delivered',
  'failed',
  'given_up',
  'gone',
  'cancelled',
] as const satisfies readonly DeliveryOutcome[];

/** What a label can say, for the labels that rules and dashboards compare: `metric label` or just `label`. */
const values: Record<string, Iterable<string>> = {
  job: scraped.map(({ job_name }) => job_name),
  health: healthStates,
  state: caseStates,
  task_queue: Object.values(taskQueues),
  'dnp_appeals status': appealStates,
  'dnp_jobs status': jobStatuses,
  'dnp_enforcement_runs_total status': terminalRunStatuses,
  'dnp_provider_requests_total outcome': ['ok', 'cancelled', ...providerFailureClasses],
  'dnp_token_refreshes_total outcome': refreshOutcomes,
  'dnp_oauth_flows_total outcome': ['ok', 'abandoned', codeLost, ...Object.keys(errorCodes), ...providerFailureClasses],
  'dnp_webhook_deliveries_total outcome': deliveryOutcomes,
  'dnp_emails_total outcome': ['sent', 'failed', 'dropped'] satisfies readonly EmailEnd[],
  'http_request_duration_seconds_count status': ['5..'],
  route: ['/healthz', '/readyz'],
  // As the SDK's native part and gRPC name them.
  failure_reason: ['NonDeterminismError', 'WorkflowError'],
  status_code: ['CANCELLED'],
};

/** What is written in place of a label's value and can never be there. Everything, where it isn't known what can. */
export function impossibleValues(metric: string, label: string, written: string): string[] {
  const possible = new Set(values[`${metric} ${label}`] ?? values[label] ?? []);
  return written.split('|').filter((value) => !possible.has(value));
}
