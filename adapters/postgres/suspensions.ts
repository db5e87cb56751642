import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/** What keeps a person from all but undoing, exporting, appealing and leaving. */
export interface Suspension {
  id: string;
  /** As its person reads it. */
  reason: string;
  since: Date;
  /** When it ends by itself; null where somebody has to end it. */
  until: Date | null;
}

/** A suspension that holds now: its end counts from the moment it comes, whoever has seen to it. */
const holds = `suspension.ended_at is null and (suspension.until is null or suspension.until > now())`;

/** Whether the person whose id stands in a column is suspended, as a condition in SQL. */
export const isSuspended = (userId: string): string =>
  `exists (select from user_suspensions suspension where suspension.user_id = ${userId} and ${holds})`;

/** What suspends a person now; null where nothing does. */
export async function findSuspension(em: EntityManager, userId: string): Promise<Suspension | null> {
  return (await findSuspensions(em, [userId])).get(userId) ?? null;
}

/** The same of several people, by their ids. */
export async function findSuspensions(
  em: EntityManager,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Suspension>> {
  const rows = await em.execute<
    { id: string; user_id: string; reason: string; suspended_at: string; until: string | null }[]
  >(
    `select id, user_id, reason, suspended_at, until from user_suspensions suspension
     where user_id in ${givenIds} and ${holds}`,
    [JSON.stringify(userIds)],
  );
  return new Map(
    rows.map(({ id, user_id: userId, reason, suspended_at: since, until }) => [
      userId,
      { id, reason, since: new Date(since), until: until === null ? null : new Date(until) },
    ]),
  );
}
