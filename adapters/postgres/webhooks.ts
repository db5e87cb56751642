import { formerSecretHours, mostWebhooks } from '../../domain/webhook-schedule';
import { momentOf } from './moment-of';
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
const webhookOf = (row: RawWebhook): WebhookRow => ({
  id: row.id,
  url: row.url,
  events: row.events,
  failingSince: momentOf(row.failing_since),
  disabledReason: row.disabled_reason,
  disabledAt: momentOf(row.disabled_at),
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

/** What a person can change of a webhook; what is not given stays. */
export interface WebhookChange {
  userId: string;
  id: string;
  events?: string[] | undefined;
  enabled?: boolean | undefined;
}

/**
 * Changes a webhook in the caller's transaction; null where there is none. One that is switched on again begins anew, and its person
 * needs no notice any more that it was off.
 */
export async function changeWebhook(
  tx: EntityManager,
  { userId, id, events, enabled }: WebhookChange,
): Promise<WebhookRow | null> {
  const switched = {
    none: '',
    on: `, disabled_at = null, disabled_reason = null, failing_since = null, failures = 0`,
    off: `, disabled_at = coalesce(disabled_at, now()), disabled_reason = coalesce(disabled_reason, 'by_owner')`,
  }[enabled === undefined ? 'none' : enabled ? 'on' : 'off'];
  const chosen = events === undefined ? null : JSON.stringify(events);
  const [row] = await tx.execute<RawWebhook[]>(
    `update webhooks set events = case when ?::jsonb is null then events else array(select jsonb_array_elements_text(?::jsonb)) end ${switched}
     where id = ? and user_id = ? returning ${columns}`,
    [chosen, chosen, id, userId],
  );
  if (row && enabled)
    await tx.execute(
      `update notifications set read_at = now() where user_id = ? and type = 'webhook.disabled' and subject_id = ? and read_at is null`,
      [userId, id],
    );
  return row ? webhookOf(row) : null;
}

/** A webhook's sealed secret and those that still sign beside it, held until the transaction ends; null where there is no such webhook. */
export async function holdSecret(
  tx: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<{ secret: string; former: string | null } | null> {
  const [row] = await tx.execute<{ secret: string; former: string | null }[]>(
    `select secret, case when former_secret_until > now() then former_secret end as former
     from webhooks where id = ? and user_id = ? for update`,
    [id, userId],
  );
  return row ?? null;
}

/** Gives a webhook a new secret; those before it sign as well for some hours. All are sealed. Returns until when. */
export async function replaceSecret(
  tx: EntityManager,
  { id, secret, former }: { id: string; secret: string; former: string | null },
): Promise<Date> {
  const [row] = await tx.execute<{ until: string }[]>(
    `update webhooks set secret = ?, former_secret = ?,
       former_secret_until = case when ?::text is not null then now() + make_interval(hours => ?) end
     where id = ? returning coalesce(former_secret_until, now()) as until`,
    [secret, former, former, formerSecretHours, id],
  );
  return new Date(row?.until ?? 0);
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
