import { audit } from '../../adapters/postgres/audit';
import { failFlow, findFlow, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import { revokeTokens, type HeldTokens } from '../../adapters/providers/oauth-exchange';
import { activitySignal } from '../activity-context';
import { providerOf, type SignInDeps } from './deps';
import { keptAnswer } from './kept-answer';

/** Ends that somebody's right stands behind: what was asked for is another person's. */
const denials = ['account_exists', 'identity_belongs_to_another', 'connection_belongs_to_another'];

/** Takes tokens back where the provider can, ends the flow with a code and forgets its secrets. Does nothing to a flow that ended. */
export async function abandonFlow(deps: SignInDeps, transactionId: string, code: string): Promise<void> {
  const flow = await findFlow(deps.orm.em.fork(), transactionId);
  if (!flow || flow.status !== 'claimed') return;
  // That account's owner signs in here already: the consent is theirs, and stays.
  const revoked = code === 'identity_belongs_to_another' ? 'kept' : await takeBack(deps, flow);
  const denied = denials.includes(code);
  const ended = await deps.orm.em.fork().transactional(async (em) => {
    if (!(await failFlow(em, flow.id, code))) return false;
    audit(em, {
      actorId: flow.userId,
      event: `${flow.purpose}.${denied ? 'denied' : 'failed'}`,
      outcome: denied ? 'denied' : 'failed',
      ...(flow.resultMergeId ? { subjectType: 'account_merge', subjectId: flow.resultMergeId } : {}),
      details: { provider: flow.provider, code, revokedAtProvider: revoked },
      requestId: flow.requestId,
    });
    return true;
  });
  if (ended) deps.onFlowEnd({ provider: flow.provider, purpose: flow.purpose, outcome: code });
}

async function takeBack(deps: SignInDeps, flow: FlowRow): Promise<boolean | 'unsupported' | 'nothing'> {
  const provider = await providerOf(deps, flow);
  const tokens = await tokensOf(deps, flow);
  if (!provider || tokens === null) return 'nothing';
  const outcome = await revokeTokens(provider, tokens, activitySignal());
  return outcome === 'unsupported' ? 'unsupported' : outcome !== 'failed';
}

async function tokensOf(deps: SignInDeps, flow: FlowRow): Promise<HeldTokens | null> {
  try {
    const answer = await keptAnswer(deps, flow);
    if (!answer) return null;
    const { access_token: access, refresh_token: refresh } = JSON.parse(answer.text) as Record<string, unknown>;
    const text = (token: unknown) => (typeof token === 'string' ? token : null);
    return { accessToken: text(access), refreshToken: text(refresh) };
  } catch {
    return null;
  }
}
