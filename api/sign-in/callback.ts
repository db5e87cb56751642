import { claimFlow, failFlow, findFlow, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import { chooseSpotifyApp } from '../../adapters/postgres/spotify-app-choice';
import type { ErrorCode } from '../../domain/errors';
import { codeLost } from '../../domain/oauth-flows';
import type { Caller } from '../context';
import { deny } from '../middleware/authorize';
import { deliverSession } from './deliver-session';
import { landed, sentOn, type Ending } from './ending';
import { flowOfBrowser, type Arrival } from './flow-of-browser';
import { runLinkAccount } from './link-account';
import { flowProviders } from './providers';
import { beginFlow } from './start';

/** What a provider may send back; everything else it sends is left where it is. */
export interface CallbackQuery {
  state?: string;
  code?: string;
  iss?: string;
  error?: string;
}
/** An arrival by GET, where the browser's session comes along. */
interface Return extends Arrival {
  caller: Caller | null;
  query: CallbackQuery;
}

/** How providers say that the person said no; the second one is Apple's. */
const refusals = ['access_denied', 'user_cancelled_authorize'];

/**
 * Ends a flow where the provider sent the browser back to. Checked in this order: the state names a flow · of this provider ·
 * started in this browser · by this person · which nobody claimed yet · and which this person could still start. A refused try leaves the flow as it was; a reload joins
 * what the first one started.
 */
export async function finishFlow(back: Return): Promise<Ending> {
  const flow = await flowOfBrowser(back, back.query.state);
  if (typeof flow === 'string') return landed('/', { error: flow });
  if (flow.userId !== null && !isStarter(back, flow)) return landed('/', { error: 'flow_not_yours' });
  if (flow.status === 'abandoned' || (flow.status === 'started' && flow.expired))
    return land(flow, { error: 'flow_expired' });
  if (flow.status !== 'started') return linkAndLand(back, flow);
  if (back.caller?.suspended && flow.userId !== null && flow.connectionId === null) return refuseSuspended(back, flow);
  // By GET alone nothing can come from a provider that posts.
  if (flowProviders[back.provider].formPost && flow.callbackSecrets === null)
    return landed('/', { error: 'flow_unknown' });
  const brought = await whatCame(back, flow);
  if (brought.code === undefined) return refusedByProvider(back, flow, brought.error);
  await claim(back, flow);
  return linkAndLand(back, flow);
}

/** Whoever finishes must be who started; a way to sign in is added by a session only, never by a token. */
function isStarter({ caller }: Return, { purpose, userId }: FlowRow): boolean {
  return caller?.userId === userId && (purpose !== 'link' || caller?.via === 'session');
}

/** The provider's parameters: in the address, or kept when they were posted. */
async function whatCame({ deps, query }: Return, flow: FlowRow): Promise<CallbackQuery> {
  if (flow.callbackSecrets === null) return query;
  return JSON.parse(await deps.vault.open(flow.callbackSecrets, { sub: flow.id, use: 'callback' })) as CallbackQuery;
}

/** The person said no, or the provider did. */
function refusedByProvider(back: Return, flow: FlowRow, error: string | undefined): Promise<Ending> {
  return refuse(back, flow, error !== undefined && refusals.includes(error) ? 'access_denied' : 'provider_error');
}

/** Whoever was suspended since they started connects nothing new, and gets no new way in. */
async function refuseSuspended(back: Return, flow: FlowRow): Promise<Ending> {
  await deny(back.ctx, back.deps, 'suspended', { permission: 'user', scope: 'write' });
  return refuse(back, flow, 'suspended');
}

async function refuse({ deps }: Return, flow: FlowRow, code: ErrorCode): Promise<Ending> {
  const { provider, purpose } = flow;
  if (await failFlow(deps.orm.em.fork(), flow.id, code, ['started']))
    deps.metrics.onFlowEnd({ provider, purpose, outcome: code });
  return land(flow, { error: code });
}

async function claim({ deps, query }: Return, flow: FlowRow): Promise<void> {
  let sealed: string | null = null;
  if (flow.callbackSecrets === null) {
    const callback = JSON.stringify({ code: query.code, state: query.state, iss: query.iss });
    sealed = (await deps.vault.seal(callback, { sub: flow.id, use: 'callback' })).jwe;
  }
  await claimFlow(deps.orm.em.fork(), flow.id, sealed);
}

async function linkAndLand(back: Return, flow: FlowRow): Promise<Ending> {
  const { ctx, deps } = back;
  if (flow.status === 'started' || flow.status === 'claimed') {
    try {
      const waited = await runLinkAccount(deps, flow);
      if (waited === 'still_working') return land(flow, { error: 'still_working' });
    } catch (error) {
      ctx.state.log.error({ err: error, transactionId: flow.id }, 'link-account did not end');
      return land(flow, { error: 'service_unavailable' });
    }
  }
  const ended = await findFlow(deps.orm.em.fork(), flow.id);
  return ended ? landEnded(back, ended) : land(flow, { error: 'flow_unknown' });
}

async function landEnded(back: Return, flow: FlowRow): Promise<Ending> {
  const { ctx, deps, caller } = back;
  if (flow.status === 'failed') {
    if (await anotherAppMayDo(back, flow)) return sentOn(await startAgain(back, flow));
    if (flow.errorCode !== codeLost)
      return land(flow, { error: flow.errorCode ?? 'internal_error', mergeId: flow.resultMergeId });
    if (flow.restarts > 0) return land(flow, { error: 'code_rejected' });
    return sentOn(await startAgain(back, flow));
  }
  if (flow.status !== 'succeeded' && flow.status !== 'delivered') return land(flow, { error: 'internal_error' });
  if (flow.purpose === 'sign_in' && !(await deliverSession(ctx, deps, caller, flow)))
    return land(flow, { error: 'flow_expired' });
  return land(flow, { result: 'ok', connectionId: flow.resultConnectionId, jobId: flow.resultJobId });
}

/** Once: the person is asked for their consent anew. */
function startAgain({ ctx, deps, provider }: Return, flow: FlowRow): Promise<string> {
  const { purpose, userId, connectionId, returnTo } = flow;
  return beginFlow(ctx, deps, { provider, purpose, userId, connectionId, returnTo, restarts: 1 });
}

/** Whether one of our other apps at Spotify has room for somebody whom this one did not let in. */
async function anotherAppMayDo({ deps }: Return, flow: FlowRow): Promise<boolean> {
  const { userId, connectionId, errorCode, restarts } = flow;
  const ofApp = errorCode === 'app_user_not_allowed' || errorCode === 'app_owner_not_premium';
  if (!ofApp || restarts > 0 || userId === null || !deps.config.spotify) return false;
  const { apps } = deps.config.spotify;
  const choice = await chooseSpotifyApp(deps.orm.em.fork(), apps, { userId, connectionId });
  return choice !== null && !choice.refused && choice.app.clientId !== flow.clientId;
}

const land = (flow: FlowRow, landing: Parameters<typeof landed>[1]): Ending => landed(flow.returnTo, landing);
