import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  proxyLocalActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { createSignInActivities } from '../activities/sign-in';
import { providerFailureClasses, type ErrorCode } from '../domain/errors';

export interface LinkAccountInput {
  transactionId: string;
}
/** The rest is in the flow's row. */
export interface LinkAccountResult {
  outcome: 'succeeded' | 'failed';
}

// Local: a person waits in front of a browser, and each is short. Together with its tries an exchange stays well below the
// life of a code.
const { exchangeCode, linkVerified, abandonFlow } = proxyLocalActivities<ReturnType<typeof createSignInActivities>>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '3 minutes',
  retry: {
    initialInterval: '300 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '5 seconds',
    maximumAttempts: 5,
  },
});

/**
 * Finishes one sign-in or connect flow: exchanges the code and keeps the answer, then verifies it, links or makes what it
 * is for and stores the credential. Whatever fails, nothing half-made stays: the tokens are taken back and forgotten.
 */
export async function linkAccount({ transactionId }: LinkAccountInput): Promise<LinkAccountResult> {
  try {
    const exchanged = await exchangeCode(transactionId);
    const refused = exchanged.outcome === 'answered' ? await linkVerified(transactionId) : exchanged;
    if (refused.outcome === 'linked') return { outcome: 'succeeded' };
    await abandonFlow(transactionId, refused.code);
  } catch (error) {
    await CancellationScope.nonCancellable(() => abandonFlow(transactionId, codeOf(error)));
  }
  return { outcome: 'failed' };
}

/** Once the tries are used up, a provider that didn't answer is told apart from a fault of ours. */
function codeOf(error: unknown): ErrorCode {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const theirs = cause instanceof ApplicationFailure && providerFailureClasses.some((name) => name === cause.type);
  return theirs || cause instanceof TimeoutFailure ? 'provider_unavailable' : 'internal_error';
}
