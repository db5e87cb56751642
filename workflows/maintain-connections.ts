import { proxyActivities } from '@temporalio/workflow';
import type { createMaintenanceActivities } from '../activities/connection-health-maintenance';

const { maintainBatch } = proxyActivities<ReturnType<typeof createMaintenanceActivities>>({
  taskQueue: 'credentials',
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 5 },
});

/** Credentials that one activity looks at, and activities of one run; the next run comes minutes later. */
const BATCH = 50;
const MOST_BATCHES = 40;

/**
 * Looks at every credential whose time has come: probes connections, keeps refresh tokens alive that would die unused, warns of
 * consents that end. The rows say what is due; an idle connection is nothing but its row. What is in trouble in one batch is
 * left alone in the next ones.
 */
export async function maintainConnections(): Promise<{ looked: number }> {
  let without: string[] = [];
  let looked = 0;
  for (let batches = 1; batches <= MOST_BATCHES; batches += 1) {
    const batch = await maintainBatch({ limit: BATCH, without });
    looked += batch.looked;
    without = batch.without;
    if (!batch.more) break;
  }
  return { looked };
}
