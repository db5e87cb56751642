import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type WorkflowHandle,
} from '@temporalio/client';
import { ProviderError } from '../../domain/errors';
import type { JoinRefresh, RefreshOutcome } from '../postgres/credential-access';
import { searchAttributes } from './search-attributes';
import { taskQueues } from './task-queues';

/** The workflow as its callers see it. */
export type RefreshCredential = (input: {
  ownerId: string;
  version: number;
  rejected?: boolean;
}) => Promise<{ outcome: RefreshOutcome }>;

/** Longest wait for a refresh to end, in seconds; the refresh itself goes on. */
const WAIT_SECONDS = 60;

/**
 * However many callers ask for one version of one credential, one workflow refreshes it: its id holds both. One that
 * closed well is only read; a failed one may start again.
 */
export function createJoinRefresh(client: Client, waitSeconds: number = WAIT_SECONDS): JoinRefresh {
  async function start(
    ownerId: string,
    version: number,
    about: { userId: string; provider: string; rejected?: boolean },
  ): Promise<WorkflowHandle<RefreshCredential>> {
    const workflowId = `refresh:${ownerId}:${version}`;
    try {
      return await client.workflow.start<RefreshCredential>('refreshCredential', {
        taskQueue: taskQueues.workflows,
        workflowId,
        args: [{ ownerId, version, ...(about.rejected ? { rejected: true } : {}) }],
        typedSearchAttributes: searchAttributes({
          userId: about.userId,
          provider: about.provider,
          jobType: 'refresh_credential',
        }),
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return client.workflow.getHandle<RefreshCredential>(workflowId);
    }
  }

  return async (ownerId, version, { signal, ...about }) => {
    const timeout = AbortSignal.timeout(waitSeconds * 1000);
    const until = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      return await client.withAbortSignal(until, async () => {
        const handle = await start(ownerId, version, about);
        return (await handle.result()).outcome;
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const code = error instanceof WorkflowFailedError ? 'refresh_failed' : 'refresh_pending';
      throw new ProviderError('unavailable', { code });
    }
  };
}
