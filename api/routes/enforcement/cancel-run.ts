import { findRun } from '../../../adapters/postgres/run-reads';
import { cancelRunWorkflow } from '../../../adapters/temporal/cancel-run';
import { DomainError } from '../../../domain/errors';
import { jobHref, runHref } from '../../../domain/hrefs';
import { defineRoute, type HandlerInput } from '../../route';
import { idParams } from '../auth/schema';
import { startedRunSchema } from './plan-schema';
import { cancelSchema } from './run-schema';

type Input = Pick<HandlerInput<'user', undefined, undefined, undefined>, 'user' | 'em' | 'ctx' | 'deps'>;

/**
 * Asks a run of the caller's to stop. Throws DomainError: `not_found`, `job_finished` with the run, `service_unavailable`
 * where no worker takes the message now.
 */
export async function cancelRun(
  { user, em, ctx, deps }: Input,
  runId: string,
  rollback: boolean,
): Promise<{ runId: string; jobId: string }> {
  const which = { userId: user.userId, id: runId };
  const run = await findRun(em, which);
  if (!run) throw new DomainError('not_found');
  if (run.finishedAt) throw runFinished(run);
  const { requestId } = ctx.state;
  const answer = await cancelRunWorkflow(deps.temporal, runId, { rollback, actorId: user.userId, requestId });
  if (answer === 'accepted') return { runId, jobId: run.jobId };
  const later = await findRun(em, which);
  if (later?.finishedAt) throw runFinished(later);
  throw new DomainError('service_unavailable', { retryAfter: 5, params: { part: 'worker' } });
}

const runFinished = ({ id, status }: { id: string; status: string }) =>
  new DomainError('job_finished', { params: { status }, resource: { type: 'run', id, href: runHref(id) } });

const cancel = defineRoute({
  method: 'post',
  path: '/enforcement/runs/{id}/cancel',
  summary: 'Stop a run',
  description:
    'Answers when the request is accepted. What is on its way is finished and saved, the rest is skipped; with `rollback` what was done is undone by a run of its own.',
  tags: ['Enforcement'],
  permission: 'signed_in',
  params: idParams,
  body: cancelSchema.default({ rollback: false }),
  responses: { 202: startedRunSchema },
  idempotent: true,
  handler: async (input) => {
    const body = await cancelRun(input, input.params.id, input.body.rollback);
    return { status: 202, body, headers: { Location: jobHref(body.jobId) } };
  },
});

export const cancelRunRoutes = [cancel];
