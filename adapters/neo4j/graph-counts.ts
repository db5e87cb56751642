import type { GraphCounts } from '../../domain/graph-sync';
import type { GraphTransaction } from './graph';

/** What the graph holds, from its own count store. */
export async function countGraph(tx: GraphTransaction): Promise<GraphCounts> {
  const count = async (statement: string) => (await tx.run<{ n: number }>(statement))[0]?.n ?? 0;
  return {
    artists: await count('MATCH (n:Artist) RETURN count(n) AS n'),
    albums: await count('MATCH (n:Album) RETURN count(n) AS n'),
    tracks: await count('MATCH (n:Track) RETURN count(n) AS n'),
    credits: await count('MATCH ()-[r:CREDITED_ON]->() RETURN count(r) AS n'),
    collaborations: await count('MATCH ()-[r:COLLABORATED_WITH]->() RETURN count(r) AS n'),
  };
}
