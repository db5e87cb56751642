import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/** Longest wait for a worker to take the message, in milliseconds. */
const patience = 5_000;

/**
 * Asks a run's workflow to stop. Says `accepted` once a worker has taken the message, `closed` where the workflow has
 * ended or was never started, `away` where Temporal or its workers don't answer in time; the message may still arrive.
 * @param requestId the same request asks only once
 */
export async function cancelRunWorkflow(
  client: Client,
  runId: string,
  { rollback, actorId, requestId }: { rollback: boolean; actorId: string; requestId: string },
): Promise<'accepted' | 'closed' | 'away'> {
  try {
    await client.withDeadline(Date.now() + patience, () =>
      client.workflow.getHandle(`run:${runId}`).startUpdate('cancel', {
        args: [{ rollback, actorId }],
        waitForStage: 'ACCEPTED',
        updateId: requestId,
      }),
    );
    return 'accepted';
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? 'closed' : 'away';
  }
}
