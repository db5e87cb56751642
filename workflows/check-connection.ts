import { proxyActivities, sleep } from '@temporalio/workflow';
import type { createHealthActivities } from '../activities/connection-health';

const { probeConnection } = proxyActivities<ReturnType<typeof createHealthActivities>>({
  taskQueue: 'credentials',
  startToCloseTimeout: '90 seconds',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '5s', maximumAttempts: 10 },
});

/** One silent look in a row proves nothing; the person waits, so there are few and they are close. */
const MOST_TRIES = 3;

/** Probes one connection now; everybody who asks meanwhile joins. What came of it is in the connection's row. */
export async function checkConnection({ connectionId }: { connectionId: string }): Promise<{ code: string | null }> {
  for (let tries = 1; ; tries += 1) {
    const { result, code } = await probeConnection({ connectionId, lastTry: tries === MOST_TRIES });
    if (result !== 'silent' || code === 'rate_limited' || tries === MOST_TRIES) return { code };
    await sleep(tries * 1000);
  }
}
