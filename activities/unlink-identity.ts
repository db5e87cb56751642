import { audit } from '../adapters/postgres/audit';
import { createCredentialStore } from '../adapters/postgres/credentials';
import { addMilestone, enterPhase, finishJob } from '../adapters/postgres/jobs';
import type { MikroORM } from '../adapters/postgres/orm';
import { revokeTokens, type HeldTokens, type OauthProviders } from '../adapters/providers/oauth-exchange';
import { VaultError, type Vault } from '../adapters/vault/vault';
import { ProviderError } from '../domain/errors';
import { activityAttempt, activitySignal } from './activity-context';

export interface UnlinkInput {
  identityId: string;
  jobId: string;
  provider: string;
}
/** Whether the provider took our access back, or has no call for that. */
export type RevokedAtProvider = 'true' | 'false' | 'unsupported';

/** Takes back at the provider what a removed sign-in account allowed us. */
export function createUnlinkActivities(deps: { orm: MikroORM; vault: Vault; providers: OauthProviders }) {
  const store = createCredentialStore(deps.orm, deps.vault);

  /** What is kept of the consent; null where nothing is, or where it cannot be opened any more. */
  async function heldTokens(identityId: string): Promise<HeldTokens | null> {
    try {
      return await store.read(identityId);
    } catch (error) {
      if (error instanceof VaultError) return null;
      throw error;
    }
  }

  return {
    /** Tries once. Throws ProviderError where trying again can help. */
    async revokeIdentity({ identityId, jobId, provider: name }: UnlinkInput): Promise<RevokedAtProvider> {
      await enterPhase(deps.orm.em.fork(), jobId, 'revoking', activityAttempt());
      const provider = await deps.providers.forConnection({ provider: name, clientId: null });
      const held = await heldTokens(identityId);
      if (!provider || held === null) return 'false';
      const outcome = await revokeTokens(provider, held, activitySignal());
      if (outcome === 'failed') throw new ProviderError('unavailable');
      return outcome === 'unsupported' ? 'unsupported' : 'true';
    },

    /** Forgets the credential and ends the job with what came of it. Repeating it changes nothing. */
    async finishUnlink({
      identityId,
      jobId,
      provider,
      revokedAtProvider,
    }: UnlinkInput & { revokedAtProvider: RevokedAtProvider }): Promise<void> {
      await deps.orm.em.fork().transactional(async (tx) => {
        await store.erase(tx, identityId);
        await enterPhase(tx, jobId, phases[revokedAtProvider], 1);
        if (!(await finishJob(tx, jobId, 'completed'))) return;
        await addMilestone(tx, jobId, 'identity_unlinked', { provider, revokedAtProvider });
        const [job] = await tx.execute<{ user_id: string; request_id: string | null }[]>(
          `select user_id, request_id from jobs where id = ?`,
          [jobId],
        );
        audit(tx, {
          actorId: job?.user_id ?? null,
          event: 'identity.revoked',
          outcome: revokedAtProvider === 'false' ? 'failed' : 'done',
          subjectType: 'identity',
          subjectId: identityId,
          details: { provider, revokedAtProvider },
          requestId: job?.request_id ?? null,
        });
      });
    },
  };
}

const phases = { true: 'revoked', false: 'not_revoked', unsupported: 'revocation_unsupported' } as const;
