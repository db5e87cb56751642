import type {
  ArtistPair,
  Collaboration,
  CreditRole,
  GraphAlbum,
  GraphArtist,
  GraphTrack,
} from '../../domain/artist-graph';
import { mostSamples } from '../../domain/artist-graph';
import type { GraphCounts } from '../../domain/graph-sync';
import { givenIds } from './erasure';
import type { ChangedKind } from './graph-feed';
import type { EntityManager } from './orm';

const tables: Readonly<Record<ChangedKind, string>> = { artist: 'artists', album: 'albums', track: 'tracks' };

/** The next ids of one kind, in their order. */
export async function idsAfter(
  em: EntityManager,
  { kind, after, limit }: { kind: ChangedKind; after: string | null; limit: number },
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from ${tables[kind]} where ?::uuid is null or id > ?::uuid order by id limit ?`,
    [after, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** A date is a year, a month or a day; some sources write nought where they know none. */
const year = `case when al.release_date ~ '^[0-9]{4}' then nullif(left(al.release_date, 4)::int, 0) end`;

export async function graphArtists(em: EntityManager, ids: readonly string[]): Promise<GraphArtist[]> {
  return em.execute<GraphArtist[]>(`select id, name, disambiguation from artists where id in ${givenIds}`, [
    JSON.stringify(ids),
  ]);
}

export async function graphAlbums(em: EntityManager, ids: readonly string[]): Promise<GraphAlbum[]> {
  return em.execute<GraphAlbum[]>(`select al.id, al.name, ${year} as year from albums al where al.id in ${givenIds}`, [
    JSON.stringify(ids),
  ]);
}

/** Tracks with whoever is credited on them. */
export async function graphTracks(em: EntityManager, ids: readonly string[]): Promise<GraphTrack[]> {
  const rows = await em.execute<
    { id: string; name: string; year: number | null; albumId: string | null; credits: [string, CreditRole][] | null }[]
  >(
    `select t.id, t.name, ${year} as year, t.album_id as "albumId",
       (select jsonb_agg(jsonb_build_array(c.artist_id, c.role)) from
         (select artist_id, case when min(position) = 0 then 'primary' else 'featured' end as role from track_artists
          where track_id = t.id group by artist_id) c) as credits
     from tracks t left join albums al on al.id = t.album_id where t.id in ${givenIds}`,
    [JSON.stringify(ids)],
  );
  return rows.map(({ credits, ...track }) => ({
    ...track,
    credits: (credits ?? []).map(([artistId, role]) => ({ artistId, role })),
  }));
}

/** What the artists made together with those whose ids sort after theirs. */
export async function collaborationsOf(em: EntityManager, artistIds: readonly string[]): Promise<Collaboration[]> {
  return collaborations(
    em,
    `select x.artist_id as "from", y.artist_id as "to", x.track_id, x.position as from_position, y.position as to_position
     from track_artists x join track_artists y on y.track_id = x.track_id and y.artist_id > x.artist_id
     where x.artist_id in ${givenIds}`,
    artistIds,
  );
}

/** The same of these pairs; of those who made nothing together there is no row. */
export async function collaborationsBetween(em: EntityManager, pairs: readonly ArtistPair[]): Promise<Collaboration[]> {
  return collaborations(
    em,
    `select p."from", p."to", x.track_id, x.position as from_position, y.position as to_position
     from jsonb_to_recordset(?::jsonb) as p("from" uuid, "to" uuid) join track_artists x on x.artist_id = p."from"
     join track_artists y on y.track_id = x.track_id and y.artist_id = p."to"`,
    pairs,
  );
}

/** One row a recording, and then one a pair. */
async function collaborations(em: EntityManager, shared: string, given: readonly unknown[]): Promise<Collaboration[]> {
  if (given.length === 0) return [];
  return em.execute<Collaboration[]>(
    `with shared as (${shared}),
       recordings as (select distinct on (s."from", s."to", coalesce(t.isrc, t.id::text)) s."from", s."to", t.id, ${year} as year, s.from_position, s.to_position
         from shared s join tracks t on t.id = s.track_id left join albums al on al.id = t.album_id
         order by s."from", s."to", coalesce(t.isrc, t.id::text), 5 nulls last, least(s.from_position, s.to_position), t.id)
     select "from", "to", count(*)::int as tracks, min(year) as first, max(year) as last,
       (count(*) filter (where from_position = 0))::int as "fromLeads", (count(*) filter (where to_position = 0))::int as "toLeads",
       (count(*) filter (where from_position > 0 and to_position > 0))::int as guests,
       to_jsonb((array_agg(id order by year desc nulls last, id))[1:${mostSamples}]) as samples
     from recordings group by 1, 2`,
    [JSON.stringify(given)],
  );
}

/** What the graph should hold. */
export async function countCatalog(em: EntityManager): Promise<GraphCounts> {
  const [row] = await em.execute<GraphCounts[]>(
    `select (select count(*) from artists)::int as artists, (select count(*) from albums)::int as albums, (select count(*) from tracks)::int as tracks,
       (select count(*) from (select distinct track_id, artist_id from track_artists) c)::int as credits,
       (select count(*) from (select distinct x.artist_id, y.artist_id from track_artists x join track_artists y on y.track_id = x.track_id and y.artist_id > x.artist_id) c)::int as collaborations`,
  );
  if (!row) throw new Error('PostgreSQL counted nothing.');
  return row;
}
