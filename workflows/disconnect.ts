import { proxyActivities, sleep } from '@temporalio/workflow';
import type { createDisconnectActivities, DisconnectInput } from '../activities/disconnect';

export type { DisconnectInput } from '../activities/disconnect';

// Never given up on: the connection is shown nowhere any more, so that nobody would see what is left of it.
const { endConnectionWork, eraseConnection } = proxyActivities<ReturnType<typeof createDisconnectActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Looks, a second apart, at whether work has ended by itself: half a minute, about one batch with a slow answer. */
const mostLooks = 30;

/**
 * Takes a connection away whose tokens are gone already: ends what is under way on it and removes what is known of it. No call
 * to its provider is made or waited for.
 */
export async function disconnect(input: DisconnectInput): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const { left } = await endConnectionWork({ ...input, force: looks > mostLooks });
    if (left === 0) break;
    await sleep('1 second');
  }
  await eraseConnection(input);
}
