import type { Choice } from '../../domain/plan-choices';
import type { EntityManager } from './orm';

/** Takes down a choice for each of these items of a plan; `itemsSql` selects their rows. A later choice replaces an earlier one. */
export async function recordChoices(
  tx: EntityManager,
  { itemsSql, bindings, included }: { itemsSql: string; bindings: readonly unknown[]; included: boolean },
): Promise<void> {
  await tx.execute(
    `insert into plan_choices (plan_id, item_type, playlist_id, uri, included, firm)
     select distinct on (i.item_type, i.playlist_id, i.uri) i.plan_id, i.item_type, coalesce(i.playlist_id, ''), i.uri, ?, not i.needs_review ${itemsSql}
     on conflict (plan_id, item_type, playlist_id, uri) do update set included = excluded.included, firm = excluded.firm`,
    [included, ...bindings],
  );
}

export async function loadChoices(em: EntityManager, planId: string): Promise<Choice[]> {
  const rows = await em.execute<
    { item_type: Choice['itemType']; playlist_id: string; uri: string; included: boolean; firm: boolean }[]
  >(`select item_type, playlist_id, uri, included, firm from plan_choices where plan_id = ?`, [planId]);
  return rows.map((row) => ({
    itemType: row.item_type,
    uri: row.uri,
    playlistProviderId: row.playlist_id === '' ? null : row.playlist_id,
    included: row.included,
    firm: row.firm,
  }));
}
