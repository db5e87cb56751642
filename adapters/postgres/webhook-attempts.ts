import { failingLimit } from '../../domain/webhook-schedule';
import { announce } from './announcements';
import { newId } from './ids';
import type { EntityManager } from './orm';

export interface OpenDelivery {
  webhookId: string;
  url: string;
  /** Sealed. */
  secret: string;
  /** Sealed; null where receivers know the newer one by now. */
  formerSecret: string | null;
  disabled: boolean;
  type: string;
  params: Record<string, string | number>;
  createdAt: Date;
}

/** A delivery that has not ended; null where it has, or went with its webhook. */
export async function findOpenDelivery(em: EntityManager, deliveryId: string): Promise<OpenDelivery | null> {
  const [row] = await em.execute<(Omit<OpenDelivery, 'createdAt'> & { created_at: string })[]>(
    `select w.id as "webhookId", w.url, w.secret,
       case when w.former_secret_until > now() then w.former_secret end as "formerSecret", w.disabled_at is not null as disabled, d.type, d.params, d.created_at
     from webhook_deliveries d join webhooks w on w.id = d.webhook_id where d.id = ? and d.finished_at is null`,
    [deliveryId],
  );
  if (!row) return null;
  const { created_at: createdAt, ...delivery } = row;
  return { ...delivery, createdAt: new Date(createdAt) };
}

/** What came of a try. */
export interface Attempt {
  status: number | null;
  /** Null where the message was taken. */
  failureCode: string | null;
  durationMs: number;
  /** The delivery ends with this try. */
  last: boolean;
  /** The receiver wants no more messages. */
  gone: boolean;
}

/**
 * Writes a try down, with what it means for the webhook, in the caller's transaction; a delivery that has ended stays as it is.
 * A webhook that is gone, or has taken nothing for days, is switched off, and its person told.
 */
export async function recordAttempt(tx: EntityManager, deliveryId: string, attempt: Attempt): Promise<void> {
  const [webhook] = await tx.execute<{ id: string; user_id: string }[]>(
    `select w.id, w.user_id from webhooks w where w.id = (select webhook_id from webhook_deliveries where id = ?) for update`,
    [deliveryId],
  );
  if (!webhook) return;
  const status = attempt.failureCode === null ? 'delivered' : attempt.last || attempt.gone ? 'failed' : 'pending';
  const rows = await tx.execute<{ id: string }[]>(
    `update webhook_deliveries set status = ?, attempts = attempts + 1, last_status = ?, failure_code = ?, attempted_at = now(),
       finished_at = case when ? = 'pending' then null else now() end where id = ? and finished_at is null returning id`,
    [status, attempt.status, attempt.failureCode, status, deliveryId],
  );
  if (rows.length === 0) return;
  await tx.execute(
    `insert into webhook_attempts (id, delivery_id, status, failure_code, duration_ms) values (?, ?, ?, ?, ?)`,
    [newId(), deliveryId, attempt.status, attempt.failureCode, attempt.durationMs],
  );
  if (attempt.failureCode === null) {
    await tx.execute(`update webhooks set failing_since = null, failures = 0 where id = ?`, [webhook.id]);
    return;
  }
  const [disabled] = await tx.execute<{ disabled_reason: string }[]>(
    `with failed as (update webhooks set failing_since = coalesce(failing_since, now()), failures = failures + 1 where id = ?
       returning id, failing_since, failures)
     select case when ? then 'gone' else 'failing' end as disabled_reason from failed
     where ? or (failures >= ? and failing_since < now() - make_interval(hours => ?))`,
    [webhook.id, attempt.gone, attempt.gone, failingLimit.failures, failingLimit.hours],
  );
  if (!disabled) return;
  const reason = disabled.disabled_reason;
  const switched = await tx.execute<{ id: string }[]>(
    `update webhooks set disabled_at = now(), disabled_reason = ? where id = ? and disabled_at is null returning id`,
    [reason, webhook.id],
  );
  if (switched.length > 0)
    await announce(tx, webhook.user_id, { type: 'webhook.disabled', params: { webhookId: webhook.id, reason } });
}

/** Ends a delivery whose webhook is switched off. */
export async function cancelDelivery(em: EntityManager, deliveryId: string): Promise<void> {
  await em.execute(
    `update webhook_deliveries set status = 'cancelled', failure_code = 'webhook_disabled', finished_at = now()
     where id = ? and finished_at is null`,
    [deliveryId],
  );
}
