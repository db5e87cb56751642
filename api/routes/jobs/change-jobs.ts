import { audit } from '../../../adapters/postgres/audit';
import { restartBlockImport } from '../../../adapters/postgres/block-imports';
import { restartCatalogImport } from '../../../adapters/postgres/catalog-imports';
import { startFollowing } from '../../../adapters/postgres/catalog-follow-start';
import { lockOwnConnection } from '../../../adapters/postgres/connection-reads';
import { findJob, type JobRow } from '../../../adapters/postgres/job-reads';
import { startLibrarySync } from '../../../adapters/postgres/library-sync-start';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { findPlan } from '../../../adapters/postgres/plan-reads';
import { refreshPlan } from '../../../adapters/postgres/plan-refresh';
import { requireUsable, startPlan } from '../../../adapters/postgres/plan-start';
import { DomainError } from '../../../domain/errors';
import { cancellableJobs, isFinished } from '../../../domain/jobs';
import { jobHref } from '../../hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { cancelRun } from '../enforcement/cancel-run';
import { cancelSchema } from '../enforcement/run-schema';
import { startedJobSchema } from '../connections/schema';
import { retriedJobSchema } from './schema';

const cancel = defineRoute({
  method: 'post',
  path: '/jobs/{id}/cancel',
  summary: 'Stop a job',
  description: 'Runs and rollbacks only; the same as cancelling the run.',
  tags: ['Jobs'],
  permission: 'signed_in',
  params: idParams,
  body: cancelSchema.default({ rollback: false }),
  responses: { 202: startedJobSchema },
  idempotent: true,
  handler: async (input) => {
    const { user, params, body, em } = input;
    const job = await findJob(em, { userId: user.userId, id: params.id });
    if (!job) throw new DomainError('not_found');
    if (isFinished(job.status)) throw finished(job);
    if (!cancellableJobs.includes(job.type) || job.subjectId === null) throw new DomainError('job_not_cancellable');
    await cancelRun(input, job.subjectId, body.rollback);
    return { status: 202, body: { jobId: job.id }, headers: { Location: jobHref(job.id) } };
  },
});

const finished = ({ id, status }: JobRow) =>
  new DomainError('job_finished', { params: { status }, resource: { type: 'job', id, href: jobHref(id) } });

const retry = defineRoute({
  method: 'post',
  path: '/jobs/{id}/retry',
  summary: 'Try a failed job again',
  description:
    'A library sync; an import of blocks, which goes on where it stopped; a plan, which makes a new plan with the same settings; a plan’s refresh; or a sync of the artist graph or of its index, which then writes everything anew. The new job names the old one.',
  tags: ['Jobs'],
  permission: 'user',
  params: idParams,
  responses: { 202: retriedJobSchema },
  idempotent: true,
  handler: async ({ user, params, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const started = await em.transactional(async (tx) => {
      const job = await findJob(tx, { userId: user.userId, id: params.id });
      if (!job) throw new DomainError('not_found');
      if (job.status !== 'failed' || job.subjectId === null) throw new DomainError('job_not_retryable');
      const again = await startAgain(tx, job, job.subjectId, requestId);
      audit(tx, {
        actorId: user.userId,
        event: 'job.retried',
        outcome: 'done',
        subjectType: 'job',
        subjectId: job.id,
        requestId,
      });
      return again;
    });
    if (started.outboxId) await deps.dispatcher.tryStart(started.outboxId);
    const { jobId, planId } = started;
    const body = planId === undefined ? { jobId } : { jobId, planId };
    return { status: 202, body, headers: { Location: jobHref(jobId) } };
  },
});

async function startAgain(
  tx: EntityManager,
  { id, userId, type }: JobRow,
  subjectId: string,
  requestId: string | null,
): Promise<{ jobId: string; outboxId: string | null; planId?: string }> {
  if (type === 'plan') {
    const plan = await findPlan(tx, { userId, id: subjectId });
    if (!plan) throw new DomainError('job_not_retryable');
    if (plan.readyAt) return refreshPlan(tx, { userId, planId: plan.id, requestId, retryOf: id });
    const { connectionId, preset, switches, onFailure, fileGenerationId } = plan;
    return startPlan(tx, {
      userId,
      connectionId,
      preset,
      switches,
      onFailure,
      fileGenerationId,
      requestId,
      retryOf: id,
    });
  }
  if (type === 'import_blocks') {
    const again = await restartBlockImport(tx, { userId, importId: subjectId, requestId, retryOf: id });
    if (!again) throw new DomainError('job_not_retryable');
    return again;
  }
  if (type === 'import_catalog') {
    const again = await restartCatalogImport(tx, { userId, importId: subjectId, requestId, retryOf: id });
    if (!again) throw new DomainError('job_not_retryable');
    return again;
  }
  if (type === 'index_artists' || type === 'sync_graph')
    return startFollowing(tx, type, { userId, full: true, requestId, retryOf: id });
  if (type !== 'library_sync') throw new DomainError('job_not_retryable');
  const connection = await lockOwnConnection(tx, { userId, id: subjectId });
  if (!connection) throw new DomainError('job_not_retryable');
  requireUsable(connection);
  const { provider } = connection;
  return startLibrarySync(tx, { userId, connectionId: connection.id, provider, requestId, retryOf: id });
}

export const jobChangeRoutes = [cancel, retry];
