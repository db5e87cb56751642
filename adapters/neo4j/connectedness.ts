import type { GraphTransaction } from './graph';

/** How an artist stands in the graph. */
export interface Connectedness {
  id: string;
  collaborators: number;
  tracks: number;
}

/** Of those of the artists that the graph has. */
export async function connectednessOf(
  tx: GraphTransaction,
  ids: readonly string[],
): Promise<Map<string, Connectedness>> {
  const rows = await tx.run<Connectedness & Record<string, unknown>>(
    `UNWIND $ids AS id MATCH (a:Artist {id: id})
     RETURN a.id AS id, COUNT { (a)-[:COLLABORATED_WITH]-() } AS collaborators, COUNT { (a)-[:CREDITED_ON]->() } AS tracks`,
    { ids },
  );
  return new Map(rows.map((row) => [row.id, row]));
}
