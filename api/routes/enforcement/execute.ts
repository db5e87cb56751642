import { audit } from '../../../adapters/postgres/audit';
import { executePlan } from '../../../adapters/postgres/executions';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { executeSchema, startedRunSchema } from './plan-schema';

const execute = defineRoute({
  method: 'post',
  path: '/enforcement/plans/{id}/execute',
  summary: 'Carry a plan out',
  description:
    'Needs `confirm: true`. One plan makes one run: a second call is `409 plan_already_executed` with the run. While another run works on the connection it is `409 connection_busy` with that run.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  body: executeSchema.default({ confirm: false }),
  responses: { 202: startedRunSchema },
  idempotent: true,
  handler: async ({ user, params, body, em, ctx, deps }) => {
    if (!body.confirm) throw new DomainError('confirmation_required');
    const { requestId } = ctx.state;
    const { runId, jobId, outboxId } = await em.transactional(async (tx) => {
      const started = await executePlan(tx, {
        userId: user.userId,
        planId: params.id,
        sample: body.sample ?? null,
        onFailure: body.onFailure ?? null,
        requestId,
      });
      audit(tx, {
        actorId: user.userId,
        event: 'plan.executed',
        outcome: 'done',
        subjectType: 'run',
        subjectId: started.runId,
        requestId,
      });
      return started;
    });
    await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { runId, jobId }, headers: { Location: jobHref(jobId) } };
  },
});

export const executeRoutes = [execute];
