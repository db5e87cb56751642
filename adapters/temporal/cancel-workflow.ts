import type { Client } from '@temporalio/client';
import { answerWithin } from './patience';

/**
 * Asks a workflow to end whose job has ended already. Where Temporal does not answer, or knows it not yet or no more, that is all:
 * its next step finds its job over.
 * @param workflowRunId null where its start has not been noted
 */
export async function cancelWorkflow(
  client: Client,
  { workflowId, workflowRunId }: { workflowId: string; workflowRunId: string | null },
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId: workflowRunId ?? undefined });
  await answerWithin(client, () => handle.cancel()).catch(() => undefined);
}
