import { ApplicationFailure, proxyActivities, sleep } from '@temporalio/workflow';
import type { createCredentialActivities, RefreshInput } from '../activities/credentials';

const { tryRefresh, giveUpRefresh } = proxyActivities<ReturnType<typeof createCredentialActivities>>({
  taskQueue: 'credentials',
  // Longer than the wait for the provider and for the database together: two tries never overlap.
  startToCloseTimeout: '3 minutes',
  // The token that a killed worker asked for may be lost with it: what can be saved is saved while people still wait.
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 20 },
});

/** Tries, at growing distances, that bridge about half an hour of a provider that is away. */
const MOST_TRIES = 14;
const LONGEST_PAUSE_SECONDS = 300;

/** `not_renewable`: nothing came with it to renew it by, as at Apple Music. */
export type RefreshEnd = 'refreshed' | 'already_newer' | 'needs_reconnect' | 'gone' | 'not_renewable';

/**
 * Renews one version of one credential, a connection's or a sign-in account's; everybody who wants that joins this execution by
 * its id. Fails, and may then be started again, where the provider stays away or refuses our own client id, or where our key for
 * it is missing.
 */
export async function refreshCredential(
  // Executions that were open when only connections were renewed here have the owner under its old name.
  { ownerId, connectionId, ...more }: Omit<RefreshInput, 'ownerId'> & { ownerId?: string; connectionId?: string },
): Promise<{ outcome: RefreshEnd }> {
  const input = { ownerId: ownerId ?? connectionId ?? '', ...more };
  for (let tries = 1; ; tries += 1) {
    const tried = await tryRefresh(input);
    if (tried.outcome === 'misconfigured') {
      await giveUpRefresh({ ownerId: input.ownerId });
      throw ApplicationFailure.nonRetryable('provider_misconfigured', 'provider_misconfigured');
    }
    if (tried.outcome === 'sealed') throw ApplicationFailure.nonRetryable('decrypt_failed', 'decrypt_failed');
    if (tried.outcome !== 'again') return { outcome: tried.outcome };
    if (tries >= MOST_TRIES) {
      await giveUpRefresh({ ownerId: input.ownerId, limited: tried.limited });
      throw ApplicationFailure.nonRetryable('provider_unavailable', 'provider_unavailable');
    }
    const pause = Math.min(2 ** (tries - 1), LONGEST_PAUSE_SECONDS);
    await sleep(Math.max(pause, tried.afterSeconds) * 1000);
  }
}
