import { Context } from '@temporalio/activity';
import { markProviderUnavailable, reportHealth } from '../adapters/postgres/connection-health';
import { withPulse } from './pulse';
import { createRenewal, type RefreshInput, type RefreshTry, type RenewalDeps } from './renew-credential';

export type { RefreshInput, RefreshTry } from './renew-credential';
export type CredentialActivityDeps = RenewalDeps;

export function createCredentialActivities(deps: CredentialActivityDeps) {
  const renewOnce = createRenewal(deps);
  return {
    /** Tries once to renew one version of a credential, and stores what came before anybody uses it. */
    tryRefresh(input: RefreshInput): Promise<RefreshTry> {
      const { cancellationSignal, info } = Context.current();
      const holder = info.workflowExecution?.workflowId ?? info.activityId;
      return withPulse(() => renewOnce(input, holder, cancellationSignal));
    },

    /** Records that no token could be had for a long time. */
    async giveUpRefresh({ ownerId, limited }: { ownerId: string; limited?: boolean }): Promise<void> {
      if (!limited) return markProviderUnavailable(deps.orm, ownerId, deps.onHealthChange);
      const finding = { fault: 'rate_limited' } as const;
      await reportHealth(deps.orm, { connectionId: ownerId, finding }, deps.onHealthChange);
    },
  };
}
