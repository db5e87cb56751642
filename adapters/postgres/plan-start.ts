import { reconnectPath } from '../../domain/connection-lifecycle';
import { DomainError } from '../../domain/errors';
import { lockOwnConnection } from './connection-reads';
import { newId } from './ids';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

/** Days for which a plan can be carried out. */
export const planDays = 7;

export interface NewPlan {
  userId: string;
  connectionId: string;
  preset: string;
  switches: Record<string, boolean>;
  onFailure: string;
  requestId: string | null;
  retryOf?: string;
  /** The turn of a schedule that it is made for. */
  scheduledId?: string;
  /** The library of a file, to put back what is gone. */
  fileGenerationId?: string | null;
}

/**
 * Writes a plan that is being prepared, its job and the start of its workflow into the caller's transaction. Throws
 * DomainError `not_found` for a connection that isn't the person's, `connection_unusable`.
 */
export async function startPlan(
  tx: EntityManager,
  plan: NewPlan,
): Promise<{ planId: string; jobId: string; outboxId: string }> {
  const { userId, connectionId } = plan;
  const connection = await lockOwnConnection(tx, { userId, id: connectionId });
  if (!connection) throw new DomainError('not_found');
  requireUsable(connection);
  const planId = newId();
  const jobId = newId();
  await tx.execute(
    `insert into plans (id, user_id, connection_id, job_id, preset, switches, on_failure, file_generation_id, status, expires_at)
     values (?, ?, ?, ?, ?, ?::jsonb, ?, ?, 'preparing', now() + make_interval(days => ?))`,
    [
      planId,
      userId,
      connectionId,
      jobId,
      plan.preset,
      JSON.stringify(plan.switches),
      plan.onFailure,
      plan.fileGenerationId ?? null,
      planDays,
    ],
  );
  const { outboxId } = enqueueMaking(tx, {
    planId,
    jobId,
    userId,
    connection,
    workflow: workflowOf(plan, planId),
    requestId: plan.requestId,
    ...(plan.retryOf ? { retryOf: plan.retryOf } : {}),
  });
  return { planId, jobId, outboxId };
}

/** The workflow in which a plan is made, and what it is told beside the ids of plan, job and connection. */
interface MakingWorkflow {
  type: 'preparePlan' | 'enforceScheduled';
  id: string;
  input?: Record<string, string>;
}

/** Writes the job that makes a plan and the start of its workflow. */
export function enqueueMaking(
  tx: EntityManager,
  making: {
    planId: string;
    jobId: string;
    userId: string;
    connection: { id: string; provider: string };
    workflow: MakingWorkflow;
    requestId: string | null;
    retryOf?: string;
  },
): { outboxId: string } {
  const { planId, jobId, userId, connection, workflow, requestId, retryOf } = making;
  return createJob(tx, {
    id: jobId,
    type: 'plan',
    userId,
    subjectType: 'plan',
    subjectId: planId,
    provider: connection.provider,
    workflowType: workflow.type,
    workflowId: () => workflow.id,
    input: () => ({ planId, jobId, connectionId: connection.id, ...workflow.input }),
    requestId,
    ...(retryOf ? { retryOf } : {}),
  });
}

const workflowOf = ({ scheduledId }: NewPlan, planId: string): MakingWorkflow =>
  scheduledId === undefined
    ? { type: 'preparePlan', id: `plan:${planId}` }
    : { type: 'enforceScheduled', id: `scheduled:${scheduledId}`, input: { scheduledId } };

/** Throws `connection_unusable`, with where to renew it, for a connection that needs its person. */
export function requireUsable(connection: { id: string; provider: string; health: string }): void {
  if (connection.health !== 'needs_reconnect') return;
  throw new DomainError('connection_unusable', { action: { code: 'reconnect', href: reconnectPath(connection) } });
}
