import { momentOf } from './moment-of';
import type { EntityManager } from './orm';

export interface DeliveryRow {
  id: string;
  type: string;
  params: Record<string, string | number>;
  status: string;
  attempts: number;
  redeliveries: number;
  lastStatus: number | null;
  failureCode: string | null;
  createdAt: Date;
  attemptedAt: Date | null;
  finishedAt: Date | null;
}

export interface AttemptRow {
  status: number | null;
  failureCode: string | null;
  durationMs: number;
  createdAt: Date;
}

/** Which messages to a webhook; null where any will do. `from` counts, `to` does not. */
export interface DeliveryFilter {
  status: string | null;
  type: string | null;
  from: string | null;
  to: string | null;
}

type Raw = Omit<DeliveryRow, 'createdAt' | 'attemptedAt' | 'finishedAt'> & {
  created_at: string;
  attempted_at: string | null;
  finished_at: string | null;
};

const columns = `d.id, d.type, d.params, d.status, d.attempts, d.redeliveries, d.last_status as "lastStatus",
  d.failure_code as "failureCode", d.created_at, d.attempted_at, d.finished_at`;
function deliveryOf({
  created_at: createdAt,
  attempted_at: attempted,
  finished_at: finished,
  ...row
}: Raw): DeliveryRow {
  return { ...row, createdAt: new Date(createdAt), attemptedAt: momentOf(attempted), finishedAt: momentOf(finished) };
}

/** Messages to a webhook, newest first. */
export async function listDeliveries(
  em: EntityManager,
  page: { webhookId: string; filter?: DeliveryFilter; limit: number; after: string | null },
): Promise<DeliveryRow[]> {
  const { status = null, type = null, from = null, to = null } = page.filter ?? {};
  const rows = await em.execute<Raw[]>(
    `select ${columns} from webhook_deliveries d where d.webhook_id = ? and (?::uuid is null or d.id < ?::uuid)
       and (?::text is null or d.status = ?) and (?::text is null or d.type = ?)
       and (?::timestamptz is null or d.created_at >= ?) and (?::timestamptz is null or d.created_at < ?)
     order by d.id desc limit ?`,
    [page.webhookId, page.after, page.after, status, status, type, type, from, from, to, to, page.limit],
  );
  return rows.map(deliveryOf);
}

/** One message with its tries, in their order; null where the webhook had no such one. */
export async function findDelivery(
  em: EntityManager,
  { webhookId, id }: { webhookId: string; id: string },
): Promise<{ delivery: DeliveryRow; attempts: AttemptRow[] } | null> {
  const [row] = await em.execute<Raw[]>(
    `select ${columns} from webhook_deliveries d where d.id = ? and d.webhook_id = ?`,
    [id, webhookId],
  );
  if (!row) return null;
  const attempts = await em.execute<(Omit<AttemptRow, 'createdAt'> & { created_at: string })[]>(
    `select status, failure_code as "failureCode", duration_ms as "durationMs", created_at from webhook_attempts
     where delivery_id = ? order by created_at, id`,
    [id],
  );
  return {
    delivery: deliveryOf(row),
    attempts: attempts.map(({ created_at: createdAt, ...attempt }) => ({ ...attempt, createdAt: new Date(createdAt) })),
  };
}
