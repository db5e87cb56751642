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
