import type { MikroORM } from '../adapters/postgres/orm';
import { cancelDelivery, findOpenDelivery, recordAttempt } from '../adapters/postgres/webhook-attempts';
import { VaultError, type Vault } from '../adapters/vault/vault';
import type { SendResult, WebhookSender } from '../adapters/webhooks/send';
import { retryPauses } from '../domain/webhook-schedule';
import { activitySignal } from './activity-context';

export interface DeliverInput {
  deliveryId: string;
  /** Whether one try is all, since its person asked for just that. */
  once?: boolean;
}

/** How a try ended, for its counter. */
export type DeliveryOutcome = 'delivered' | 'failed' | 'given_up' | 'gone' | 'cancelled';

export interface DeliveryDeps {
  orm: MikroORM;
  vault: Vault;
  send: WebhookSender;
  onAttempt: (outcome: DeliveryOutcome) => void;
}

/** Sends messages to the addresses that people named. */
export function createDeliveryActivities({ orm, vault, send, onAttempt }: DeliveryDeps) {
  async function sendOnce(deliveryId: string, delivery: NonNullable<Awaited<ReturnType<typeof findOpenDelivery>>>) {
    const { webhookId, url, type, params, createdAt } = delivery;
    try {
      const secrets = [await vault.open(delivery.secret, { sub: webhookId, use: 'webhook' })];
      if (delivery.formerSecret !== null)
        secrets.push(...(await vault.open(delivery.formerSecret, { sub: webhookId, use: 'formerWebhook' })).split(' '));
      const body = JSON.stringify({ type, timestamp: createdAt.toISOString(), data: params });
      return await send({ id: deliveryId, url, secrets, body }, activitySignal());
    } catch (error) {
      if (error instanceof VaultError) return { code: error.code };
      throw error;
    }
  }

  return {
    /**
     * Tries once; `attempt` counts from 1. A worker that dies before it has written the answer down makes the message be sent
     * again, under the same id. `pauseSeconds` is null once nothing is left to do.
     */
    async attemptDelivery({
      deliveryId,
      attempt,
      once = false,
    }: DeliverInput & { attempt: number }): Promise<{ pauseSeconds: number | null }> {
      const em = orm.em.fork();
      const delivery = await findOpenDelivery(em, deliveryId);
      if (!delivery) return { pauseSeconds: null };
      if (delivery.disabled) {
        await cancelDelivery(em, deliveryId);
        onAttempt('cancelled');
        return { pauseSeconds: null };
      }
      const begun = performance.now();
      const result = await sendOnce(deliveryId, delivery);
      const durationMs = Math.round(performance.now() - begun);
      const status = 'status' in result ? result.status : null;
      const failureCode = failureOf(result);
      const pause = once ? null : (retryPauses[attempt - 1] ?? null);
      const gone = status === 410;
      await em.transactional((tx) =>
        recordAttempt(tx, deliveryId, { status, failureCode, durationMs, last: pause === null, gone }),
      );
      const outcome = failureCode === null ? 'delivered' : gone ? 'gone' : pause === null ? 'given_up' : 'failed';
      onAttempt(outcome);
      return { pauseSeconds: outcome === 'failed' ? pause : null };
    },
  };
}

function failureOf(result: SendResult | { code: string }): string | null {
  if ('code' in result) return result.code;
  if (result.status >= 200 && result.status < 300) return null;
  return result.status === 410 ? 'gone' : 'status_not_success';
}
