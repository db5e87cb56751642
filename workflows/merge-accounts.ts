import { proxyActivities } from '@temporalio/workflow';
import type { createAccountMergeActivities, MergeInput } from '../activities/account-merge';
import { failureCodeOf } from './failure-code';

// One transaction each, which a second try waits for and then finds done; a dead worker's is taken over after the timeout.
const { mergeHoldings, partHoldings, abandonMerge } = proxyActivities<ReturnType<typeof createAccountMergeActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

/** Makes two accounts one, as their person confirmed. Either everything is moved or nothing. */
export async function mergeAccounts({ mergeId }: MergeInput): Promise<void> {
  try {
    await mergeHoldings({ mergeId });
  } catch (error) {
    await abandonMerge({ mergeId, code: failureCodeOf(error) });
  }
}

/** Makes them two again, within the day; where that fails they stay one, and it can be asked for again. */
export async function undoMerge({ mergeId }: MergeInput): Promise<void> {
  try {
    await partHoldings({ mergeId });
  } catch (error) {
    await abandonMerge({ mergeId, code: failureCodeOf(error) });
  }
}
