import { channelRule } from '../../domain/announcement-preferences';
import { announcementRules, subjectOf, type Announcement, type AnnouncementType } from '../../domain/announcements';
import type { EntityManager } from './orm';
import { givenIds } from './erasure';
import { writeEmails } from './emails';
import { newId } from './ids';
import { wanted, wantedOf } from './wanted-channels';
import { createDelivery } from './webhook-deliveries';

/**
 * Tells a person of something in the caller's transaction: an event for who watches now, and, as they want it, a notification, an
 * e-mail and a delivery for each webhook that asked for it. What is rolled back was never told. Call it last: what a person is told is in one order, and a
 * transaction that tells holds off others about the same person until its end.
 * @returns the outbox entries of the deliveries, for who can start them after the commit; the sweep starts the others
 */
export async function announce(em: EntityManager, userId: string, announcement: Announcement): Promise<string[]> {
  return announceToMany(em, [userId], announcement);
}

/** The same to many people, each once and in the order of their ids; a few statements for however many. */
export async function announceToMany(
  em: EntityManager,
  userIds: readonly string[],
  announcement: Announcement,
): Promise<string[]> {
  const { type } = announcement;
  const params = JSON.stringify(announcement.params);
  const people = JSON.stringify(userIds);
  // Ids are given in the order of commits: who resumes after an id misses none that became visible later.
  await em.execute(
    `select pg_advisory_xact_lock(hashtextextended('announce:' || id, 0))
     from (select id from jsonb_array_elements_text(?::jsonb) with ordinality as given(id, n) order by n) people`,
    [people],
  );
  await em.execute(
    `insert into person_events (user_id, type, params) select id::uuid, ?, ?::jsonb from jsonb_array_elements_text(?::jsonb) as given(id)`,
    [type, params, people],
  );
  await notify(em, userIds, announcement, params);
  await writeEmails(em, userIds, announcement);
  if (!announcementRules[type].toWebhooks) return [];
  const webhooks = await em.execute<{ id: string; user_id: string }[]>(
    `select w.id, w.user_id from webhooks w join users u on u.id = w.user_id
     where w.user_id in ${givenIds} and w.disabled_at is null and ? = any(w.events) and ${wanted}
     order by w.user_id, w.id for key share of w`,
    [people, type, ...wantedOf(type, 'webhooks')],
  );
  const outboxIds: string[] = [];
  for (const { id: webhookId, user_id: userId } of webhooks) {
    const { outboxId } = await createDelivery(em, { userId, webhookId, type, params: announcement.params });
    outboxIds.push(outboxId);
  }
  return outboxIds;
}

/** Those of the given people who want notifications of a type; of what is needed everybody gets them. */
async function toNotify(
  em: EntityManager,
  userIds: readonly string[],
  type: AnnouncementType,
): Promise<readonly string[]> {
  if (!channelRule(announcementRules[type].group, 'inApp').changeable) return userIds;
  const rows = await em.execute<{ id: string }[]>(`select u.id from users u where u.id in ${givenIds} and ${wanted}`, [
    JSON.stringify(userIds),
    ...wantedOf(type, 'inApp'),
  ]);
  return rows.map(({ id }) => id);
}

/** One unread notification for each type and subject: what comes and goes is told anew, not twice. */
async function notify(
  em: EntityManager,
  userIds: readonly string[],
  announcement: Announcement,
  params: string,
): Promise<void> {
  const { type } = announcement;
  const subjectId = subjectOf(announcement);
  const { settles } = announcementRules[type];
  if (settles.length > 0)
    await em.execute(
      `update notifications set read_at = now() where user_id in ${givenIds} and subject_id = ? and read_at is null
         and type in (select jsonb_array_elements_text(?::jsonb))`,
      [JSON.stringify(userIds), subjectId, JSON.stringify(settles)],
    );
  const notified = await toNotify(em, userIds, type);
  const people = JSON.stringify(notified);
  const refreshed = await em.execute<{ user_id: string }[]>(
    `update notifications set params = ?::jsonb, created_at = now()
     where user_id in ${givenIds} and type = ? and subject_id = ? and read_at is null returning user_id`,
    [params, people, type, subjectId],
  );
  const told = new Set(refreshed.map(({ user_id: id }) => id));
  const fresh = notified.filter((id) => !told.has(id)).map((userId) => ({ id: newId(), user_id: userId }));
  if (fresh.length === 0) return;
  await em.execute(
    `insert into notifications (id, user_id, type, subject_id, params)
     select id, user_id, ?, ?, ?::jsonb from jsonb_to_recordset(?::jsonb) as r(id uuid, user_id uuid)`,
    [type, subjectId, params, JSON.stringify(fresh)],
  );
}
