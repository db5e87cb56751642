import type { MergeInput } from '../activities/account-merge';
import { data } from './activities';
import { failureCodeOf } from './failure-code';

/** Makes two accounts one, as their person confirmed. Either everything is moved or nothing. */
export async function mergeAccounts({ mergeId }: MergeInput): Promise<void> {
  try {
    await data.mergeHoldings({ mergeId });
  } catch (error) {
    await data.abandonMerge({ mergeId, code: failureCodeOf(error) });
  }
}

/** Makes them two again, within the day; where that fails they stay one, and it can be asked for again. */
export async function undoMerge({ mergeId }: MergeInput): Promise<void> {
  try {
    await data.partHoldings({ mergeId });
  } catch (error) {
    await data.abandonMerge({ mergeId, code: failureCodeOf(error) });
  }
}
