import type { SampleTrack } from './collaborators';
import type { GraphTransaction } from './graph';

/** Longest way that is looked for; a statement cannot be given it as a value. */
export const longestPath = 6;
/** Among so many equally short ways the ones with most recordings are chosen. */
const mostCompared = 200;

export interface GraphPath {
  artists: { id: string; name: string }[];
  /** What each two neighbours made together, in the order of the artists. */
  edges: { tracks: number; first: number | null; last: number | null; samples: SampleTrack[] }[];
}

/** The shortest ways between two artists, those over most recordings first; empty where there is none of six steps or fewer. */
export async function shortestPaths(
  tx: GraphTransaction,
  { from, to, limit }: { from: string; to: string; limit: number },
): Promise<GraphPath[]> {
  const rows = await tx.run<{
    artists: GraphPath['artists'];
    edges: { tracks: number; first: number | null; last: number | null; samples: string[] }[];
  }>(
    `MATCH (a:Artist {id: $from}) MATCH (b:Artist {id: $to})
     MATCH p = allShortestPaths((a)-[:COLLABORATED_WITH*..${longestPath}]-(b))
     WITH p LIMIT $mostCompared
     WITH p, reduce(sum = 0, r IN relationships(p) | sum + r.tracks) AS tracks, [n IN nodes(p) | n.id] AS ids
     ORDER BY tracks DESC, ids LIMIT $limit
     RETURN [n IN nodes(p) | n {.id, .name}] AS artists, [r IN relationships(p) | r {.tracks, .first, .last, .samples}] AS edges`,
    { from, to, limit, mostCompared },
  );
  const tracks = await namesOf(tx, [...new Set(rows.flatMap(({ edges }) => edges.flatMap(({ samples }) => samples)))]);
  return rows.map(({ artists, edges }) => ({
    artists,
    edges: edges.map((edge) => ({ ...edge, samples: edge.samples.flatMap((id) => tracks.get(id) ?? []) })),
  }));
}

async function namesOf(tx: GraphTransaction, ids: readonly string[]): Promise<Map<string, SampleTrack>> {
  const rows = await tx.run<SampleTrack & Record<string, unknown>>(
    `UNWIND $ids AS id MATCH (t:Track {id: id}) RETURN t.id AS id, t.name AS name, t.year AS year`,
    { ids },
  );
  return new Map(rows.map(({ id, name, year }) => [id, { id, name, year }]));
}
