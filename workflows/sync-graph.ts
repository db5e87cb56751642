import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { createGraphSyncActivities } from '../activities/graph-sync';
import { followCatalog } from './follow-catalog';

const { beginGraphSync, syncGraphSlice, finishGraphSync, failGraphSync } = proxyActivities<
  ReturnType<typeof createGraphSyncActivities>
>({
  taskQueue: 'data',
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

/** By the clock it comes without a job; a person's has one, and may want everything written anew. */
export interface SyncGraphInput {
  jobId: string | null;
  full: boolean;
}

/**
 * Brings the artist graph in step with the catalog. Its place is in the history, what is done in the graph. One at a time: a
 * person's waits for its turn, the clock's leaves it to the next.
 */
export async function syncGraph({ jobId, full }: SyncGraphInput): Promise<void> {
  const run = { syncId: workflowInfo().runId, jobId };
  await followCatalog({
    begin: () => beginGraphSync({ ...run, full }),
    pause: (nth) => (jobId === null ? null : Math.min(2 ** nth, 15)),
    slice: syncGraphSlice,
    counts: { artists: 0, albums: 0, tracks: 0, collaborations: 0, removed: 0 },
    finish: finishGraphSync,
    fail: (failureCode) => failGraphSync({ ...run, failureCode }),
  });
}
