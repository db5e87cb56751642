import type { GraphTransaction } from './graph';

export type NodeKind = 'artist' | 'album' | 'track';

// Labels cannot be bound; these are all that there are.
const removeGiven: Readonly<Record<NodeKind, string>> = {
  artist: 'UNWIND $ids AS id MATCH (n:Artist {id: id}) DETACH DELETE n RETURN count(*) AS removed',
  album: 'UNWIND $ids AS id MATCH (n:Album {id: id}) DETACH DELETE n RETURN count(*) AS removed',
  track: 'UNWIND $ids AS id MATCH (n:Track {id: id}) DETACH DELETE n RETURN count(*) AS removed',
};
const older = 'n.generation < $generation OR n.generation > $generation OR n.generation IS NULL';
const removeOlder: Readonly<Record<NodeKind, string>> = {
  artist: `MATCH (n:Artist) WHERE ${older} WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS removed`,
  album: `MATCH (n:Album) WHERE ${older} WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS removed`,
  track: `MATCH (n:Track) WHERE ${older} WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS removed`,
};

/** Removes nodes with everything that hangs on them; returns how many there were. */
export async function removeNodes(tx: GraphTransaction, kind: NodeKind, ids: readonly string[]): Promise<number> {
  const [row] = await tx.run<{ removed: number }>(removeGiven[kind], { ids });
  return row?.removed ?? 0;
}

/** Whether there are nodes that the full sync of this generation has not come across. */
export async function hasOtherGenerations(tx: GraphTransaction, generation: number): Promise<boolean> {
  const [row] = await tx.run<{ found: boolean }>(
    `RETURN EXISTS { MATCH (n:Track) WHERE ${older} } OR EXISTS { MATCH (n:Album) WHERE ${older} }
       OR EXISTS { MATCH (n:Artist) WHERE ${older} } AS found`,
    { generation },
  );
  return row?.found === true;
}

/** Removes up to `limit` nodes that the full sync of this generation has not come across. */
export async function removeOtherGenerations(
  tx: GraphTransaction,
  kind: NodeKind,
  { generation, limit }: { generation: number; limit: number },
): Promise<number> {
  const [row] = await tx.run<{ removed: number }>(removeOlder[kind], { generation, limit });
  return row?.removed ?? 0;
}
