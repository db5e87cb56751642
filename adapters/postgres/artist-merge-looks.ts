import type { EntityManager } from './orm';

/** What an artist who lacks it shows of those who were merged into it. */
const lent = ['image_url', 'disambiguation'] as const;

/** Lets an artist show, where it has nothing of its own, what those who were merged into it have; the first of them counts. */
export async function lendLooks(tx: EntityManager, artistId: string): Promise<void> {
  for (const column of lent)
    await tx.execute(
      `with lender as (select f.id, f.row->>'${column}' as look from former_artists f join artists a on a.id = f.artist_id
         where f.artist_id = ? and a.${column} is null and f.row->>'${column}' is not null order by f.merged_at, f.id limit 1),
       noted as (update former_artists f set lends = array_append(f.lends, '${column}') from lender l where f.id = l.id returning l.look)
       update artists a set ${column} = n.look from noted n where a.id = ?`,
      [artistId, artistId],
    );
}

/** Takes back what an artist shows of others', unless something else has come in its place. */
export async function takeLooksBack(tx: EntityManager, artistId: string): Promise<void> {
  for (const column of lent)
    await tx.execute(
      `update artists a set ${column} = null from former_artists f
       where a.id = ? and f.artist_id = a.id and '${column}' = any(f.lends) and a.${column} = f.row->>'${column}'`,
      [artistId],
    );
  await tx.execute(`update former_artists set lends = '{}' where artist_id = ? and lends <> '{}'`, [artistId]);
}
