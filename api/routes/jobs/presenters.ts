import type { z } from 'zod';
import type { JobRow } from '../../../adapters/postgres/job-reads';
import type { Execution, ExecutionReading } from '../../../adapters/temporal/job-execution';
import { percentDone, secondsLeft } from '../../../domain/jobs';
import type { Caller } from '../../context';
import type { Dependencies } from '../../dependencies';
import {
  appealHref,
  blockImportHref,
  catalogImportHref,
  connectionHref,
  exportHref,
  mergeHref,
  planHref,
  runHref,
} from '../../../domain/hrefs';
import type { jobExecutionSchema, jobSchema } from './schema';

export type PresentedJob = z.input<typeof jobSchema>;

const subjectHrefs: Readonly<Record<string, (id: string) => string>> = {
  connection: connectionHref,
  plan: planHref,
  run: runHref,
  export: exportHref,
  block_import: blockImportHref,
  catalog_import: catalogImportHref,
  account_merge: mergeHref,
  appeal: appealHref,
  user: () => '/api/v1/me',
  graph: () => '/api/v1/graph/health',
  artist_index: () => '/api/v1/artist-index',
  vault: () => '/api/v1/admin/vault',
};

/** A presenter for one caller: admins see whose a job is, and who may, where its work can be looked at in Temporal's own UI. */
export function jobPresenter(config: Dependencies['config'], caller: Caller): (row: JobRow) => PresentedJob {
  const linkOf = temporalLinks(config, caller);
  const asAdmin = caller.roles.includes('admin');
  return (row) => ({
    ...presentJob(row),
    ...(asAdmin ? { userId: row.userId } : {}),
    ...linkOf(row),
  });
}

/** Links into the Temporal UI for those who may look there: admins, and everybody on the sandbox. */
function temporalLinks(config: Dependencies['config'], caller: Caller) {
  const mayLook = caller.roles.includes('admin') || config.spotify?.sandbox === true;
  const base = mayLook && config.TEMPORAL_UI_URL ? config.TEMPORAL_UI_URL.replace(/\/+$/, '') : null;
  const namespace = encodeURIComponent(config.TEMPORAL_NAMESPACE);
  return ({ workflowId }: { workflowId: string }): { temporalUrl?: string } =>
    base === null ? {} : { temporalUrl: `${base}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}` };
}

/** A presenter of what Temporal knows of a job. */
export function executionPresenter(config: Dependencies['config'], caller: Caller) {
  const linkOf = temporalLinks(config, caller);
  return (row: JobRow, reading: ExecutionReading | null): z.input<typeof jobExecutionSchema> => ({
    jobId: row.id,
    state: reading?.state ?? 'not_started',
    waiting: presentWaiting(row),
    failure: presentFailure(row.failureCode),
    execution: reading?.execution ? presentExecution(reading.execution) : null,
    ...linkOf(row),
  });
}

const presentWaiting = ({ waiting }: JobRow) =>
  waiting && { reason: waiting.reason, until: waiting.until?.toISOString() ?? null };
const presentFailure = (code: string | null) => (code === null ? null : { code });
const timeOf = (date: Date | null) => date?.toISOString() ?? null;

function presentExecution({ status, startedAt, closedAt, events, workflowTaskAttempt, activities }: Execution) {
  return {
    status,
    startedAt: startedAt.toISOString(),
    closedAt: timeOf(closedAt),
    events,
    workflowTaskAttempt,
    activities: activities.map(({ startedAt, lastHeartbeatAt, nextAttemptAt, lastFailureCode, ...activity }) => ({
      ...activity,
      startedAt: timeOf(startedAt),
      lastHeartbeatAt: timeOf(lastHeartbeatAt),
      nextAttemptAt: timeOf(nextAttemptAt),
      lastFailure: presentFailure(lastFailureCode),
    })),
  };
}

function presentJob(row: JobRow): PresentedJob {
  const hrefOf = subjectHrefs[row.subjectType];
  const elapsed = row.startedAt === null ? 0 : (Date.now() - row.startedAt.getTime()) / 1000;
  return {
    id: row.id,
    type: row.type,
    status: row.status,
    phase: row.phase,
    attempts: row.attempts,
    progress: { done: row.done, total: row.total },
    percent: percentDone(row.done, row.total, row.status),
    etaSeconds: row.status === 'running' ? secondsLeft(row.done, row.total, elapsed) : null,
    waiting: presentWaiting(row),
    failure: presentFailure(row.failureCode),
    subject:
      row.subjectId !== null && hrefOf
        ? { type: row.subjectType, id: row.subjectId, href: hrefOf(row.subjectId) }
        : null,
    createdAt: row.createdAt.toISOString(),
    startedAt: timeOf(row.startedAt),
    finishedAt: timeOf(row.finishedAt),
    retryOf: row.retryOf,
    requestId: row.requestId,
  };
}
