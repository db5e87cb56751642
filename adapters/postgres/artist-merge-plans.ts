import type { EntityManager } from './orm';
import { decidersAbout, markPlansOfPeopleStale } from './plans';

/** What one of two artists brings to those who decided about the other. */
interface Brought {
  userIds: string[];
  /** Where plans may find more by it; null: everywhere, by names or by credits that an import gives. */
  providers: string[] | null;
}

/**
 * Which plans no longer fit once two artists are one, asked before they are: somebody who decided about the one is now understood to
 * mean the other, too, which only matters where that one can be met. Call what is returned when they are one.
 */
export async function plansTouchedByMerge(
  tx: EntityManager,
  { keptId, mergedId }: { keptId: string; mergedId: string },
): Promise<() => Promise<void>> {
  const brought = [await broughtTo(tx, keptId, mergedId), await broughtTo(tx, mergedId, keptId)];
  return async () => {
    for (const { userIds, providers } of brought)
      if (userIds.length > 0) await markPlansOfPeopleStale(tx, userIds, 'artists_merged', { providers });
  };
}

async function broughtTo(tx: EntityManager, own: string, other: string): Promise<Brought> {
  const [row] = await tx.execute<{ user_ids: string[]; providers: string[]; everywhere: boolean }[]>(
    `with names as (
       select id as artist_id, name_key from artists where id in (?, ?)
       union select artist_id, name_key from artist_aliases where artist_id in (?, ?))
     select array(${decidersAbout('(?)')}) as user_ids,
       array(select distinct provider from artist_provider_ids where artist_id = ?) as providers,
       exists (select from names n where n.artist_id = ?
           and not exists (select from names o where o.artist_id = ? and o.name_key = n.name_key))
         or exists (select from artist_provider_ids i join recording_credits c using (provider, provider_id)
           where i.artist_id = ?) as everywhere`,
    [own, other, own, other, own, own, own, own, other, other, own, other],
  );
  if (!row) throw new Error('PostgreSQL said nothing.');
  return { userIds: row.user_ids, providers: row.everywhere ? null : row.providers };
}
