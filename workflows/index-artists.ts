import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { createIndexActivities } from '../activities/index-artists';
import { followCatalog } from './follow-catalog';

const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 12 } as const;

/** Half an hour, because a large table's index is made in one piece. */
const { beginIndexing, indexSlice, finishIndexing, failIndexing } = proxyActivities<
  ReturnType<typeof createIndexActivities>
>({ taskQueue: 'index', startToCloseTimeout: '30 minutes', heartbeatTimeout: '10s', retry });

/** By the clock it comes without a job; a person's has one, and may want everything written anew. */
export interface IndexArtistsInput {
  jobId: string | null;
  full: boolean;
}

/**
 * Brings the vector index in step with the catalog, and then looks by it whether new artists are in the catalog twice. Its place
 * is in the history, what is done in the tables. One at a time: a person's waits for its turn, the clock's leaves it to the next.
 */
export async function indexArtists({ jobId, full }: IndexArtistsInput): Promise<void> {
  const run = { runId: workflowInfo().runId, jobId };
  await followCatalog({
    begin: () => beginIndexing({ ...run, full }),
    pause: () => (jobId === null ? null : 5),
    slice: indexSlice,
    counts: { written: 0, removed: 0, merged: 0, queued: 0 },
    finish: finishIndexing,
    fail: (failureCode) => failIndexing({ ...run, failureCode }),
  });
}
