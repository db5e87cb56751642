import { announcementRules, subjectOf, type Announcement } from '../../domain/announcements';
import type { EntityManager } from './orm';
import { newId } from './ids';
import { createDelivery } from './webhook-deliveries';

/**
 * Tells a person of something in the caller's transaction: an event for who watches now, a notification, and a delivery for each
 * webhook that wants it. What is rolled back was never told. Call it last: what a person is told is in one order, and a
 * transaction that tells holds off others about the same person until its end.
 * @returns the outbox entries of the deliveries, for who can start them after the commit; the sweep starts the others
 */
export async function announce(em: EntityManager, userId: string, announcement: Announcement): Promise<string[]> {
  const { type } = announcement;
  const params = JSON.stringify(announcement.params);
  // Ids are given in the order of commits: who resumes after an id misses none that became visible later.
  await em.execute(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`announce:${userId}`]);
  await em.execute(`insert into person_events (user_id, type, params) values (?, ?, ?::jsonb)`, [userId, type, params]);
  await notify(em, userId, announcement, params);
  if (!announcementRules[type].toWebhooks) return [];
  const webhooks = await em.execute<{ id: string }[]>(
    `select id from webhooks where user_id = ? and disabled_at is null and ? = any(events) order by id for key share`,
    [userId, type],
  );
  const outboxIds: string[] = [];
  for (const { id: webhookId } of webhooks) {
    const { outboxId } = await createDelivery(em, { userId, webhookId, type, params: announcement.params });
    outboxIds.push(outboxId);
  }
  return outboxIds;
}

/** One unread notification for each type and subject: what comes and goes is told anew, not twice. */
async function notify(em: EntityManager, userId: string, announcement: Announcement, params: string): Promise<void> {
  const { type } = announcement;
  const subjectId = subjectOf(announcement);
  await em.execute(
    `update notifications set read_at = now() where user_id = ? and subject_id = ? and read_at is null
       and type in (select jsonb_array_elements_text(?::jsonb))`,
    [userId, subjectId, JSON.stringify(announcementRules[type].settles)],
  );
  const refreshed = await em.execute<{ id: string }[]>(
    `update notifications set params = ?::jsonb, created_at = now()
     where user_id = ? and type = ? and subject_id = ? and read_at is null returning id`,
    [params, userId, type, subjectId],
  );
  if (refreshed.length > 0) return;
  await em.execute(`insert into notifications (id, user_id, type, subject_id, params) values (?, ?, ?, ?, ?::jsonb)`, [
    newId(),
    userId,
    type,
    subjectId,
    params,
  ]);
}
