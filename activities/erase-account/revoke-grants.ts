import { createCredentialStore } from '../../adapters/postgres/credentials';
import { type GrantCounts, heldGrants, type HeldGrant } from '../../adapters/postgres/erasure-end';
import type { MikroORM } from '../../adapters/postgres/orm';
import { type OauthProviders, revokeTokens } from '../../adapters/providers/oauth-exchange';
import { VaultError, type Vault } from '../../adapters/vault/vault';
import { activitySignal } from '../activity-context';

export interface RevokeDeps {
  orm: MikroORM;
  vault: Vault;
  providers: OauthProviders;
}

/**
 * Takes back, at each provider that has a call for it, what the person allowed us, and forgets the tokens of each that is
 * settled. What failed stays for another try; repeating it asks only for what is left.
 */
export async function revokeGrants(deps: RevokeDeps, userId: string): Promise<GrantCounts> {
  const store = createCredentialStore(deps.orm, deps.vault);
  const counts: GrantCounts = { revoked: 0, alreadyGone: 0, unsupported: 0, failed: 0 };
  for (const grant of await heldGrants(deps.orm.em.fork(), userId)) {
    const outcome = await revoke(grant);
    counts[outcome] += 1;
    if (outcome !== 'failed') await store.erase(deps.orm.em.fork(), grant.ownerId);
  }
  return counts;

  async function revoke({ ownerId, provider: name }: HeldGrant): Promise<keyof GrantCounts> {
    // No call takes a Music User Token back; forgetting it is all that can be done.
    if (name === 'apple_music') return 'unsupported';
    const provider = await deps.providers.forConnection({ provider: name, clientId: null });
    const tokens = await heldTokens(ownerId);
    if (tokens === 'none') return 'alreadyGone';
    if (!provider || tokens === 'sealed') return 'failed';
    const outcome = await revokeTokens(provider, tokens, activitySignal());
    return outcome === 'already_gone' ? 'alreadyGone' : outcome;
  }

  async function heldTokens(ownerId: string) {
    try {
      return (await store.read(ownerId)) ?? 'none';
    } catch (error) {
      if (error instanceof VaultError) return 'sealed';
      throw error;
    }
  }
}
