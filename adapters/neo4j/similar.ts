import { distanceTwo, together } from '../../domain/graph-proximity';
import { fewLinks, type GraphNearness, mostLinks } from '../../domain/similarity';
import { artistsNear, left, weights } from './blocked-network';
import type { GraphTransaction } from './graph';

/** Artists through whom others are looked for. */
const mostBetween = 50;

/** The artists nearest to the given ones, by ways of one and two collaborations, at most `limit` of each; without the given ones. */
export async function nearestInGraph(
  tx: GraphTransaction,
  { ids, limit }: { ids: readonly string[]; limit: number },
): Promise<Map<string, GraphNearness>> {
  const direct = await artistsNear(tx, { ids, without: ids, limit });
  const between = direct.slice(0, mostBetween).map(({ id, score }) => ({ id, score }));
  const near = new Map<string, GraphNearness>(direct.map(({ id, score }) => [id, { worth: score, distance: 1 }]));
  for (const { id, worth } of between.length > 0 ? await through(tx, { between, ids, limit }) : []) {
    const known = near.get(id);
    near.set(id, known ? { ...known, worth: together([known.worth, worth]) } : { worth, distance: 2 });
  }
  return near;
}

function through(
  tx: GraphTransaction,
  given: { between: readonly { id: string; score: number }[]; ids: readonly string[]; limit: number },
): Promise<{ id: string; worth: number }[]> {
  return tx.run<{ id: string; worth: number }>(
    `UNWIND $between AS b MATCH (m:Artist {id: b.id})
     WITH m, b.score AS score, COUNT { (m)-[:COLLABORATED_WITH]-() } AS links WHERE links <= $mostLinks
     WITH m, $distanceTwo * score * CASE WHEN links > $fewLinks THEN sqrt(toFloat($fewLinks) / links) ELSE 1.0 END AS way
     MATCH (m)-[r:COLLABORATED_WITH]-(y:Artist)
     WITH y, 1 - exp(sum(log(1 - way * (1 - ${left})))) AS worth
     WHERE NOT y.id IN $ids
     RETURN y.id AS id, worth ORDER BY worth DESC, id LIMIT $limit`,
    { ...given, distanceTwo, fewLinks, mostLinks, ...weights },
  );
}
