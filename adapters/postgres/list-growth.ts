import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/** Counts that somebody came to a list, or left it, in the transaction in which they do. */
export async function noteSubscription(tx: EntityManager, listId: string, change: 1 | -1): Promise<void> {
  await tx.execute(
    `insert into list_subscriber_days as d (list_id, day, gained, lost) values (?, (now() at time zone 'UTC')::date, ?, ?)
     on conflict (list_id, day) do update set gained = d.gained + excluded.gained, lost = d.lost + excluded.lost`,
    [listId, change > 0 ? 1 : 0, change < 0 ? 1 : 0],
  );
}

/** The same of every list that somebody goes by, when an account's own subscriptions cease to count beside another's, or count again. */
export async function noteSubscriptionsOf(tx: EntityManager, userId: string, change: 1 | -1): Promise<void> {
  const rows = await tx.execute<{ list_id: string }[]>(
    `select list_id from list_subscriptions where user_id = ? order by list_id`,
    [userId],
  );
  for (const { list_id: listId } of rows) await noteSubscription(tx, listId, change);
}

/** The same for all the lists that people go by who are about to be erased; `people` are ids as JSON. */
export async function noteSubscribersLeaving(tx: EntityManager, people: string): Promise<void> {
  await tx.execute(
    `insert into list_subscriber_days as d (list_id, day, gained, lost)
     select list_id, (now() at time zone 'UTC')::date, 0, count(distinct user_id)::int from list_subscriptions where user_id in (select id from users where id in ${givenIds} and merged_into is null) group by list_id order by list_id
     on conflict (list_id, day) do update set lost = d.lost + excluded.lost`,
    [people],
  );
}

/** In SQL, of a list `l`: how many people go by it. What is set aside for an account that was merged does not count twice. */
export const subscriberCount = `(select count(*)::int from list_subscriptions s join users u on u.id = s.user_id where s.list_id = l.id and u.merged_into is null)`;

/** One day (UTC) of a list. */
export interface GrowthDay {
  /** `2026-11-29`. */
  day: string;
  gained: number;
  lost: number;
  /** At its end, counted back from now. */
  subscribers: number;
}

/** How a list grew over the last days, today last. */
export async function readGrowth(em: EntityManager, listId: string, days: number): Promise<GrowthDay[]> {
  return em.execute<GrowthDay[]>(
    `with span as (select generate_series((now() at time zone 'UTC')::date - (?::int - 1), (now() at time zone 'UTC')::date, interval '1 day')::date as day),
       counted as (select span.day, coalesce(d.gained, 0) as gained, coalesce(d.lost, 0) as lost
         from span left join list_subscriber_days d on d.list_id = ? and d.day = span.day)
     select to_char(c.day, 'YYYY-MM-DD') as day, c.gained, c.lost,
       (${subscriberCount} - coalesce(sum(c.gained - c.lost) over (order by c.day desc rows between unbounded preceding and 1 preceding), 0))::int as subscribers
     from counted c, community_lists l where l.id = ? order by c.day`,
    [days, listId, listId],
  );
}
