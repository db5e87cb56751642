import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type WorkflowHandle,
} from '@temporalio/client';
import type { FlowRow } from '../../adapters/postgres/oauth-transactions';
import { searchAttributes } from '../../adapters/temporal/search-attributes';
import { taskQueues } from '../../adapters/temporal/task-queues';
import type { linkAccount } from '../../workflows/link-account';
import type { Dependencies } from '../dependencies';

/** A browser waits this long for the provider; then the flow goes on without it. Milliseconds. */
const patience = 10_000;

/**
 * Starts `linkAccount` for a claimed flow, or joins the one that runs, and waits for its end. What came of it is in the
 * flow's row. Throws where Temporal can't be reached: a reload of the callback then tries again.
 */
export async function runLinkAccount(deps: Dependencies, flow: FlowRow): Promise<'ended' | 'still_working'> {
  const client = deps.temporal;
  const signal = AbortSignal.timeout(patience);
  let started = false;
  try {
    await client.withAbortSignal(signal, async () => {
      const handle = await startOrJoin(deps, flow);
      started = true;
      await handle.result();
    });
    return 'ended';
  } catch (error) {
    if (started && signal.aborted) return 'still_working';
    throw error;
  }
}

async function startOrJoin(deps: Dependencies, flow: FlowRow): Promise<WorkflowHandle<typeof linkAccount>> {
  const workflowId = `link-account:${flow.id}`;
  const client = deps.temporal;
  try {
    return await client.workflow.start<typeof linkAccount>('linkAccount', {
      taskQueue: taskQueues.workflows,
      workflowId,
      args: [{ transactionId: flow.id }],
      memo: flow.requestId ? { requestId: flow.requestId } : undefined,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      ...(flow.userId
        ? {
            typedSearchAttributes: searchAttributes({
              userId: flow.userId,
              provider: flow.provider,
              jobType: 'link_account',
            }),
          }
        : {}),
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return client.workflow.getHandle(workflowId);
    throw error;
  }
}
