import { proxyActivities, sleep } from '@temporalio/workflow';
import type { createErasureActivities, createRevocationActivities, ErasureInput } from '../activities/erase-account';

export type EraseAccountInput = ErasureInput;

// Never given up on: an account that is half erased has nobody left who could ask again.
const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;

const { stopWork, erasePerson } = proxyActivities<ReturnType<typeof createErasureActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '10s',
  retry,
});
const { revokeGrants } = proxyActivities<ReturnType<typeof createRevocationActivities>>({
  taskQueue: 'credentials',
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '10s',
  retry,
});

/** Looks, two seconds apart, at whether work has ended by itself: two minutes. */
const mostLooks = 60;
/** Tries to take consents back while a provider is away: about two minutes. A person can still end them by hand there. */
const mostTries = 7;

/**
 * Erases a person: ends what is under way, takes back at the providers what can be taken back, and removes everything. A
 * provider that is away and work that doesn't end hold it up for minutes at most.
 */
export async function eraseAccount(input: EraseAccountInput): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const { left } = await stopWork({ ...input, force: looks > mostLooks });
    if (left === 0) break;
    await sleep('2 seconds');
  }
  const grants = { revoked: 0, alreadyGone: 0, unsupported: 0, failed: 0 };
  for (let tries = 1; ; tries += 1) {
    const tried = await revokeGrants(input);
    grants.revoked += tried.revoked;
    grants.alreadyGone += tried.alreadyGone;
    grants.unsupported += tried.unsupported;
    grants.failed = tried.failed;
    if (tried.failed === 0 || tries === mostTries) break;
    await sleep(2 ** tries * 1000);
  }
  await erasePerson({ ...input, grants });
}
