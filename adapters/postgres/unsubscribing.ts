import type { AnnouncementGroup } from '../../domain/announcement-preferences';
import { audit } from './audit';
import type { EntityManager } from './orm';

/**
 * Ends e-mails of a kind to a person, or to whoever they were merged into, in the caller's transaction. Repeating it changes nothing,
 * nor does it where there is no such person any more.
 */
export async function unsubscribe(
  tx: EntityManager,
  { userId, group, requestId }: { userId: string; group: AnnouncementGroup; requestId: string },
): Promise<void> {
  const [changed] = await tx.execute<{ id: string }[]>(
    `update users set version = version + 1, settings = settings || jsonb_build_object('notifications',
       coalesce(settings->'notifications', '{}') || jsonb_build_object(?::text, coalesce(settings->'notifications'->(?::text), '{}') || '{"email": false}'))
     where id = (select coalesce(merged_into, id) from users where id = ?)
       and settings->'notifications'->(?::text)->'email' is distinct from to_jsonb(false) returning id`,
    [group, group, userId, group],
  );
  if (changed)
    audit(tx, { actorId: changed.id, event: 'user.unsubscribed', outcome: 'done', details: { group }, requestId });
}
