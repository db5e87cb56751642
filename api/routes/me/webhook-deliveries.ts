import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { redeliver } from '../../../adapters/postgres/webhook-deliveries';
import { findDelivery, listDeliveries } from '../../../adapters/postgres/webhook-log';
import { findWebhook } from '../../../adapters/postgres/webhooks';
import { DomainError } from '../../../domain/errors';
import { webhookHref } from '../../../domain/hrefs';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentDelivery, presentDeliveryWithTries } from './webhook-presenter';
import { deliveriesQuery, deliverySchema, deliveryWithTriesSchema, startedDeliverySchema } from './webhooks-schema';

const deliveryParams = idParams.extend({ deliveryId: z.uuid() });

async function requireWebhook(em: EntityManager, webhook: { userId: string; id: string }): Promise<void> {
  if (!(await findWebhook(em, webhook))) throw new DomainError('not_found');
}

const list = defineRoute({
  method: 'get',
  path: '/me/webhooks/{id}/deliveries',
  summary: 'What a webhook was sent',
  description: 'Newest first, for seven days.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  query: deliveriesQuery,
  responses: { 200: pageOf(deliverySchema) },
  handler: async ({ user, params, query, em }) => {
    await requireWebhook(em, { userId: user.userId, id: params.id });
    const after = decodeCursor(query.cursor, idPosition);
    const { status = null, type = null, from = null, to = null } = query;
    const rows = await listDeliveries(em, {
      webhookId: params.id,
      filter: { status, type, from, to },
      limit: query.limit + 1,
      after: after?.id ?? null,
    });
    const filtered = [status, type, from, to].some((value) => value !== null);
    const body = makePage(rows, {
      limit: query.limit,
      present: presentDelivery,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: filtered ? 'no_match' : 'no_deliveries',
    });
    return { status: 200, body };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/me/webhooks/{id}/deliveries/{deliveryId}',
  summary: 'One message to a webhook, with each try',
  description: 'What the receiver answered is not kept, but for its status.',
  tags: ['Me'],
  permission: 'user',
  params: deliveryParams,
  responses: { 200: deliveryWithTriesSchema },
  handler: async ({ user, params, em }) => {
    await requireWebhook(em, { userId: user.userId, id: params.id });
    const found = await findDelivery(em, { webhookId: params.id, id: params.deliveryId });
    if (!found) throw new DomainError('not_found');
    return { status: 200, body: presentDeliveryWithTries(found.delivery, found.attempts) };
  },
});

const again = defineRoute({
  method: 'post',
  path: '/me/webhooks/{id}/deliveries/{deliveryId}/redeliver',
  summary: 'Send a message once more',
  description:
    'With the same `webhook-id` and the same content, signed anew. It is tried once; what came of that is its status. A message that is still on its way is a `409 delivery_in_progress`.',
  tags: ['Me'],
  permission: 'user',
  params: deliveryParams,
  responses: { 202: startedDeliverySchema },
  idempotent: true,
  handler: async ({ user, params, em, ctx, deps }) => {
    const { userId } = user;
    const { id: webhookId, deliveryId } = params;
    const outboxId = await em.transactional(async (tx) => {
      const result = await redeliver(tx, { userId, webhookId, id: deliveryId });
      if (result === null) throw new DomainError('not_found');
      if (typeof result === 'string') throw new DomainError(result, { resource: webhookResource(webhookId) });
      const subject = { subjectType: 'webhook', subjectId: webhookId, requestId: ctx.state.requestId };
      audit(tx, { actorId: userId, event: 'webhook.redelivered', outcome: 'done', ...subject });
      return result.outboxId;
    });
    await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { deliveryId } };
  },
});

const webhookResource = (id: string) => ({ type: 'webhook', id, href: webhookHref(id) });

export const webhookDeliveryRoutes = [list, read, again];
