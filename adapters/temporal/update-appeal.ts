import type { Client } from '@temporalio/client';
import type { AppealStep, AppealStepInput } from '../../domain/appeals';

/**
 * Asks an appeal's workflow for a step and waits for its outcome: true once it is done. False where it was denied, where the workflow
 * has ended or has not begun, and where Temporal or its workers don't answer in time, and the step may still be done: the rows say which.
 * @param updateId the same asks only once
 * @param deadline milliseconds since 1970
 */
export async function updateAppeal(
  client: Client,
  { appealId, step, updateId, input }: { appealId: string; step: AppealStep; updateId: string; input: AppealStepInput },
  deadline: number,
): Promise<boolean> {
  try {
    await client.withDeadline(deadline, () =>
      client.workflow.getHandle(`appeal:${appealId}`).executeUpdate(step, { args: [input], updateId }),
    );
    return true;
  } catch {
    return false;
  }
}
