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

/**
 * Makes these tracks with their credits and albums; both replace what was there. Artists that are not there yet are left out.
 * One statement that finds each track once, with its values in a row: several that find it again take twice as long.
 */
export async function putTracks(
  tx: GraphTransaction,
  tracks: readonly GraphTrack[],
  generation: number,
): Promise<void> {
  await tx.run(
    `UNWIND $tracks AS row MERGE (t:Track {id: row[0]}) SET t.name = row[1], t.year = row[2], t.generation = $generation
     WITH t, row
     CALL (t) { MATCH (t)-[r:CREDITED_ON|ON]-() DELETE r }
     CALL (t, row) { MATCH (b:Album {id: row[3]}) CREATE (t)-[:ON]->(b) }
     CALL (t, row) { UNWIND row[4] AS credit MATCH (a:Artist {id: credit[0]}) CREATE (a)-[:CREDITED_ON {role: credit[1]}]->(t) }`,
    {
      generation,
      tracks: tracks.map(({ id, name, year, albumId, credits }) => [
        id,
        name,
        year,
        albumId,
        credits.map(({ artistId, role }) => [artistId, role]),
      ]),
    },
  );
}

/** Replaces all collaborations of these artists with those whose ids sort after theirs. */
export async function putCollaborationsOf(
  tx: GraphTransaction,
  artistIds: readonly string[],
  collaborations: readonly Collaboration[],
): Promise<void> {
  await tx.run(`UNWIND $artistIds AS id MATCH (:Artist {id: id})-[r:COLLABORATED_WITH]->() DELETE r`, { artistIds });
  await createCollaborations(tx, collaborations);
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
  await createCollaborations(tx, collaborations);
}

/** Finds the artist at the beginning of several once. */
async function createCollaborations(tx: GraphTransaction, collaborations: readonly Collaboration[]): Promise<void> {
  const others = new Map<string, [id: string, work: Omit<Collaboration, 'from' | 'to'>][]>();
  for (const { from, to, ...work } of collaborations) {
    const known = others.get(from);
    if (known) known.push([to, work]);
    else others.set(from, [[to, work]]);
  }
  await tx.run(
    `UNWIND $given AS row MATCH (a:Artist {id: row[0]})
     UNWIND row[1] AS other MATCH (b:Artist {id: other[0]}) CREATE (a)-[r:COLLABORATED_WITH]->(b) SET r = other[1]`,
    { given: [...others] },
  );
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
