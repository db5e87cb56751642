import { sleep } from '@temporalio/workflow';
import { type AtProvider, data, slicesAt } from './activities';
import { failureCodeOf } from './failure-code';
import { workThrough, type WorkEnd } from './work-through';

export interface SyncLibraryInput extends AtProvider {
  jobId: string;
  connectionId: string;
}

/** How many waits for a provider that is away a sync sits out: about two hours. */
const mostOutages = 25;

/** Reads a library into a new generation; whoever needs a fresh library first does the same. */
export async function readLibrary({ provider, ...input }: SyncLibraryInput): Promise<WorkEnd> {
  return workThrough(() => slicesAt({ provider }).syncSlice(input), {
    mostOutages,
    async pause(seconds, reason) {
      if (reason) {
        await data.noteWaiting({ jobId: input.jobId, runId: null, reason, seconds });
        await sleep(seconds * 1000);
      }
      return 'elapsed';
    },
  });
}

/** Brings a connection's library up to date. Its job ends with it, also when it fails. */
export async function syncLibrary({ provider, ...input }: SyncLibraryInput): Promise<void> {
  let failureCode: string | null = null;
  try {
    const end = await readLibrary({ provider, ...input });
    failureCode = end.end === 'failed' ? end.code : null;
  } catch (error) {
    failureCode = failureCodeOf(error);
  }
  await slicesAt({ provider }).finishSync({ ...input, failureCode });
}
