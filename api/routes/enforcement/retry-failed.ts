import { audit } from '../../../adapters/postgres/audit';
import { lockOwnConnection } from '../../../adapters/postgres/connection-reads';
import { requireUsable } from '../../../adapters/postgres/plan-start';
import { lockRun } from '../../../adapters/postgres/run-reads';
import { reopenRun } from '../../../adapters/postgres/run-retry';
import { DomainError } from '../../../domain/errors';
import { jobHref, runHref } from '../../hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { startedRunSchema } from './plan-schema';

const retryFailed = defineRoute({
  method: 'post',
  path: '/enforcement/runs/{id}/retry-failed',
  summary: 'Try again what a run could not do',
  description:
    'The same run goes on over its journal, under a new job: what failed is tried again, what was never tried is tried, what was done stays done. Each failed action names its `repair`. `409 nothing_to_retry` where nothing failed, `409 connection_busy` with the run that works on the connection.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  responses: { 202: startedRunSchema },
  idempotent: true,
  handler: async ({ user, params, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const { userId } = user;
    const started = await em.transactional(async (tx) => {
      const run = await lockRun(tx, { userId, id: params.id });
      if (!run) throw new DomainError('not_found');
      if (!run.finishedAt)
        throw new DomainError('run_not_finished', { resource: { type: 'run', id: run.id, href: runHref(run.id) } });
      const connection = await lockOwnConnection(tx, { userId, id: run.connectionId });
      if (!connection) throw new DomainError('not_found');
      requireUsable(connection);
      const reopened =
        run.undone === 'fully' ? null : await reopenRun(tx, { run, userId, epoch: connection.epoch, requestId });
      if (!reopened) throw new DomainError('nothing_to_retry');
      audit(tx, {
        actorId: userId,
        event: 'run.retried',
        outcome: 'done',
        subjectType: 'run',
        subjectId: run.id,
        details: { actions: reopened.actions },
        requestId,
      });
      return { ...reopened, runId: run.id };
    });
    await deps.dispatcher.tryStart(started.outboxId);
    const { runId, jobId } = started;
    return { status: 202, body: { runId, jobId }, headers: { Location: jobHref(jobId) } };
  },
});

export const retryFailedRoutes = [retryFailed];
