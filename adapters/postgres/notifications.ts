import type { AnnouncementType } from '../../domain/announcements';
import type { EntityManager } from './orm';

export interface NotificationRow {
  id: string;
  type: AnnouncementType;
  params: Record<string, string | number>;
  createdAt: Date;
  readAt: Date | null;
}

/** A person's notifications, the last told first. */
export async function listNotifications(
  em: EntityManager,
  filter: { userId: string; unread: boolean; limit: number; after: { at: string; id: string } | null },
): Promise<NotificationRow[]> {
  const rows = await em.execute<
    (Pick<NotificationRow, 'id' | 'type' | 'params'> & { created_at: string; read_at: string | null })[]
  >(
    `select id, type, params, created_at, read_at from notifications
     where user_id = ? and (not ?::boolean or read_at is null)
       and (?::timestamptz is null or (created_at, id) < (?::timestamptz, ?::uuid))
     order by created_at desc, id desc limit ?`,
    [
      filter.userId,
      filter.unread,
      filter.after?.at ?? null,
      filter.after?.at ?? null,
      filter.after?.id ?? null,
      filter.limit,
    ],
  );
  return rows.map(({ id, type, params, created_at: createdAt, read_at: readAt }) => ({
    id,
    type,
    params,
    createdAt: new Date(createdAt),
    readAt: readAt === null ? null : new Date(readAt),
  }));
}

export async function countUnread(em: EntityManager, userId: string): Promise<number> {
  const [row] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from notifications where user_id = ? and read_at is null`,
    [userId],
  );
  return row?.n ?? 0;
}

/** Marks one as read, the first time only. Returns whether the person has it. */
export async function markRead(em: EntityManager, { userId, id }: { userId: string; id: string }): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update notifications set read_at = coalesce(read_at, now()) where id = ? and user_id = ? returning id`,
    [id, userId],
  );
  return rows.length > 0;
}

export async function markAllRead(em: EntityManager, userId: string): Promise<void> {
  await em.execute(`update notifications set read_at = now() where user_id = ? and read_at is null`, [userId]);
}
