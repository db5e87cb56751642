import type { ArtistPair, Collaboration, GraphAlbum, GraphArtist, GraphTrack } from '../../domain/artist-graph';
import type { GraphTransaction } from './graph';

/** Makes these artists as they are in the catalog, and stamps them with the generation. Writing them twice changes nothing. */
export async function putArtists(
  tx: GraphTransaction,
  artists: readonly GraphArtist[],
  generation: number,
): Promise<void> {
  await tx.run(
    `UNWIND $artists AS row MERGE (a:Artist {id: row.id})
     SET a.name = row.name, a.disambiguation = row.disambiguation, a.generation = $generation`,
    { artists, generation },
  );
}

export async function putAlbums(
  tx: GraphTransaction,
  albums: readonly GraphAlbum[],
  generation: number,
): Promise<void> {
  await tx.run(
    `UNWIND $albums AS row MERGE (b:Album {id: row.id})
     SET b.name = row.name, b.year = row.year, b.generation = $generation`,
    { albums, generation },
  );
}

/** Makes these tracks with their credits and albums; both replace what was there. Artists that are not there yet are left out. */
export async function putTracks(
  tx: GraphTransaction,
  tracks: readonly GraphTrack[],
  generation: number,
): Promise<void> {
  const ids = tracks.map(({ id }) => id);
  await tx.run(
    `UNWIND $tracks AS row MERGE (t:Track {id: row.id}) SET t.name = row.name, t.year = row.year, t.generation = $generation`,
    { tracks: tracks.map(({ id, name, year }) => ({ id, name, year })), generation },
  );
  await tx.run(`UNWIND $ids AS id MATCH (:Track {id: id})<-[c:CREDITED_ON]-() DELETE c`, { ids });
  await tx.run(`UNWIND $ids AS id MATCH (:Track {id: id})-[o:ON]->() DELETE o`, { ids });
  await tx.run(
    `UNWIND $credits AS row MATCH (t:Track {id: row.trackId}) MATCH (a:Artist {id: row.artistId})
     CREATE (a)-[:CREDITED_ON {role: row.role}]->(t)`,
    { credits: tracks.flatMap(({ id, credits }) => credits.map((credit) => ({ trackId: id, ...credit }))) },
  );
  await tx.run(
    `UNWIND $placed AS row MATCH (t:Track {id: row.id}) MATCH (b:Album {id: row.albumId}) CREATE (t)-[:ON]->(b)`,
    { placed: tracks.flatMap(({ id, albumId }) => (albumId === null ? [] : [{ id, albumId }])) },
  );
}

const create = `UNWIND $collaborations AS row MATCH (a:Artist {id: row.from}) MATCH (b:Artist {id: row.to})
  CREATE (a)-[:COLLABORATED_WITH {tracks: row.tracks, first: row.first, last: row.last, fromLeads: row.fromLeads,
    toLeads: row.toLeads, guests: row.guests, samples: row.samples}]->(b)`;

/** Replaces all collaborations of these artists with those whose ids sort after theirs. */
export async function putCollaborationsOf(
  tx: GraphTransaction,
  artistIds: readonly string[],
  collaborations: readonly Collaboration[],
): Promise<void> {
  await tx.run(`UNWIND $artistIds AS id MATCH (:Artist {id: id})-[r:COLLABORATED_WITH]->() DELETE r`, { artistIds });
  await tx.run(create, { collaborations });
}

/** Replaces the collaborations of these pairs. */
export async function putCollaborationsBetween(
  tx: GraphTransaction,
  pairs: readonly ArtistPair[],
  collaborations: readonly Collaboration[],
): Promise<void> {
  await tx.run(
    `UNWIND $pairs AS pair MATCH (:Artist {id: pair.from})-[r:COLLABORATED_WITH]->(:Artist {id: pair.to}) DELETE r`,
    { pairs },
  );
  await tx.run(create, { collaborations });
}

/** Who is credited on these tracks as the graph has them. */
export async function creditsInGraph(
  tx: GraphTransaction,
  trackIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await tx.run<{ id: string; artistIds: string[] }>(
    `UNWIND $trackIds AS id MATCH (t:Track {id: id})<-[:CREDITED_ON]-(a:Artist) RETURN t.id AS id, collect(DISTINCT a.id) AS artistIds`,
    { trackIds },
  );
  return new Map(rows.map(({ id, artistIds }) => [id, artistIds]));
}
