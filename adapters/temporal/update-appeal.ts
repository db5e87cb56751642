import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { AppealStep, AppealStepInput } from '../../domain/appeals';

/** Longest wait for the outcome of a step, in milliseconds. */
const patience = 5_000;

/**
 * Asks an appeal's workflow for a step and waits for its outcome. `closed` where the workflow has ended or has not begun, `away`
 * where Temporal or its workers don't answer in time: then the step may still be done.
 * @param updateId the same asks only once
 */
export async function updateAppeal(
  client: Client,
  { appealId, step, updateId, input }: { appealId: string; step: AppealStep; updateId: string; input: AppealStepInput },
): Promise<'done' | 'closed' | 'away' | { denied: string }> {
  try {
    await client.withDeadline(Date.now() + patience, () =>
      client.workflow.getHandle(`appeal:${appealId}`).executeUpdate(step, { args: [input], updateId }),
    );
    return 'done';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'closed';
    const { cause } = error instanceof WorkflowUpdateFailedError ? error : {};
    return cause instanceof ApplicationFailure && cause.type ? { denied: cause.type } : 'away';
  }
}
