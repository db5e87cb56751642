import type { z } from 'zod';
import type { JobRow } from '../../../adapters/postgres/job-reads';
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
} from '../../hrefs';
import type { jobSchema } from './schema';

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

/** A presenter for one caller: who may see where the work can be looked at in Temporal's own UI. */
export function jobPresenter(config: Dependencies['config'], caller: Caller): (row: JobRow) => PresentedJob {
  const mayLook = caller.roles.includes('admin') || config.spotify?.sandbox === true;
  const base = mayLook && config.TEMPORAL_UI_URL ? config.TEMPORAL_UI_URL.replace(/\/+$/, '') : null;
  return (row) => ({
    ...presentJob(row),
    ...(base
      ? {
          temporalUrl: `${base}/namespaces/${encodeURIComponent(config.TEMPORAL_NAMESPACE)}/workflows/${encodeURIComponent(row.workflowId)}`,
        }
      : {}),
  });
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
    waiting: row.waiting && { reason: row.waiting.reason, until: row.waiting.until?.toISOString() ?? null },
    failure: row.failureCode === null ? null : { code: row.failureCode },
    subject:
      row.subjectId !== null && hrefOf
        ? { type: row.subjectType, id: row.subjectId, href: hrefOf(row.subjectId) }
        : null,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    retryOf: row.retryOf,
    requestId: row.requestId,
  };
}
