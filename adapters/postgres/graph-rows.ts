import type { GraphAlbum, GraphArtist } from '../../domain/artist-graph';
import type { GraphCounts, GraphedKind } from '../../domain/graph-sync';
import { givenIds } from './erasure';
import { creditedArtist, releaseYear } from './graph-tracks';
import { tracksOfRecordings } from './linked-recordings';
import type { EntityManager } from './orm';

const tables: Readonly<Record<GraphedKind, string>> = {
  artist: 'artists',
  album: 'albums',
  track: 'tracks',
  recording: 'recordings',
};

/** The next ids of one kind, in their order. */
export async function idsAfter(
  em: EntityManager,
  { kind, after, limit }: { kind: GraphedKind; after: string | null; limit: number },
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from ${tables[kind]} where ?::uuid is null or id > ?::uuid order by id limit ?`,
    [after, after, limit],
  );
  return rows.map(({ id }) => id);
}

export async function graphArtists(em: EntityManager, ids: readonly string[]): Promise<GraphArtist[]> {
  return em.execute<GraphArtist[]>(`select id, name, disambiguation from artists where id in ${givenIds}`, [
    JSON.stringify(ids),
  ]);
}

export async function graphAlbums(em: EntityManager, ids: readonly string[]): Promise<GraphAlbum[]> {
  return em.execute<GraphAlbum[]>(
    `select al.id, al.name, ${releaseYear} as year from albums al where al.id in ${givenIds}`,
    [JSON.stringify(ids)],
  );
}

/** How many rows of these kinds there are; unless said, how many a full sync looks at. */
export async function catalogSize(em: EntityManager, kinds = Object.keys(tables) as GraphedKind[]): Promise<number> {
  const [row] = await em.execute<{ n: number }[]>(
    `select (${kinds.map((kind) => `(select count(*) from ${tables[kind]})`).join(' + ')})::int as n`,
  );
  return row?.n ?? 0;
}

/** What the graph should hold. */
export async function countCatalog(em: EntityManager): Promise<GraphCounts> {
  const [row] = await em.execute<GraphCounts[]>(
    `with imported as materialized (
         select distinct c.recording_id, i.artist_id, c.role from recording_credits c join ${creditedArtist}),
       linked as materialized (${tracksOfRecordings('(select distinct recording_id from imported)')}),
       apart as materialized (select * from imported where recording_id not in (select recording_id from linked)),
       credits as materialized (
         select track_id as id, artist_id, 'performer' as role from track_artists
         union select k.track_id, m.artist_id, m.role from imported m join linked k using (recording_id)
         union select recording_id, artist_id, role from apart)
     select (select count(*) from artists)::int as artists, (select count(*) from albums)::int as albums,
       ((select count(*) from tracks) + (select count(distinct recording_id) from apart))::int as tracks,
       (select count(*) from credits)::int as credits,
       (select count(*) from (select distinct x.artist_id, y.artist_id from credits x join credits y on y.id = x.id and y.artist_id > x.artist_id) c)::int as collaborations`,
  );
  if (!row) throw new Error('PostgreSQL counted nothing.');
  return row;
}
