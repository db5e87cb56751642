import { proxyActivities } from '@temporalio/workflow';
import type { createSnapshotActivities } from '../activities/snapshot-analytics';

const { closeDays, noteChangedDays, releaseComparison } = proxyActivities<ReturnType<typeof createSnapshotActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

/** Days of one activity; activities of one run. The next run comes a day later, and goes on where the rows say. */
const PAGE = 100;
const MOST_PAGES = 500;

/** Sums the figures of days that are over, those that were missed too, and releases the last one to compare with. */
export async function snapshotAnalytics(): Promise<{ closed: number; outcome: string }> {
  await noteChangedDays();
  let closed = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const done = await closeDays({ days: PAGE });
    closed += done.closed;
    if (!done.more) break;
  }
  const { outcome } = await releaseComparison();
  return { closed, outcome };
}
