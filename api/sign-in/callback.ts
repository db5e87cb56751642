import {
  claimFlow,
  failFlow,
  findFlow,
  findFlowByState,
  type FlowRow,
} from '../../adapters/postgres/oauth-transactions';
import { hashOf } from '../../adapters/postgres/token-hash';
import { codeLost } from '../../domain/oauth-flows';
import type { AppContext, Caller } from '../context';
import type { Dependencies } from '../dependencies';
import { deliverSession } from './deliver-session';
import { flowCookie } from './flow-cookie';
import { runLinkAccount } from './link-account';
import type { FlowProviderId } from './providers';
import { landingAddress, type Landing } from './return-to';
import { beginFlow } from './start';

/** What a provider may send back; everything else it sends is left where it is. */
export interface CallbackQuery {
  state?: string;
  code?: string;
  iss?: string;
  error?: string;
}
interface Arrival {
  ctx: AppContext;
  deps: Dependencies;
  provider: FlowProviderId;
  caller: Caller | null;
  query: CallbackQuery;
}

/**
 * Ends a flow where the provider sent the browser back to, and says where to send it next. Checked in this order: the state
 * names a flow · of this provider · started in this browser · by this person · which nobody claimed yet. A refused try leaves
 * the flow as it was; a reload joins what the first one started.
 */
export async function finishFlow(arrival: Arrival): Promise<string> {
  const { deps, provider, query } = arrival;
  const home = (error: string) => landingAddress('/', deps.config.apiUrl, { error });
  const flow = query.state ? await findFlowByState(deps.orm.em.fork(), hashOf(query.state)) : null;
  if (!flow || !query.state || flow.provider !== provider) return home('flow_unknown');
  if (!startedHere(arrival, flow, query.state)) return home('flow_not_yours');
  if (flow.userId !== null && arrival.caller?.userId !== flow.userId) return home('flow_not_yours');
  if (flow.status === 'abandoned' || (flow.status === 'started' && flow.expired))
    return land(arrival, flow, { error: 'flow_expired' });
  if (flow.status === 'started' && query.code === undefined) return refusedByProvider(arrival, flow);
  return claimAndLink(arrival, flow);
}

function startedHere({ ctx, deps, provider }: Arrival, flow: FlowRow, state: string): boolean {
  const secret = ctx.cookies.get(flowCookie(deps.config, provider, state).name);
  return secret !== undefined && hashOf(secret) === flow.cookieHash;
}

/** The person said no, or the provider did. */
async function refusedByProvider(arrival: Arrival, flow: FlowRow): Promise<string> {
  const code = arrival.query.error === 'access_denied' ? 'access_denied' : 'provider_error';
  const { deps } = arrival;
  const { provider, purpose } = flow;
  if (await failFlow(deps.orm.em.fork(), flow.id, code)) deps.metrics.onFlowEnd({ provider, purpose, outcome: code });
  return land(arrival, flow, { error: code });
}

async function claimAndLink(arrival: Arrival, flow: FlowRow): Promise<string> {
  const { ctx, deps, query } = arrival;
  if (flow.status === 'started') {
    const callback = JSON.stringify({ code: query.code, state: query.state, iss: query.iss });
    const { jwe } = await deps.vault.seal(callback, { sub: flow.id, use: 'callback' });
    await claimFlow(deps.orm.em.fork(), flow.id, jwe);
  }
  if (flow.status === 'started' || flow.status === 'claimed') {
    try {
      const waited = await runLinkAccount(deps, flow);
      if (waited === 'still_working') return land(arrival, flow, { error: 'still_working' });
    } catch (error) {
      ctx.state.log.error({ err: error, transactionId: flow.id }, 'link-account did not end');
      return land(arrival, flow, { error: 'service_unavailable' });
    }
  }
  const ended = await findFlow(deps.orm.em.fork(), flow.id);
  return ended ? landEnded(arrival, ended) : land(arrival, flow, { error: 'flow_unknown' });
}

async function landEnded(arrival: Arrival, flow: FlowRow): Promise<string> {
  const { ctx, deps, provider, caller } = arrival;
  if (flow.status === 'failed') {
    if (flow.errorCode !== codeLost) return land(arrival, flow, { error: flow.errorCode ?? 'internal_error' });
    if (flow.restarts > 0) return land(arrival, flow, { error: 'code_rejected' });
    const { purpose, userId, connectionId, returnTo } = flow;
    return beginFlow(ctx, deps, { provider, purpose, userId, connectionId, returnTo, restarts: 1 });
  }
  if (flow.status !== 'succeeded' && flow.status !== 'delivered')
    return land(arrival, flow, { error: 'internal_error' });
  if (flow.purpose === 'sign_in' && !(await deliverSession(ctx, deps, caller, flow)))
    return land(arrival, flow, { error: 'flow_expired' });
  return land(arrival, flow, { result: 'ok', connectionId: flow.resultConnectionId, jobId: flow.resultJobId });
}

function land({ deps }: Arrival, flow: FlowRow, landing: Landing): string {
  return landingAddress(flow.returnTo, deps.config.apiUrl, landing);
}
