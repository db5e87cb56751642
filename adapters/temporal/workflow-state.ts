import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/** Whether a workflow is open at Temporal; null when Temporal does not know it (any more). Throws when Temporal is away. */
export async function isWorkflowOpen(client: Client, workflowId: string): Promise<boolean | null> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
