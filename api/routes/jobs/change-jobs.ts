import { stopJob } from '../../../adapters/postgres/job-cancel';
import { findJob, type JobRow } from '../../../adapters/postgres/job-reads';
import { retryJob } from '../../../adapters/postgres/job-retry';
import { cancelWorkflow } from '../../../adapters/temporal/cancel-workflow';
import { DomainError } from '../../../domain/errors';
import { adminJobs, isFinished, runJobs, stoppableJobs } from '../../../domain/jobs';
import { jobHref } from '../../../domain/hrefs';
import { requireAlso } from '../../middleware/authorize';
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
  description:
    'A run or a rollback: the same as cancelling the run. A library sync, a plan, an import or an export: it has ended when this answers, and what it worked on is free; what an import has done stays, of the others nothing half-done is to be seen. Other work ends by itself, soon: `409 job_not_cancellable`.',
  tags: ['Jobs'],
  permission: 'signed_in',
  params: idParams,
  body: cancelSchema.default({ rollback: false }),
  responses: { 202: startedJobSchema },
  idempotent: true,
  handler: async (input) => {
    const { user, params, body, em, ctx, deps } = input;
    const job = await findJob(em, { userId: user.userId, id: params.id });
    if (!job) throw new DomainError('not_found');
    if (isFinished(job.status)) throw finished(job);
    const { subjectId } = job;
    if (subjectId === null) throw new DomainError('job_not_cancellable');
    if (runJobs.includes(job.type)) await cancelRun(input, subjectId, body.rollback);
    else if (stoppableJobs.includes(job.type)) {
      await em.transactional((tx) => stopJob(tx, { ...job, subjectId }, ctx.state.requestId));
      await cancelWorkflow(deps.temporal, job);
    } else throw new DomainError('job_not_cancellable');
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
    'A library sync; an import, which goes on where it stopped; a plan, which makes a new plan with the same settings; a plan’s refresh; a run or a rollback, which goes on over its journal; an export; a sync of the artist graph or of its index, which then writes everything anew; a rotation of the vault’s keys. The new job names the old one. Asked twice it is started once; where the latest try has failed, too, `409 job_not_retryable` names it.',
  tags: ['Jobs'],
  permission: 'user',
  params: idParams,
  responses: { 202: retriedJobSchema },
  idempotent: true,
  handler: async ({ user, params, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const [keyId] = deps.vault.keyIds;
    const job = await findJob(em, { userId: user.userId, id: params.id });
    if (!job) throw new DomainError('not_found');
    if (adminJobs.includes(job.type)) await requireAlso(ctx, deps, { permission: 'admin', scope: 'admin' });
    const { outboxId, ...started } = await em.transactional((tx) => retryJob(tx, job, { requestId, keyId }));
    if (outboxId) await deps.dispatcher.tryStart(outboxId);
    const { jobId, planId, runId } = started;
    const body = { jobId, ...(planId === undefined ? {} : { planId }), ...(runId === undefined ? {} : { runId }) };
    return { status: 202, body, headers: { Location: jobHref(jobId) } };
  },
});

export const jobChangeRoutes = [cancel, retry];
