import type { ArtistFacts } from '../../domain/linkage/artist';
import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/** Works that are looked at of each artist; more do not tell more. */
const mostWorks = 500;

/** A work is a track with the artist's credit, or an imported recording that they perform on. */
const works = `asked as materialized (select jsonb_array_elements_text(?::jsonb)::uuid as id),
  works as (
    select a.id as artist_id, t.name as title, upper(replace(t.isrc, '-', '')) as isrc, al.name as album from asked a
      cross join lateral (select track_id from track_artists x where x.artist_id = a.id order by track_id limit ${mostWorks}) x
      join tracks t on t.id = x.track_id left join albums al on al.id = t.album_id
    union all
    select a.id, r.name, l.value, null from asked a join artist_provider_ids i on i.artist_id = a.id
      cross join lateral (select recording_id from recording_credits c where c.role = 'performer' and c.provider = i.provider
        and c.provider_id = i.provider_id order by recording_id limit ${mostWorks}) c
      join recordings r on r.id = c.recording_id left join recording_links l on l.recording_id = r.id and l.kind = 'isrc')`;

/** What is known of artists, for telling which are one; in no order. Works are left out where nothing is compared by them. */
export async function artistFacts(
  em: EntityManager,
  artistIds: readonly string[],
  { withWorks }: { withWorks: boolean },
): Promise<Map<string, ArtistFacts>> {
  if (artistIds.length === 0) return new Map();
  const ids = JSON.stringify(artistIds);
  const rows = await em.execute<
    { id: string; name: string; aliases: string[]; genres: string[]; ids: Record<string, string[]> | null }[]
  >(
    `select a.id, a.name, array(select distinct l.name from artist_aliases l where l.artist_id = a.id and l.name <> a.name) as aliases,
       array(select distinct g.genre from artist_genres g where g.artist_id = a.id) as genres,
       (select jsonb_object_agg(p.provider, p.ids) from (select i.provider, jsonb_agg(i.provider_id) as ids
         from artist_provider_ids i where i.artist_id = a.id group by i.provider) p) as ids
     from artists a where a.id in ${givenIds}`,
    [ids],
  );
  const made = withWorks ? await worksOf(em, ids) : new Map<string, WorkRow>();
  return new Map(
    rows.map((row) => {
      const { titles = [], isrcs = [], albums = [] } = made.get(row.id) ?? {};
      return [
        row.id,
        {
          names: [row.name, ...row.aliases],
          providerIds: row.ids ?? {},
          genres: row.genres,
          titles: titles ?? [],
          isrcs: isrcs ?? [],
          albums: albums ?? [],
        },
      ];
    }),
  );
}

interface WorkRow {
  artist_id: string;
  titles: string[] | null;
  isrcs: string[] | null;
  albums: string[] | null;
}

async function worksOf(em: EntityManager, ids: string): Promise<Map<string, WorkRow>> {
  const rows = await em.execute<WorkRow[]>(
    `with ${works}
     select artist_id, array_agg(distinct title) as titles, array_agg(distinct isrc) filter (where isrc is not null) as isrcs,
       array_agg(distinct album) filter (where album is not null) as albums
     from works group by artist_id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.artist_id, row]));
}

/** Artists who are on a recording with one of these ISRCs, at most `limit`, with those ISRCs. Plain ones: upper case, no hyphens. */
export async function artistsOnRecordings(
  em: EntityManager,
  isrcs: readonly string[],
  limit: number,
): Promise<Map<string, string[]>> {
  if (isrcs.length === 0) return new Map();
  const rows = await em.execute<{ artist_id: string; isrcs: string[] }[]>(
    `with asked as materialized (select distinct jsonb_array_elements_text(?::jsonb) as isrc),
       hits as (
         select x.artist_id, k.isrc from asked k join tracks t on upper(replace(t.isrc, '-', '')) = k.isrc join track_artists x on x.track_id = t.id
         union
         select i.artist_id, k.isrc from asked k join recording_links l on l.kind = 'isrc' and l.value = k.isrc
           join recording_credits c on c.recording_id = l.recording_id and c.role = 'performer'
           join artist_provider_ids i on i.provider = c.provider and i.provider_id = c.provider_id)
     select artist_id, array_agg(isrc) as isrcs from hits group by artist_id order by count(*) desc, artist_id limit ?`,
    [JSON.stringify(isrcs), limit],
  );
  return new Map(rows.map(({ artist_id, isrcs: shared }) => [artist_id, shared]));
}

/** Pairs of artists, `one other`, of which one is given, who are credited side by side on a track: one provider calls them two. */
export async function creditedBeside(em: EntityManager, artistIds: readonly string[]): Promise<Set<string>> {
  const rows = await em.execute<{ one: string; other: string }[]>(
    `select distinct x.artist_id as one, y.artist_id as other from track_artists x
     join track_artists y on y.track_id = x.track_id and y.artist_id <> x.artist_id where x.artist_id in ${givenIds}`,
    [JSON.stringify(artistIds)],
  );
  return new Set(rows.map(({ one, other }) => `${one} ${other}`));
}
