import type { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import { newId } from '../../../adapters/postgres/ids';
import { createDelivery } from '../../../adapters/postgres/webhook-deliveries';
import {
  createWebhook,
  deleteWebhook,
  findWebhook,
  lastDeliveries,
  listWebhooks,
  type DeliveryRow,
  type WebhookRow,
} from '../../../adapters/postgres/webhooks';
import { addressFault } from '../../../adapters/webhooks/allowed-address';
import { newWebhookSecret } from '../../../adapters/webhooks/signature';
import { DomainError } from '../../../domain/errors';
import { mostWebhooks } from '../../../domain/webhook-schedule';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import {
  createWebhookSchema,
  newWebhookSchema,
  startedDeliverySchema,
  webhookSchema,
  webhookWithDeliveriesSchema,
} from './webhooks-schema';

const shownDeliveries = 20;

const list = defineRoute({
  method: 'get',
  path: '/me/webhooks',
  summary: 'Addresses that are told what happens to you',
  tags: ['Me'],
  permission: 'user',
  query: pageQuery,
  responses: { 200: pageOf(webhookSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const rows = await listWebhooks(em, { userId: user.userId, limit: query.limit + 1, after: after?.id ?? null });
    const body = makePage(rows, {
      limit: query.limit,
      present: presentWebhook,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'no_webhooks',
    });
    return { status: 200, body };
  },
});

const create = defineRoute({
  method: 'post',
  path: '/me/webhooks',
  summary: 'Have an address told what happens to you',
  description:
    'Messages are JSON `{type, timestamp, data}`, signed by the Standard Webhooks scheme with the secret that this answer shows once. Answer with 2xx within 15 seconds; anything else is tried again with growing pauses for three days, with the same `webhook-id`. 410 switches the webhook off. Redirects are not followed.',
  tags: ['Me'],
  permission: 'user',
  body: createWebhookSchema,
  responses: { 201: newWebhookSchema },
  handler: async ({ user, body, em, ctx, deps }) => {
    const { userId } = user;
    requireAddress(body.url, deps.config.NODE_ENV !== 'production');
    const id = newId();
    const secret = newWebhookSecret();
    const sealed = await deps.vault.seal(secret, { sub: id, use: 'webhook' });
    const row = await em.transactional(async (tx) => {
      const { url, events } = body;
      const made = await createWebhook(tx, { id, userId, url, events, secret: sealed.jwe });
      if (!made) throw new DomainError('too_many_webhooks', { params: { most: mostWebhooks } });
      audit(tx, { ...about(userId, id, ctx.state.requestId), event: 'webhook.created' });
      return made;
    });
    return { status: 201, body: { ...presentWebhook(row), secret } };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/me/webhooks/{id}',
  summary: 'A webhook with its last messages',
  description: 'Messages are listed for seven days, at most twenty.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  responses: { 200: webhookWithDeliveriesSchema },
  handler: async ({ user, params, em }) => {
    const row = await findWebhook(em, { userId: user.userId, id: params.id });
    if (!row) throw new DomainError('not_found');
    const deliveries = await lastDeliveries(em, row.id, shownDeliveries);
    return { status: 200, body: { ...presentWebhook(row), deliveries: deliveries.map(presentDelivery) } };
  },
});

const test = defineRoute({
  method: 'post',
  path: '/me/webhooks/{id}/test',
  summary: 'Send a message of the type webhook.test',
  description: 'What came of it is at `GET me/webhooks/{id}`.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  responses: { 202: startedDeliverySchema },
  idempotent: true,
  handler: async ({ user, params, em, deps }) => {
    const { userId } = user;
    const webhookId = params.id;
    const { deliveryId, outboxId } = await em.transactional(async (tx) => {
      if (!(await findWebhook(tx, { userId, id: webhookId }))) throw new DomainError('not_found');
      return createDelivery(tx, { userId, webhookId, type: 'webhook.test', params: { webhookId } });
    });
    await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { deliveryId } };
  },
});

const remove = defineRoute({
  method: 'delete',
  path: '/me/webhooks/{id}',
  summary: 'Remove a webhook',
  description: 'Messages that were not delivered are dropped.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  responses: { 204: null },
  handler: async ({ user, params, em, ctx }) => {
    await em.transactional(async (tx) => {
      if (!(await deleteWebhook(tx, { userId: user.userId, id: params.id }))) throw new DomainError('not_found');
      audit(tx, { ...about(user.userId, params.id, ctx.state.requestId), event: 'webhook.deleted' });
    });
    return { status: 204 };
  },
});

const about = (userId: string, id: string, requestId: string) =>
  ({ actorId: userId, outcome: 'done', subjectType: 'webhook', subjectId: id, requestId }) as const;

const faults = {
  not_an_address: 'Must be an address such as https://example.org/hook',
  https_required: 'Must use https',
  credentials_in_address: 'Must not hold a user name or password',
  address_not_allowed: 'Must be on the public internet',
} as const;

function requireAddress(url: string, allowLoopback: boolean): void {
  const code = addressFault(url, { allowLoopback });
  if (code) throw new DomainError('invalid_request', { errors: [{ path: 'body.url', code, message: faults[code] }] });
}

function presentWebhook(row: WebhookRow): z.input<typeof webhookSchema> {
  return {
    id: row.id,
    url: row.url,
    events: row.events as z.input<typeof webhookSchema>['events'],
    failingSince: row.failingSince?.toISOString() ?? null,
    disabled: row.disabledAt
      ? { reason: row.disabledReason === 'gone' ? 'gone' : 'failing', at: row.disabledAt.toISOString() }
      : null,
    createdAt: row.createdAt.toISOString(),
  };
}

type PresentedDelivery = z.input<typeof webhookWithDeliveriesSchema>['deliveries'][number];

function presentDelivery(row: DeliveryRow): PresentedDelivery {
  return {
    id: row.id,
    type: row.type,
    status: row.status as PresentedDelivery['status'],
    attempts: row.attempts,
    lastStatus: row.lastStatus,
    failure: row.failureCode === null ? null : { code: row.failureCode },
    createdAt: row.createdAt.toISOString(),
    attemptedAt: row.attemptedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

export const webhookRoutes = [list, create, read, test, remove];
