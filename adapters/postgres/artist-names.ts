import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/** The name first, then the aliases that read otherwise, each once. */
export async function namesOf(
  em: EntityManager,
  artistIds: readonly string[],
): Promise<{ artistId: string; names: string[] }[]> {
  const rows = await em.execute<{ id: string; name: string; aliases: string[] | null }[]>(
    `select a.id, a.name, (select array_agg(distinct l.name) from artist_aliases l where l.artist_id = a.id and l.name <> a.name) as aliases
     from artists a where a.id in ${givenIds}`,
    [JSON.stringify(artistIds)],
  );
  return rows.map(({ id, name, aliases }) => ({ artistId: id, names: [name, ...(aliases ?? [])] }));
}

/** Artists, and all their names that are not blank. */
export async function countNames(em: EntityManager): Promise<{ owners: number; rows: number }> {
  const [row] = await em.execute<{ owners: number; named: number; aliases: number }[]>(
    `select count(*)::int as owners, (count(*) filter (where a.name_key <> ''))::int as named,
       (select count(*) from (select distinct l.artist_id, l.name from artist_aliases l join artists b on b.id = l.artist_id
         where l.name <> b.name and l.name ~ '[^[:space:]]') l)::int as aliases
     from artists a`,
  );
  return { owners: row?.owners ?? 0, rows: (row?.named ?? 0) + (row?.aliases ?? 0) };
}
