import { proxyActivities, sleep } from '@temporalio/workflow';
import type { createDeliveryActivities, DeliverInput } from '../activities/deliver-webhook';

/**
 * What a receiver does is a result; tries of the activity itself are for our own database, and last as long as a message does. A
 * receiver has half of a try's time.
 */
const { attemptDelivery } = proxyActivities<ReturnType<typeof createDeliveryActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 4_000 },
});

/** Sends a message to a webhook until it is taken, refused for good, given up, or its webhook is gone. */
export async function deliverWebhook(input: DeliverInput): Promise<{ attempts: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const { pauseSeconds } = await attemptDelivery({ ...input, attempt });
    if (pauseSeconds === null) return { attempts: attempt };
    await sleep(pauseSeconds * 1_000);
  }
}
