import { proxyActivities } from '@temporalio/workflow';
import type { createWithdrawalActivities } from '../activities/source-withdrawals';

const { gatherWithdrawn, tellWithdrawn } = proxyActivities<ReturnType<typeof createWithdrawalActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

/** People of one activity; activities of one run. The next run comes a minute later. */
const PAGE = 100;
const MOST_PAGES = 500;

/**
 * Finds whose libraries were changed by what was withdrawn since, and tells them page by page what can come back. The rows say who
 * is yet to be told: whoever waits for the end of a run is looked at again by the next.
 */
export async function tellOfWithdrawals(): Promise<{ told: number }> {
  for (let page = 1; page <= MOST_PAGES; page += 1) if (!(await gatherWithdrawn()).more) break;
  let told = 0;
  let after: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const done: { told: number; last: string | null } = await tellWithdrawn({ after, people: PAGE });
    told += done.told;
    if (done.last === null) break;
    after = done.last;
  }
  return { told };
}
