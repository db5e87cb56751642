import { findFlow, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import { verifyTokens, type OauthProvider, type TokenAnswer } from '../../adapters/providers/oauth-exchange';
import { DomainError, isRetryable, ProviderError, type ErrorCode } from '../../domain/errors';
import { activitySignal } from '../activity-context';
import { connectSpotify } from './connect-spotify';
import { openFlowSecrets, providerOf, refused, type Refused, type SignInDeps } from './deps';
import { keptAnswer } from './kept-answer';
import { linkIdentity } from './link-identity';
import { verifiedIdentity } from './verified-identity';

export type LinkOutcome = { outcome: 'linked' } | Refused;

/** Verifies the kept answer and does what the flow is for, in one transaction with the flow's end. Repeating it changes nothing. */
export async function linkVerified(deps: SignInDeps, transactionId: string): Promise<LinkOutcome> {
  const flow = await findFlow(deps.orm.em.fork(), transactionId);
  if (!flow) return refused('flow_unknown');
  if (hasSucceeded(flow)) return { outcome: 'linked' };
  const provider = await providerOf(deps, flow);
  const answer = await keptAnswer(deps, flow);
  if (!provider || !answer) return refused('provider_not_configured');
  try {
    await link(deps, flow, provider, answer);
  } catch (error) {
    // A provider that says no for good won't say yes to the next try.
    if (error instanceof ProviderError && !isRetryable(error.failure)) return refused(codeOf(error));
    if (!(error instanceof DomainError)) throw error;
    const now = await findFlow(deps.orm.em.fork(), transactionId);
    return now && hasSucceeded(now) ? { outcome: 'linked' } : refused(error.code);
  }
  deps.onFlowEnd({ provider: flow.provider, purpose: flow.purpose, outcome: 'ok' });
  return { outcome: 'linked' };
}

async function link(deps: SignInDeps, flow: FlowRow, provider: OauthProvider, answer: TokenAnswer): Promise<void> {
  const { nonce } = await openFlowSecrets(deps, flow);
  const tokens = await verifyTokens(provider, { nonce }, answer, activitySignal());
  if (flow.purpose === 'connect') return connectSpotify(deps, flow, provider, tokens);
  return linkIdentity(deps, flow, tokens, await verifiedIdentity(deps, flow, provider, tokens));
}

/** What Spotify does not let an app do for somebody is told by its name: other apps may. */
function codeOf({ failure, details: { code } }: ProviderError): ErrorCode {
  const ofApp = code === 'app_user_not_allowed' || code === 'app_owner_not_premium';
  return failure === 'forbidden' && ofApp ? code : 'provider_error';
}

const hasSucceeded = ({ status }: FlowRow): boolean => status === 'succeeded' || status === 'delivered';
