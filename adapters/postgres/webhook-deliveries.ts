import { newId } from './ids';
import type { EntityManager } from './orm';
import { enqueueStart } from './outbox';

/** A message to one webhook, and the start of the workflow that delivers it, in the caller's transaction. */
export async function createDelivery(
  em: EntityManager,
  message: { userId: string; webhookId: string; type: string; params: object },
): Promise<{ deliveryId: string; outboxId: string }> {
  const deliveryId = newId();
  await em.execute(`insert into webhook_deliveries (id, webhook_id, type, params) values (?, ?, ?, ?::jsonb)`, [
    deliveryId,
    message.webhookId,
    message.type,
    JSON.stringify(message.params),
  ]);
  const outboxId = enqueueStart(em, {
    workflowType: 'deliverWebhook',
    workflowId: `webhook:${deliveryId}`,
    input: { deliveryId },
    searchAttributes: { userId: message.userId, jobType: 'webhook' },
    requestId: null,
  });
  return { deliveryId, outboxId };
}

/**
 * Has a message that has ended sent once more, under its own id, in the caller's transaction: two requests at once send one. Says
 * why not, where it is still on its way or its webhook is switched off; null where the person has no such message.
 */
export async function redeliver(
  tx: EntityManager,
  { userId, webhookId, id }: { userId: string; webhookId: string; id: string },
): Promise<{ outboxId: string } | 'webhook_disabled' | 'delivery_in_progress' | null> {
  const [webhook] = await tx.execute<{ disabled: boolean }[]>(
    `select disabled_at is not null as disabled from webhooks where id = ? and user_id = ? for key share`,
    [webhookId, userId],
  );
  const [found] = await tx.execute<{ open: boolean; redeliveries: number }[]>(
    `select finished_at is null as open, redeliveries from webhook_deliveries where id = ? and webhook_id = ? for update`,
    [id, webhookId],
  );
  if (!webhook || !found) return null;
  if (found.open) return 'delivery_in_progress';
  if (webhook.disabled) return 'webhook_disabled';
  await tx.execute(
    `update webhook_deliveries set status = 'pending', finished_at = null, redeliveries = redeliveries + 1 where id = ?`,
    [id],
  );
  const outboxId = enqueueStart(tx, {
    workflowType: 'deliverWebhook',
    workflowId: `webhook:${id}:${found.redeliveries + 1}`,
    input: { deliveryId: id, once: true },
    searchAttributes: { userId, jobType: 'webhook' },
    requestId: null,
  });
  return { outboxId };
}
