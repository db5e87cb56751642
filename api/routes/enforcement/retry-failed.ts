import { retryRun } from '../../../adapters/postgres/run-retry';
import { jobHref } from '../../../domain/hrefs';
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
    const started = await em.transactional((tx) => retryRun(tx, { userId: user.userId, runId: params.id, requestId }));
    await deps.dispatcher.tryStart(started.outboxId);
    const { runId, jobId } = started;
    return { status: 202, body: { runId, jobId }, headers: { Location: jobHref(jobId) } };
  },
});

export const retryFailedRoutes = [retryFailed];
