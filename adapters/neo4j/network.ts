import type { GraphTransaction } from './graph';

export interface NetworkNode {
  id: string;
  name: string;
  /** Steps from the middle, which is at 0. */
  distance: number;
}

export interface NetworkEdge {
  from: string;
  to: string;
  tracks: number;
  first: number | null;
  last: number | null;
}

export interface Network {
  nodes: NetworkNode[];
  edges: NetworkEdge[];
  /** Whether artists within the depth were left out. */
  cut: boolean;
}

/**
 * The artists within `depth` steps of one, at most `limit` with that one: nearer ones first, among equally near ones those
 * who share most recordings with the ones before. With all collaborations among them. Null where the graph has no such artist.
 */
export async function networkOf(
  tx: GraphTransaction,
  { id, depth, limit }: { id: string; depth: number; limit: number },
): Promise<Network | null> {
  const [middle] = await tx.run<{ name: string }>('MATCH (a:Artist {id: $id}) RETURN a.name AS name', { id });
  if (!middle) return null;
  const nodes = new Map<string, NetworkNode>([[id, { id, name: middle.name, distance: 0 }]]);
  let frontier = [id];
  let cut = false;
  for (let distance = 1; distance <= depth && frontier.length > 0 && !cut; distance += 1) {
    const room = limit - nodes.size;
    // Those that are in already come back too, at most all of them: behind so many, and one, there is an answer to `cut`.
    const found = await tx.run<{ id: string; name: string }>(
      `UNWIND $frontier AS one MATCH (:Artist {id: one})-[r:COLLABORATED_WITH]-(b:Artist)
       WITH b, sum(r.tracks) AS tracks ORDER BY tracks DESC, b.id LIMIT $most RETURN b.id AS id, b.name AS name`,
      { frontier, most: nodes.size + room + 1 },
    );
    const fresh = found.filter((one) => !nodes.has(one.id));
    cut = fresh.length > room;
    for (const one of fresh.slice(0, room)) nodes.set(one.id, { ...one, distance });
    frontier = fresh.slice(0, room).map((one) => one.id);
  }
  return { nodes: [...nodes.values()], edges: await edgesAmong(tx, [...nodes.keys()]), cut };
}

function edgesAmong(tx: GraphTransaction, ids: readonly string[]): Promise<NetworkEdge[]> {
  return tx.run<NetworkEdge & Record<string, unknown>>(
    `UNWIND $ids AS id MATCH (a:Artist {id: id})-[r:COLLABORATED_WITH]->(b:Artist) WHERE b.id IN $ids
     RETURN a.id AS from, b.id AS to, r.tracks AS tracks, r.first AS first, r.last AS last ORDER BY tracks DESC, from, to`,
    { ids },
  );
}
