import type { OffenseCategory } from '../../domain/offenses';
import { followedOffenses } from './followed-sources';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { lockPerson } from './people';
import { markPlansOnArtistsStale } from './plans';

/** That a person goes by a category: how many artists it keeps out now, and how many more it only speaks against while an appeal is open. */
export interface CategorySubscriptionRow {
  category: OffenseCategory;
  artists: number;
  contested: number;
  createdAt: Date;
}

/** Categories that a person goes by, those that they came to first in front; or one of them. */
export async function listCategorySubscriptions(
  em: EntityManager,
  userId: string,
  category: OffenseCategory | null = null,
): Promise<CategorySubscriptionRow[]> {
  const rows = await em.execute<(Omit<CategorySubscriptionRow, 'createdAt'> & { createdAt: string })[]>(
    `select s.category, count(a.artist_id) filter (where a.firm)::int as artists, count(a.artist_id) filter (where not a.firm)::int as contested, s.created_at as "createdAt"
     from category_subscriptions s
       left join (select category, artist_id, bool_or(status = 'sources_verified') as firm from (${followedOffenses}) f where f.user_id = ? group by category, artist_id) a
         on a.category = s.category
     where s.user_id = ? and (?::text is null or s.category = ?) group by s.id order by s.id`,
    [userId, userId, category, category],
  );
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
}

/** Has a person go by a category. False where they do already. */
export async function followCategory(tx: EntityManager, userId: string, category: OffenseCategory): Promise<boolean> {
  const made = await tx.execute<{ id: string }[]>(
    `insert into category_subscriptions (id, user_id, category) values (?, ?, ?) on conflict (user_id, category) do nothing returning id`,
    [newId(), userId, category],
  );
  return made.length > 0;
}

/** Ends that; plans that act on whom the category kept out turn stale. False where they did not go by it. */
export async function unfollowCategory(tx: EntityManager, userId: string, category: OffenseCategory): Promise<boolean> {
  await lockPerson(tx, userId);
  const before = await tx.execute<{ artist_id: string }[]>(
    `select distinct artist_id from (${followedOffenses}) f where user_id = ? and category = ?`,
    [userId, category],
  );
  const gone = await tx.execute<{ id: string }[]>(
    `delete from category_subscriptions where user_id = ? and category = ? returning id`,
    [userId, category],
  );
  if (gone.length === 0) return false;
  const artistIds = before.map((row) => row.artist_id);
  await markPlansOnArtistsStale(tx, userId, artistIds, 'subscription_ended');
  return true;
}
