import { mostWebhooks } from '../../domain/webhook-schedule';
import type { EntityManager } from './orm';

export interface WebhookRow {
  id: string;
  url: string;
  events: string[];
  failingSince: Date | null;
  disabledReason: string | null;
  disabledAt: Date | null;
  createdAt: Date;
}

export interface DeliveryRow {
  id: string;
  type: string;
  status: string;
  attempts: number;
  lastStatus: number | null;
  failureCode: string | null;
  createdAt: Date;
  attemptedAt: Date | null;
  finishedAt: Date | null;
}

interface RawWebhook {
  id: string;
  url: string;
  events: string[];
  failing_since: string | null;
  disabled_reason: string | null;
  disabled_at: string | null;
  created_at: string;
}

const columns = 'id, url, events, failing_since, disabled_reason, disabled_at, created_at';
const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

const webhookOf = (row: RawWebhook): WebhookRow => ({
  id: row.id,
  url: row.url,
  events: row.events,
  failingSince: date(row.failing_since),
  disabledReason: row.disabled_reason,
  disabledAt: date(row.disabled_at),
  createdAt: new Date(row.created_at),
});

/** Adds a webhook in the caller's transaction; null where the person has as many as one may have. `secret` is sealed. */
export async function createWebhook(
  tx: EntityManager,
  { id, userId, url, events, secret }: { id: string; userId: string; url: string; events: string[]; secret: string },
): Promise<WebhookRow | null> {
  await tx.execute(`select id from users where id = ? for no key update`, [userId]);
  const [row] = await tx.execute<RawWebhook[]>(
    `insert into webhooks (id, user_id, url, events, secret)
     select ?, ?, ?, array(select jsonb_array_elements_text(?::jsonb)), ?
     where (select count(*) from webhooks where user_id = ?) < ? returning ${columns}`,
    [id, userId, url, JSON.stringify(events), secret, userId, mostWebhooks],
  );
  return row ? webhookOf(row) : null;
}

/** A person's webhooks, newest first. */
export async function listWebhooks(
  em: EntityManager,
  { userId, limit, after }: { userId: string; limit: number; after: string | null },
): Promise<WebhookRow[]> {
  const rows = await em.execute<RawWebhook[]>(
    `select ${columns} from webhooks where user_id = ? and (?::uuid is null or id < ?::uuid) order by id desc limit ?`,
    [userId, after, after, limit],
  );
  return rows.map(webhookOf);
}

export async function findWebhook(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<WebhookRow | null> {
  const [row] = await em.execute<RawWebhook[]>(`select ${columns} from webhooks where id = ? and user_id = ?`, [
    id,
    userId,
  ]);
  return row ? webhookOf(row) : null;
}

/** The last messages to a webhook, newest first. */
export async function lastDeliveries(em: EntityManager, webhookId: string, limit: number): Promise<DeliveryRow[]> {
  const rows = await em.execute<
    (Pick<DeliveryRow, 'id' | 'type' | 'status' | 'attempts'> & {
      last_status: number | null;
      failure_code: string | null;
      created_at: string;
      attempted_at: string | null;
      finished_at: string | null;
    })[]
  >(
    `select id, type, status, attempts, last_status, failure_code, created_at, attempted_at, finished_at
     from webhook_deliveries where webhook_id = ? order by id desc limit ?`,
    [webhookId, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    status: row.status,
    attempts: row.attempts,
    lastStatus: row.last_status,
    failureCode: row.failure_code,
    createdAt: new Date(row.created_at),
    attemptedAt: date(row.attempted_at),
    finishedAt: date(row.finished_at),
  }));
}

/** Removes a webhook with its messages: one that is under way finds nothing to send. Returns whether there was one. */
export async function deleteWebhook(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(`delete from webhooks where id = ? and user_id = ? returning id`, [
    id,
    userId,
  ]);
  return rows.length > 0;
}
