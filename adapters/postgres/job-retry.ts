import { DomainError } from '../../domain/errors';
import { jobHref } from '../../domain/hrefs';
import { startExport } from './account-exports';
import { audit } from './audit';
import { restartBlockImport } from './block-imports';
import { startFollowing } from './catalog-follow-start';
import { restartCatalogImport } from './catalog-imports';
import { lockOwnConnection } from './connection-reads';
import type { JobRow } from './job-reads';
import { startLibrarySync } from './library-sync-start';
import type { EntityManager } from './orm';
import { findPlan } from './plan-reads';
import { refreshPlan } from './plan-refresh';
import { requireUsable, startPlan } from './plan-start';
import { findRun } from './run-reads';
import { retryRun } from './run-retry';
import { startVaultRotation } from './vault-rotation-start';

/** A job that tries again what another could not do. `outboxId` is null where it is under way already. */
export interface Retry {
  jobId: string;
  outboxId: string | null;
  planId?: string;
  runId?: string;
}

type Failed = Pick<JobRow, 'id' | 'userId' | 'type'> & { subjectId: string; requestId: string | null; keyId: string };

/**
 * Starts a failed job's work again, with the same input, under a new job that names the old one, in the caller's transaction. Asked
 * twice it is started once. Throws DomainError `job_not_retryable`, with the latest job where that has failed, too, and what the
 * work itself throws.
 * @param again `requestId` of the request that asks, `keyId` the newest of the vault
 */
export async function retryJob(
  tx: EntityManager,
  job: JobRow,
  again: { requestId: string | null; keyId: string },
): Promise<Retry> {
  // Two requests at once: the second waits here and finds the first one's.
  await tx.execute(`select id from jobs where id = ? for update`, [job.id]);
  if (job.status !== 'failed' || job.subjectId === null) throw new DomainError('job_not_retryable');
  const latest = await latestRetry(tx, job.id);
  if (latest?.status === 'failed') {
    const resource = { type: 'job', id: latest.id, href: jobHref(latest.id) };
    throw new DomainError('job_not_retryable', { resource });
  }
  if (latest) return { jobId: latest.id, outboxId: null, ...subjectOf(latest) };
  const retry = await startAgain(tx, { ...job, subjectId: job.subjectId, ...again });
  if (!retry) throw new DomainError('job_not_retryable');
  audit(tx, {
    actorId: job.userId,
    event: 'job.retried',
    outcome: 'done',
    subjectType: 'job',
    subjectId: job.id,
    requestId: again.requestId,
  });
  return retry;
}

interface LatestRetry {
  id: string;
  status: string;
  subject_type: string;
  subject_id: string;
}

/** The last of those that tried again what the job, or one that tried it again, could not do; null where none has. */
async function latestRetry(tx: EntityManager, jobId: string): Promise<LatestRetry | null> {
  const [latest] = await tx.execute<LatestRetry[]>(
    `with recursive retries as (
       select id, status, subject_type, subject_id from jobs where retry_of = ?
       union select j.id, j.status, j.subject_type, j.subject_id from jobs j join retries r on j.retry_of = r.id)
     select * from retries order by id desc limit 1`,
    [jobId],
  );
  return latest ?? null;
}

const subjectOf = ({ subject_type: type, subject_id: id }: LatestRetry) =>
  type === 'plan' ? { planId: id } : type === 'run' ? { runId: id } : {};

/** Null where this kind of work can't be tried again, or no longer. */
async function startAgain(tx: EntityManager, job: Failed): Promise<Retry | null> {
  const { id: retryOf, userId, type, subjectId, requestId, keyId } = job;
  switch (type) {
    case 'library_sync': {
      const connection = await lockOwnConnection(tx, { userId, id: subjectId });
      if (!connection) return null;
      requireUsable(connection);
      const { id: connectionId, provider } = connection;
      return startLibrarySync(tx, { userId, connectionId, provider, requestId, retryOf });
    }
    case 'plan':
      return planAgain(tx, job);
    case 'enforce':
    case 'restore':
    case 'rollback': {
      const run = await findRun(tx, { userId, id: subjectId });
      return run?.jobId === retryOf ? retryRun(tx, { userId, runId: subjectId, requestId }) : null;
    }
    case 'import_blocks':
      return restartBlockImport(tx, { userId, importId: subjectId, requestId, retryOf });
    case 'import_catalog':
      return restartCatalogImport(tx, { userId, importId: subjectId, requestId, retryOf });
    case 'export_account':
      return startExport(tx, { userId, requestId, retryOf });
    case 'sync_graph':
    case 'index_artists':
      return startFollowing(tx, type, { userId, full: true, requestId, retryOf });
    case 'rotate_vault_keys':
      return startVaultRotation(tx, { userId, keyId, requestId, retryOf });
    default:
      return null;
  }
}

/** One that was made before is made anew; otherwise a new one is, with the same settings. */
async function planAgain(
  tx: EntityManager,
  { id: retryOf, userId, subjectId, requestId }: Failed,
): Promise<Retry | null> {
  const plan = await findPlan(tx, { userId, id: subjectId });
  if (!plan) return null;
  if (plan.readyAt) return refreshPlan(tx, { userId, planId: plan.id, requestId, retryOf });
  const { connectionId, preset, switches, onFailure, fileGenerationId } = plan;
  return startPlan(tx, { userId, connectionId, preset, switches, onFailure, fileGenerationId, requestId, retryOf });
}
