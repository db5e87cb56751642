import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/** One of two artists as it is by itself: what was given for it, also while it is merged into another one. */
export interface MergeSide {
  id: string;
  name: string;
  disambiguation: string | null;
  imageUrl: string | null;
  aliases: string[];
  genres: string[];
  providerIds: Record<string, string[]>;
  tracks: number;
  albums: number;
  /** Whom it has become; null for itself. */
  mergedInto: string | null;
}

/** Artists by any id, merged or not. */
export async function loadMergeSides(em: EntityManager, ids: readonly string[]): Promise<Map<string, MergeSide>> {
  if (ids.length === 0) return new Map();
  const own = (table: string) =>
    `${table} t where t.artist_id = coalesce(f.artist_id, asked.id) and coalesce(t.given_artist_id, t.artist_id) = asked.id`;
  const rows = await em.execute<(Omit<MergeSide, 'providerIds'> & { providerIds: MergeSide['providerIds'] | null })[]>(
    `select asked.id, coalesce(f.row->>'name', a.name) as name, f.artist_id as "mergedInto",
       case when f.id is null then a.disambiguation else f.row->>'disambiguation' end as disambiguation,
       case when f.id is null then a.image_url else f.row->>'image_url' end as "imageUrl",
       array(select distinct t.name from ${own('artist_aliases')} and t.source <> 'merge' order by 1) as aliases,
       array(select distinct t.genre from ${own('artist_genres')} order by 1) as genres,
       (select jsonb_object_agg(p.provider, p.ids) from (select t.provider, jsonb_agg(t.provider_id order by t.provider_id) as ids
         from ${own('artist_provider_ids')} group by t.provider) p) as "providerIds",
       (select count(*)::int from ${own('track_artists')}) as tracks, (select count(*)::int from ${own('album_artists')}) as albums
     from (select distinct id from ${givenIds} as given(id)) asked
       left join former_artists f on f.id = asked.id join artists a on a.id = coalesce(f.artist_id, asked.id)`,
    [JSON.stringify(ids)],
  );
  return new Map(rows.map((row) => [row.id, { ...row, providerIds: row.providerIds ?? {} }]));
}
