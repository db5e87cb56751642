import { ActivityFailure, proxyActivities } from '@temporalio/workflow';
import type { createUnlinkActivities, RevokedAtProvider, UnlinkInput } from '../activities/unlink-identity';

/** About a minute of tries: the account is gone here already, and the person can end our access at the provider by hand. */
const { revokeIdentity } = proxyActivities<ReturnType<typeof createUnlinkActivities>>({
  taskQueue: 'credentials',
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '15s', maximumAttempts: 7 },
});

const { finishUnlink } = proxyActivities<ReturnType<typeof createUnlinkActivities>>({
  taskQueue: 'credentials',
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

/** Takes back at its provider what a removed sign-in account allowed us, then forgets its credential and says whether it went. */
export async function unlinkIdentity(input: UnlinkInput): Promise<{ revokedAtProvider: RevokedAtProvider }> {
  let revokedAtProvider: RevokedAtProvider;
  try {
    revokedAtProvider = await revokeIdentity(input);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    revokedAtProvider = 'false';
  }
  await finishUnlink({ ...input, revokedAtProvider });
  return { revokedAtProvider };
}
