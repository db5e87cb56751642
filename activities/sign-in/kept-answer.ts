import type { FlowRow } from '../../adapters/postgres/oauth-transactions';
import type { TokenAnswer } from '../../adapters/providers/oauth-exchange';
import type { SignInDeps } from './deps';

/** The token endpoint's answer that the exchange kept; null where it kept none. */
export async function keptAnswer(deps: SignInDeps, flow: FlowRow): Promise<TokenAnswer | null> {
  if (flow.rawAnswer === null) return null;
  return JSON.parse(await deps.vault.open(flow.rawAnswer, { sub: flow.id, use: 'answer' })) as TokenAnswer;
}
