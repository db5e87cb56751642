import { findFlow } from '../../adapters/postgres/oauth-transactions';
import { verifyTokens, type VerifiedTokens } from '../../adapters/providers/oauth-exchange';
import { DomainError } from '../../domain/errors';
import { activitySignal } from '../activity-context';
import { connectSpotify } from './connect-spotify';
import { openFlowSecrets, providerOf, refused, type Refused, type SignInDeps } from './deps';
import { keptAnswer } from './kept-answer';
import { linkIdentity } from './link-identity';

export type LinkOutcome = { outcome: 'linked' } | Refused;

/** Verifies the kept answer and does what the flow is for, in one transaction with the flow's end. Repeating it changes nothing. */
export async function linkVerified(deps: SignInDeps, transactionId: string): Promise<LinkOutcome> {
  const flow = await findFlow(deps.orm.em.fork(), transactionId);
  if (!flow) return refused('flow_unknown');
  if (flow.status === 'succeeded' || flow.status === 'delivered') return { outcome: 'linked' };
  const provider = providerOf(deps, flow);
  const answer = await keptAnswer(deps, flow);
  if (!provider || !answer) return refused('provider_not_configured');
  try {
    const { nonce } = await openFlowSecrets(deps, flow);
    const tokens: VerifiedTokens = await verifyTokens(provider, { nonce }, answer, activitySignal());
    const ended = await (flow.purpose === 'connect'
      ? connectSpotify(deps, flow, provider, tokens)
      : linkIdentity(deps, flow, tokens));
    if (ended) deps.onFlowEnd({ provider: flow.provider, purpose: flow.purpose, outcome: 'ok' });
    return { outcome: 'linked' };
  } catch (error) {
    if (error instanceof DomainError) return refused(error.code);
    throw error;
  }
}
