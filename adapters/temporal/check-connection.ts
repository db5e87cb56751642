import { type Client, WorkflowIdConflictPolicy } from '@temporalio/client';
import { searchAttributes } from './search-attributes';
import { taskQueues } from './task-queues';

/** The workflow as its callers see it. */
export type CheckConnection = (input: { connectionId: string }) => Promise<{ code: string | null }>;

/**
 * Probes a connection, or joins the probe that is under way, and waits for its end. Throws where Temporal can't be reached.
 */
export async function runConnectionCheck(
  client: Client,
  { connectionId, userId, provider }: { connectionId: string; userId: string; provider: string },
  patienceSeconds: number,
): Promise<'ended' | 'still_working'> {
  const patience = AbortSignal.timeout(patienceSeconds * 1000);
  let started = false;
  try {
    await client.withAbortSignal(patience, async () => {
      const handle = await client.workflow.start<CheckConnection>('checkConnection', {
        taskQueue: taskQueues.workflows,
        workflowId: `check:${connectionId}`,
        args: [{ connectionId }],
        typedSearchAttributes: searchAttributes({ userId, provider, jobType: 'health_check' }),
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      });
      started = true;
      await handle.result();
    });
    return 'ended';
  } catch (error) {
    if (started && patience.aborted) return 'still_working';
    throw error;
  }
}
