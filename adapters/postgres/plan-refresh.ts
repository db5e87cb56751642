import { DomainError } from '../../domain/errors';
import { runHref } from '../../domain/hrefs';
import { findConnection } from './connection-reads';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { lockPlan } from './plan-reads';
import { enqueueMaking, planDays, requireUsable } from './plan-start';

/**
 * Has a plan made anew by the library and the decisions of now, in the caller's transaction; one that is being made already
 * is left to its job. What the person chose is kept, and the plan can be carried out for another seven days. Throws
 * DomainError `not_found`, `plan_already_executed` with the run, `connection_unusable`.
 * @returns no `outboxId` where a job is at it already
 */
export async function refreshPlan(
  tx: EntityManager,
  {
    userId,
    planId,
    requestId,
    retryOf,
  }: { userId: string; planId: string; requestId: string | null; retryOf?: string },
): Promise<{ planId: string; jobId: string; outboxId: string | null }> {
  const plan = await lockPlan(tx, { userId, id: planId });
  if (!plan) throw new DomainError('not_found');
  if (plan.runId) {
    const resource = { type: 'run', id: plan.runId, href: runHref(plan.runId) };
    throw new DomainError('plan_already_executed', { resource });
  }
  if (plan.status === 'preparing') return { planId, jobId: plan.jobId, outboxId: null };
  const connection = await findConnection(tx, { userId, id: plan.connectionId });
  if (!connection) throw new DomainError('not_found');
  requireUsable(connection);
  const jobId = newId();
  await tx.execute(
    `update plans set status = 'preparing', job_id = ?, failure_code = null, expires_at = now() + make_interval(days => ?), version = version + 1
     where id = ?`,
    [jobId, planDays, planId],
  );
  // The execution before this one may still be about to close under the plan's own id.
  const workflow = { type: 'preparePlan', id: `plan:${planId}:${jobId}` } as const;
  const { outboxId } = enqueueMaking(tx, {
    planId,
    jobId,
    userId,
    connection,
    workflow,
    requestId,
    ...(retryOf ? { retryOf } : {}),
  });
  return { planId, jobId, outboxId };
}
