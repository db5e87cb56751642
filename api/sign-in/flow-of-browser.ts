import { findFlowByState, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import { hashOf } from '../../adapters/postgres/token-hash';
import type { AppContext } from '../context';
import type { Dependencies } from '../dependencies';
import { flowCookie } from './flow-cookie';
import type { FlowProviderId } from './providers';

/** Somebody who comes back from a provider. */
export interface Arrival {
  ctx: AppContext;
  deps: Dependencies;
  provider: FlowProviderId;
}

/**
 * The flow that a callback's state names, if it is one of this provider's and was started in this browser: what comes back in
 * `state` says which flow, its cookie says whose. Else the code to land with.
 */
export async function flowOfBrowser(
  { ctx, deps, provider }: Arrival,
  state: string | undefined,
): Promise<FlowRow | 'flow_unknown' | 'flow_not_yours'> {
  const flow = state ? await findFlowByState(deps.orm.em.fork(), hashOf(state)) : null;
  if (!flow || !state || flow.provider !== provider) return 'flow_unknown';
  const secret = ctx.cookies.get(flowCookie(deps.config, provider, state).name);
  return secret !== undefined && hashOf(secret) === flow.cookieHash ? flow : 'flow_not_yours';
}
