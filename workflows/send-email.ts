import { proxyActivities, sleep } from '@temporalio/workflow';
import type { createEmailActivities, EmailInput } from '../activities/send-email';

/** What a mail server does is a result; tries of the activity itself are for our own database, and last as long as a message does. */
const { attemptEmail } = proxyActivities<ReturnType<typeof createEmailActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 1_500 },
});

/** Sends an e-mail until it is taken, refused for good or given up, or its person does not want it any more. */
export async function sendEmail({ emailId }: EmailInput): Promise<{ attempts: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const { pauseSeconds } = await attemptEmail({ emailId, attempt });
    if (pauseSeconds === null) return { attempts: attempt };
    await sleep(pauseSeconds * 1_000);
  }
}
