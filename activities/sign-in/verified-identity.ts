import { keptNames } from '../../adapters/postgres/kept-names';
import type { FlowRow } from '../../adapters/postgres/oauth-transactions';
import {
  vouchedFor,
  type OauthProvider,
  type VerifiedIdentity,
  type VerifiedTokens,
} from '../../adapters/providers/oauth-exchange';
import { DomainError } from '../../domain/errors';
import { activitySignal } from '../activity-context';
import { openCallback, type SignInDeps } from './deps';

/**
 * Who a flow's tokens belong to: by the id_token, or by asking. A name that neither says is taken from the flow's callback, or
 * from an earlier one that came to nothing. Throws DomainError `identity_invalid`, or ProviderError.
 */
export async function verifiedIdentity(
  deps: SignInDeps,
  flow: FlowRow,
  provider: OauthProvider,
  tokens: VerifiedTokens,
): Promise<VerifiedIdentity> {
  const identity = tokens.idToken ?? (await provider.fetchIdentity?.(tokens, activitySignal()));
  if (!identity) throw new DomainError('identity_invalid');
  if (identity.name !== null) return identity;
  const { name } = await openCallback(deps, flow);
  return { ...identity, name: name ?? (await nameFromBefore(deps, provider, identity.subject)) };
}

async function nameFromBefore(deps: SignInDeps, provider: OauthProvider, subject: string): Promise<string | null> {
  const owner = { provider: provider.provider, subject };
  for (const { name, idToken, nonce } of await keptNames(deps.orm.em.fork(), deps.vault, owner)) {
    if (await vouchedFor(provider, idToken, { subject, nonce }, activitySignal())) return name;
  }
  return null;
}
