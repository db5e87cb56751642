import { ApplicationFailure, proxyActivities, sleep } from '@temporalio/workflow';
import type { createCredentialActivities, RefreshInput } from '../activities/credentials';

const { tryRefresh, giveUpRefresh } = proxyActivities<ReturnType<typeof createCredentialActivities>>({
  taskQueue: 'credentials',
  // Longer than the wait for the provider and for the database together: two tries never overlap.
  startToCloseTimeout: '3 minutes',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 20 },
});

/** Tries, at growing distances, that bridge about half an hour of a provider that is away. */
const MOST_TRIES = 14;
const LONGEST_PAUSE_SECONDS = 300;

/**
 * Renews one version of one connection's credential; everybody who wants that joins this execution by its id. Fails,
 * and may then be started again, where the provider stays away or refuses our own client id.
 */
export async function refreshCredential(
  input: RefreshInput,
): Promise<{ outcome: 'refreshed' | 'already_newer' | 'needs_reconnect' | 'gone' }> {
  for (let tries = 1; ; tries += 1) {
    const tried = await tryRefresh(input);
    if (tried.outcome === 'misconfigured') {
      await giveUpRefresh({ connectionId: input.connectionId });
      throw ApplicationFailure.nonRetryable('provider_misconfigured', 'provider_misconfigured');
    }
    if (tried.outcome !== 'again') return { outcome: tried.outcome };
    if (tries >= MOST_TRIES) {
      await giveUpRefresh({ connectionId: input.connectionId });
      throw ApplicationFailure.nonRetryable('provider_unavailable', 'provider_unavailable');
    }
    const pause = Math.min(2 ** (tries - 1), LONGEST_PAUSE_SECONDS);
    await sleep(Math.max(pause, tried.afterSeconds) * 1000);
  }
}
