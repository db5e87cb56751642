import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/** Ends a workflow without asking it; does nothing where there is none open. Throws when Temporal is away. */
export async function terminateWorkflow(client: Client, workflowId: string, reason: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).terminate(reason);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
