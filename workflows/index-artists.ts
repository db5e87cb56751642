import { proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { createIndexActivities, IndexBegin, IndexPlace, IndexSlice } from '../activities/index-artists';
import { failureCodeOf } from './failure-code';

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
 * Brings the vector index in step with the catalog, and then looks by it whether new artists are in the catalog twice. Its place is in the history, what is done in the tables. One at a time: a
 * person's waits for its turn, the clock's leaves it to the next.
 */
export async function indexArtists({ jobId, full }: IndexArtistsInput): Promise<void> {
  const run = { runId: workflowInfo().runId, jobId };
  let begun: IndexBegin;
  try {
    for (;;) {
      begun = await beginIndexing({ ...run, full });
      if (begun.state !== 'busy' || jobId === null) break;
      await sleep('5 seconds');
    }
  } catch (error) {
    await failIndexing({ ...run, failureCode: failureCodeOf(error) });
    return;
  }
  if (begun.state !== 'begun') return;
  const { task } = begun;
  const counts = { written: 0, removed: 0, merged: 0, queued: 0 };
  let failureCode: string | null = null;
  try {
    let place: IndexPlace | null = null;
    do {
      const slice: IndexSlice = await indexSlice({ task, place });
      for (const kind of ['written', 'removed', 'merged', 'queued'] as const) counts[kind] += slice.did[kind];
      place = slice.next;
    } while (place !== null);
  } catch (error) {
    failureCode = failureCodeOf(error);
  }
  try {
    await finishIndexing({ task, counts, failureCode });
  } catch (error) {
    if (failureCode !== null) throw error;
    await finishIndexing({ task, counts, failureCode: failureCodeOf(error) });
  }
}
