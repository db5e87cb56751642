import { givenIds } from './erasure';
import type { EntityManager } from './orm';
import { markChosenStale } from './plans';

/** What blocks artists for those who go by it: a list, or an offense of a category. */
export type FollowedSource =
  { kind: 'list'; listId: string } | { kind: 'category'; category: string; offenseId: string };

/** Those who go by a source, as a query for their ids, with what it takes. */
function followers(source: FollowedSource): { sql: string; values: readonly string[] } {
  return source.kind === 'list'
    ? { sql: `select user_id from list_subscriptions where list_id = ?`, values: [source.listId] }
    : { sql: `select user_id from category_subscriptions where category = ?`, values: [source.category] };
}

/**
 * Turns plans stale that act on these artists by a source that does not speak against them any more as it did. In the transaction of
 * the change, so that no plan is carried out on a reason that is gone.
 */
export async function loosenSource(
  tx: EntityManager,
  source: FollowedSource,
  artistIds: readonly string[],
  reason: string,
): Promise<void> {
  const { sql, values } = followers(source);
  await markChosenStale(
    tx,
    {
      sql: `user_id in (${sql}) and (status = 'preparing' or exists (select from plan_items i, jsonb_array_elements(i.matches) m
        where i.plan_id = plans.id and i.included and (m->>'artistId')::uuid in ${givenIds}))`,
      values: [...values, JSON.stringify(artistIds)],
    },
    reason,
  );
}

/**
 * Ends what a source says against these artists, by a decision or by a new version of a list: plans that rest on it turn stale at once, and
 * those whose libraries were changed because of it are told later, by a workflow of its own.
 */
export async function withdrawSource(
  tx: EntityManager,
  {
    source,
    artistIds,
  }: {
    source: FollowedSource;
    artistIds: readonly string[];
    /** Null where the list's owner took them off. */
    decisionId: string | null;
  },
): Promise<void> {
  await loosenSource(tx, source, artistIds, 'source_withdrawn');
}
