import { audit } from '../../adapters/postgres/audit';
import { failFlow, findFlow, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import { revokeToken } from '../../adapters/providers/oauth-exchange';
import { activitySignal } from '../activity-context';
import { providerOf, type SignInDeps } from './deps';
import { keptAnswer } from './kept-answer';

/** Takes tokens back where the provider can, ends the flow with a code and forgets its secrets. Does nothing to a flow that ended. */
export async function abandonFlow(deps: SignInDeps, transactionId: string, code: string): Promise<void> {
  const flow = await findFlow(deps.orm.em.fork(), transactionId);
  if (!flow || flow.status !== 'claimed') return;
  const revoked = await takeBack(deps, flow);
  const ended = await deps.orm.em.fork().transactional(async (em) => {
    if (!(await failFlow(em, flow.id, code))) return false;
    audit(em, {
      actorId: flow.userId,
      event: `${flow.purpose}.failed`,
      outcome: 'failed',
      details: { provider: flow.provider, code, revokedAtProvider: revoked },
      requestId: flow.requestId,
    });
    return true;
  });
  if (ended) deps.onFlowEnd({ provider: flow.provider, purpose: flow.purpose, outcome: code });
}

async function takeBack(deps: SignInDeps, flow: FlowRow): Promise<boolean | 'unsupported' | 'nothing'> {
  const provider = providerOf(deps, flow);
  const token = await tokenOf(deps, flow);
  if (!provider || token === null) return 'nothing';
  const outcome = await revokeToken(provider, token, activitySignal());
  return outcome === 'unsupported' ? 'unsupported' : outcome !== 'failed';
}

/** The refresh token where there is one: taking it back ends the access token too. */
async function tokenOf(deps: SignInDeps, flow: FlowRow): Promise<string | null> {
  try {
    const answer = await keptAnswer(deps, flow);
    if (!answer) return null;
    const { refresh_token: refresh, access_token: access } = JSON.parse(answer.text) as Record<string, unknown>;
    return typeof refresh === 'string' ? refresh : typeof access === 'string' ? access : null;
  } catch {
    return null;
  }
}
