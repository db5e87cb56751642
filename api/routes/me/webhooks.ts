import { audit } from '../../../adapters/postgres/audit';
import { newId } from '../../../adapters/postgres/ids';
import { createDelivery } from '../../../adapters/postgres/webhook-deliveries';
import { listDeliveries } from '../../../adapters/postgres/webhook-log';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  findWebhook,
  holdSecret,
  listWebhooks,
  replaceSecret,
} from '../../../adapters/postgres/webhooks';
import { addressFault } from '../../../adapters/webhooks/allowed-address';
import { newWebhookSecret } from '../../../adapters/webhooks/signature';
import { VaultError } from '../../../adapters/vault/vault';
import { DomainError } from '../../../domain/errors';
import { mostFormerSecrets, mostWebhooks } from '../../../domain/webhook-schedule';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentDelivery, presentWebhook } from './webhook-presenter';
import {
  changeWebhookSchema,
  createWebhookSchema,
  newSecretSchema,
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
    'Messages are JSON `{type, timestamp, data}`, signed by the Standard Webhooks scheme with the secret that this answer shows once. Answer with 2xx within 15 seconds; anything else is tried again with growing pauses for three days, with the same `webhook-id`, and can be sent again by hand. 410 switches the webhook off. Redirects are not followed.',
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
  description:
    'Its last twenty messages; all of them, and each with its tries, are at `GET me/webhooks/{id}/deliveries`.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  responses: { 200: webhookWithDeliveriesSchema },
  handler: async ({ user, params, em }) => {
    const row = await findWebhook(em, { userId: user.userId, id: params.id });
    if (!row) throw new DomainError('not_found');
    const deliveries = await listDeliveries(em, { webhookId: row.id, limit: shownDeliveries, after: null });
    return { status: 200, body: { ...presentWebhook(row), deliveries: deliveries.map(presentDelivery) } };
  },
});

const change = defineRoute({
  method: 'patch',
  path: '/me/webhooks/{id}',
  summary: 'Change what a webhook is told of, or switch it off or on',
  description:
    'Switched on again it begins anew, as if it had never failed. What it missed can be had again, message by message.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  body: changeWebhookSchema,
  responses: { 200: webhookSchema },
  handler: async ({ user, params, body, em, ctx }) => {
    const row = await em.transactional(async (tx) => {
      const changed = await changeWebhook(tx, { userId: user.userId, id: params.id, ...body });
      if (!changed) throw new DomainError('not_found');
      audit(tx, { ...about(user.userId, params.id, ctx.state.requestId), event: 'webhook.changed' });
      return changed;
    });
    return { status: 200, body: presentWebhook(row) };
  },
});

const rotateSecret = defineRoute({
  method: 'post',
  path: '/me/webhooks/{id}/rotate-secret',
  summary: 'Give a webhook a new secret',
  description:
    'For a day messages are signed with the new secret and the one before it (several signatures in `webhook-signature`), so that none is lost while you change it at the receiver. Asking again within that day, since an answer got lost, keeps those before signing.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  responses: { 200: newSecretSchema },
  handler: async ({ user, params, em, ctx, deps }) => {
    const { id } = params;
    const { vault } = deps;
    const secret = newWebhookSecret();
    const formerUntil = await em.transactional(async (tx) => {
      const held = await holdSecret(tx, { userId: user.userId, id });
      if (held === null) throw new DomainError('not_found');
      const known = [
        await vault.open(held.secret, { sub: id, use: 'webhook' }).catch(unopened),
        held.former && (await vault.open(held.former, { sub: id, use: 'formerWebhook' }).catch(unopened)),
      ];
      const former = known
        .flatMap((secrets) => secrets?.split(' ') ?? [])
        .slice(0, mostFormerSecrets)
        .join(' ');
      audit(tx, { ...about(user.userId, id, ctx.state.requestId), event: 'webhook.secret_rotated' });
      return replaceSecret(tx, {
        id,
        secret: (await vault.seal(secret, { sub: id, use: 'webhook' })).jwe,
        former: former ? (await vault.seal(former, { sub: id, use: 'formerWebhook' })).jwe : null,
      });
    });
    return { status: 200, body: { secret, formerUntil: formerUntil.toISOString() } };
  },
});

/** A secret whose key is gone signs nothing, so nothing of it has to go on. */
function unopened(error: unknown): null {
  if (error instanceof VaultError) return null;
  throw error;
}

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

export const webhookRoutes = [list, create, read, change, rotateSecret, test, remove];
