import {
  beginExchange,
  exchangeNotProcessed,
  findFlow,
  keepRawAnswer,
  type FlowRow,
} from '../../adapters/postgres/oauth-transactions';
import {
  classifyAnswer,
  requestTokens,
  type ExchangeAttempt,
  type OauthProvider,
  type TokenAnswer,
} from '../../adapters/providers/oauth-exchange';
import { DomainError, ProviderError } from '../../domain/errors';
import { codeLost } from '../../domain/oauth-flows';
import { activitySignal } from '../activity-context';
import { openCallback, openFlowSecrets, providerOf, refused, type Refused, type SignInDeps } from './deps';

/**
 * The same code is sent again after a try that may have been processed, twice at most. A spent code is refused and harms
 * nobody; with one try fewer, one in ten calls failing for a moment would lose one flow in 150.
 */
const mostAmbiguousTries = 3;

export type ExchangeOutcome = { outcome: 'answered' } | Refused;

/**
 * Sends the flow's code to its provider and keeps the raw answer, sealed. Returns at once where one is kept: a used code that
 * is sent again can end the tokens it gave. Throws ProviderError where trying again can help.
 */
export async function exchangeCode(deps: SignInDeps, transactionId: string): Promise<ExchangeOutcome> {
  const em = deps.orm.em.fork();
  const flow = await findFlow(em, transactionId);
  if (!flow) return refused('flow_unknown');
  if (flow.rawAnswer !== null || flow.status === 'succeeded' || flow.status === 'delivered')
    return { outcome: 'answered' };
  if (flow.status !== 'claimed') return refused('flow_expired');
  const provider = await providerOf(deps, flow);
  if (!provider) return refused('provider_not_configured');
  if (flow.ambiguousAttempts >= mostAmbiguousTries) return refused('provider_unavailable');

  await beginExchange(em, flow.id);
  const attempt = await sendOnce(deps, flow, provider);
  switch (attempt.kind) {
    case 'not_sent':
    case 'rate_limited': {
      await exchangeNotProcessed(em, flow.id);
      const wait = attempt.kind === 'rate_limited' ? { retryAfterSeconds: attempt.retryAfterSeconds } : {};
      throw new ProviderError(attempt.kind === 'rate_limited' ? 'rate_limited' : 'unavailable', wait);
    }
    case 'ambiguous':
      throw new ProviderError('unavailable');
    case 'identity_invalid':
      return refused('identity_invalid');
    case 'misconfigured':
      return refused('provider_error');
    case 'answered':
      return judge(deps, flow, provider, attempt);
  }
}

/** A callback whose state or issuer isn't the flow's never reaches the provider. */
async function sendOnce(
  deps: SignInDeps,
  flow: FlowRow,
  provider: OauthProvider,
): Promise<ExchangeAttempt | { kind: 'identity_invalid' }> {
  const [params, { state, verifier }] = await Promise.all([openCallback(deps, flow), openFlowSecrets(deps, flow)]);
  try {
    const { redirectUri } = flow;
    return await requestTokens(provider, { params, state, verifier, redirectUri }, activitySignal());
  } catch (error) {
    if (error instanceof DomainError) return { kind: 'identity_invalid' };
    throw error;
  }
}

async function judge(
  deps: SignInDeps,
  flow: FlowRow,
  provider: OauthProvider,
  answer: TokenAnswer,
): Promise<ExchangeOutcome> {
  switch (classifyAnswer(provider, answer)) {
    case 'ok': {
      const text = JSON.stringify({ status: answer.status, text: answer.text });
      const { jwe } = await deps.vault.seal(text, { sub: flow.id, use: 'answer' });
      await keepRawAnswer(deps.orm.em.fork(), flow.id, jwe);
      return { outcome: 'answered' };
    }
    case 'code_rejected':
      // After a try whose answer got lost, the code was most likely spent by that try.
      return refused(flow.ambiguousAttempts > 0 ? codeLost : 'code_rejected');
    case 'unreadable':
      return refused(codeLost);
    case 'server_error':
      throw new ProviderError('unavailable', { status: answer.status });
    case 'misconfigured':
      return refused('provider_error');
    case 'account_refused':
      return refused('identity_invalid');
  }
}
