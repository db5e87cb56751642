import { type AtProvider, data, slicesAt } from './activities';
import { failureCodeOf } from './failure-code';
import { readLibrary } from './sync-library';

export interface PreparePlanInput extends AtProvider {
  planId: string;
  jobId: string;
  connectionId: string;
}

/** Reads the library afresh, then works out what would change and why. */
export async function preparePlan({ planId, jobId, connectionId, provider }: PreparePlanInput): Promise<void> {
  try {
    const read = await readLibrary({ jobId, connectionId, provider });
    await slicesAt({ provider }).releaseSync({ jobId, connectionId });
    if (read.end === 'failed') return await data.failPlan({ planId, failureCode: read.code });
    await data.makePlan({ planId });
  } catch (error) {
    await data.failPlan({ planId, failureCode: failureCodeOf(error) });
  }
}
