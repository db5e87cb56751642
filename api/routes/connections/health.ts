import { findConnection, type ConnectionRow } from '../../../adapters/postgres/connection-reads';
import { credentialOwner } from '../../../adapters/postgres/credential-lease';
import { runConnectionCheck } from '../../../adapters/temporal/check-connection';
import { createJoinRefresh } from '../../../adapters/temporal/join-refresh';
import { reconnectPath } from '../../../domain/connection-lifecycle';
import { isRenewable } from '../../../domain/connection-health';
import { DomainError, ProviderError } from '../../../domain/errors';
import type { Caller } from '../../context';
import type { Dependencies } from '../../dependencies';
import { takeFromLimit } from '../../middleware/rate-limit';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { checkedResponses } from './health-schema';
import { presentConnection } from './presenters';

/** A person waits this long for the provider; then it goes on without them. Seconds. */
const patience = 10;

interface Asked {
  user: Caller;
  params: { id: string };
  deps: Dependencies;
}

async function own({ user, params, deps }: Asked): Promise<ConnectionRow> {
  const row = await findConnection(deps.orm.em.fork(), { userId: user.userId, id: params.id });
  if (!row) throw new DomainError('not_found');
  return row;
}

const check = defineRoute({
  method: 'post',
  path: '/connections/{id}/health-check',
  summary: 'Ask the provider now whether a connection works',
  description:
    'Ten seconds at most; `202` where the provider takes longer, and `GET connections/{id}` has the answer soon. `health`, `healthCode`, `checkedAt` and `action` say what came of it. A check that is under way is joined.',
  tags: ['Connections'],
  permission: 'user',
  idempotent: true,
  params: idParams,
  responses: checkedResponses,
  handler: async (asked) => {
    const { user, params, ctx, deps } = asked;
    const { provider } = await own(asked);
    await takeFromLimit(ctx, deps.limits.connectionChecks, params.id);
    let waited: 'ended' | 'still_working';
    try {
      const about = { connectionId: params.id, userId: user.userId, provider };
      waited = await runConnectionCheck(deps.temporal, about, patience);
    } catch (error) {
      ctx.state.log.error({ err: error, connectionId: params.id }, 'check-connection did not end');
      throw new DomainError('service_unavailable');
    }
    return { status: waited === 'ended' ? 200 : 202, body: presentConnection(await own(asked)) };
  },
});

const refresh = defineRoute({
  method: 'post',
  path: '/connections/{id}/refresh',
  summary: 'Renew the access of a connection now',
  description:
    'Nobody needs to: access is renewed when it is used. A renewal that is under way is joined; `202` where it takes longer than ten seconds. `409 connection_unusable` where only a new consent helps, which is always so at Apple Music.',
  tags: ['Connections'],
  permission: 'user',
  idempotent: true,
  params: idParams,
  responses: checkedResponses,
  handler: async (asked) => {
    const { user, params, ctx, deps } = asked;
    const before = await own(asked);
    const { provider, health } = before;
    if (health === 'needs_reconnect' || !isRenewable(provider))
      throw new DomainError('connection_unusable', { action: { code: 'reconnect', href: reconnectPath(before) } });
    await takeFromLimit(ctx, deps.limits.connectionChecks, params.id);
    const owner = await credentialOwner(deps.orm.em.fork(), params.id);
    if (!owner) throw new DomainError('not_found');
    const join = createJoinRefresh(deps.temporal, patience);
    try {
      await join(params.id, owner.version, { userId: user.userId, provider });
      return { status: 200, body: presentConnection(await own(asked)) };
    } catch (error) {
      if (!(error instanceof ProviderError) || error.details.code !== 'refresh_pending') throw failed(error);
      return { status: 202, body: presentConnection(await own(asked)) };
    }
  },
});

/** The renewal came to an end without a token, and it is nobody's fault here. */
function failed(error: unknown): unknown {
  const ended = error instanceof ProviderError && error.details.code === 'refresh_failed';
  return ended ? new DomainError('provider_unavailable') : error;
}

export const connectionHealthRoutes = [check, refresh];
