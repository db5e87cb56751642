import { type FollowedSource, sourceKeys } from '../../domain/source-withdrawals';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { markChosenStale } from './plans';

export type { FollowedSource };

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
        where i.plan_id = plans.id and i.included and m->>'artistId' in (select artist_ids_of(g.id::uuid)::text from jsonb_array_elements_text(?::jsonb) as g(id))))`,
      values: [...values, JSON.stringify(artistIds)],
    },
    reason,
  );
}

/**
 * Ends what a source says against these artists, by a decision or by a new version of a list: plans that rest on it turn stale at once,
 * and those whose libraries were changed because of it are told later, by `tellOfWithdrawals`. Where it goes on speaking against
 * them, if not for everybody (an offense in another category, an older version of a list), whom it still holds for are told nothing.
 */
export async function withdrawSource(
  tx: EntityManager,
  {
    source,
    artistIds,
    decisionId,
  }: {
    source: FollowedSource;
    artistIds: readonly string[];
    /** Null where the list's owner took them off. */
    decisionId: string | null;
  },
): Promise<void> {
  if (artistIds.length === 0) return;
  await loosenSource(tx, source, artistIds, 'source_withdrawn');
  const named = await idsStandingFor(tx, artistIds);
  const values = source.kind === 'list' ? [source.listId, null, null] : [null, source.category, source.offenseId];
  await tx.execute(
    `insert into source_withdrawals (id, kind, list_id, category, offense_id, artist_ids, keys, decision_id)
     values (?, ?, ?, ?, ?, array(select (jsonb_array_elements_text(?::jsonb))::uuid), array(select jsonb_array_elements_text(?::jsonb)), ?)`,
    [
      newId(),
      source.kind,
      ...values,
      JSON.stringify([...new Set(artistIds)]),
      JSON.stringify(sourceKeys(source, named)),
      decisionId,
    ],
  );
}

/** The artists and everybody who became one of them: the journal names them as they were then. */
async function idsStandingFor(em: EntityManager, artistIds: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select distinct artist_ids_of(g.id::uuid) as id from jsonb_array_elements_text(?::jsonb) as g(id)`,
    [JSON.stringify(artistIds)],
  );
  return rows.map(({ id }) => id);
}
