import { proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type {
  createGraphSyncActivities,
  GraphSyncBegin,
  GraphSyncPlace,
  GraphSyncSlice,
} from '../activities/graph-sync';
import { failureCodeOf } from './failure-code';

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
  let begun: GraphSyncBegin;
  try {
    for (let seconds = 1; ; seconds = Math.min(2 * seconds, 15)) {
      begun = await beginGraphSync({ ...run, full });
      if (begun.state !== 'busy' || jobId === null) break;
      await sleep(seconds * 1000);
    }
  } catch (error) {
    await failGraphSync({ ...run, failureCode: failureCodeOf(error) });
    return;
  }
  if (begun.state !== 'begun') return;
  const { task } = begun;
  const counts = { artists: 0, albums: 0, tracks: 0, collaborations: 0, removed: 0 };
  let failureCode: string | null = null;
  try {
    let place: GraphSyncPlace | null = null;
    do {
      const slice: GraphSyncSlice = await syncGraphSlice({ task, place });
      for (const kind of ['artists', 'albums', 'tracks', 'collaborations', 'removed'] as const)
        counts[kind] += slice.did[kind];
      place = slice.next;
    } while (place !== null);
  } catch (error) {
    failureCode = failureCodeOf(error);
  }
  try {
    await finishGraphSync({ task, counts, failureCode });
  } catch (error) {
    if (failureCode !== null) throw error;
    await finishGraphSync({ task, counts, failureCode: failureCodeOf(error) });
  }
}
