import type { z } from 'zod';
import type { AttemptRow, DeliveryRow } from '../../../adapters/postgres/webhook-log';
import type { WebhookRow } from '../../../adapters/postgres/webhooks';
import type { deliverySchema, deliveryWithTriesSchema, webhookSchema } from './webhooks-schema';

type Presented = z.input<typeof webhookSchema>;

export function presentWebhook(row: WebhookRow): Presented {
  const reason = row.disabledReason as NonNullable<Presented['disabled']>['reason'];
  return {
    id: row.id,
    url: row.url,
    events: row.events as Presented['events'],
    failingSince: row.failingSince?.toISOString() ?? null,
    disabled: row.disabledAt ? { reason, at: row.disabledAt.toISOString() } : null,
    createdAt: row.createdAt.toISOString(),
  };
}

const failureOf = (code: string | null) => (code === null ? null : { code });

export function presentDelivery(row: DeliveryRow): z.input<typeof deliverySchema> {
  return {
    id: row.id,
    type: row.type,
    status: row.status as z.input<typeof deliverySchema>['status'],
    attempts: row.attempts,
    redeliveries: row.redeliveries,
    lastStatus: row.lastStatus,
    failure: failureOf(row.failureCode),
    createdAt: row.createdAt.toISOString(),
    attemptedAt: row.attemptedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

export function presentDeliveryWithTries(
  row: DeliveryRow,
  attempts: readonly AttemptRow[],
): z.input<typeof deliveryWithTriesSchema> {
  return {
    ...presentDelivery(row),
    data: row.params,
    tries: attempts.map(({ status, failureCode, durationMs, createdAt }) => ({
      at: createdAt.toISOString(),
      seconds: durationMs / 1_000,
      status,
      failure: failureOf(failureCode),
    })),
  };
}
