import type { ArtistRow } from '../../../adapters/postgres/artist-search';
import { loadEffectiveBlocks } from '../../../adapters/postgres/effective-blocks';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import { blendSimilar, partWeights, type PartWeights, type SimilarArtist } from '../../../domain/similarity';
import type { Dependencies } from '../../dependencies';
import { askGraph, askStyles, cosinesOf, type GraphAnswer, type StyleState } from './similar-parts';

export interface SimilarAnswer {
  found: SimilarArtist[];
  weights: PartWeights;
  style: StyleState;
  graph: Pick<GraphAnswer, 'state' | 'sync'>;
  emptyReason: 'nothing_known' | 'nobody_similar' | 'all_blocked' | 'unknown_now';
}

/** How many times as many are looked for where those found first are blocked; the last time with what that gives. */
const widenings = [1, 10];

/** Who is similar to these artists together, without them. Throws `similarity_unavailable` where neither part can be asked. */
export async function findSimilar(
  em: EntityManager,
  deps: Dependencies,
  question: { userId: string; artists: readonly ArtistRow[]; limit: number; excludeBlocked: boolean },
): Promise<SimilarAnswer> {
  const { userId, artists, limit, excludeBlocked } = question;
  const asked = new Set(artists.map(({ id }) => id));
  const [style, graph] = await Promise.all([askStyles(deps, artists), askGraph(deps, [...asked])]);
  const noStyles = style.state === 'away' || style.state === 'index_missing';
  if (noStyles && graph.state === 'away') throw new DomainError('similarity_unavailable');
  const weights = partWeights({ style: style.likeness !== null, graph: graph.state === 'used' });
  let found: SimilarArtist[] = [];
  let leftOut = 0;
  for (const widening of widenings) {
    const wanted = widening * (3 * limit + 50);
    const cosines = style.likeness ? await cosinesOf(style.likeness, graph, wanted) : new Map<string, number>();
    const all = blendSimilar(cosines, graph.near, weights).filter(({ artistId }) => !asked.has(artistId));
    const blocked = excludeBlocked ? await blockedAmong(em, userId, all) : new Set<string>();
    found = all.filter(({ artistId }) => !blocked.has(artistId)).slice(0, limit);
    leftOut = blocked.size;
    if (found.length >= limit || leftOut === 0 || cosines.size < wanted) break;
  }
  const known = style.likeness !== null || graph.state === 'used';
  const unknownNow =
    !known && (noStyles || style.state === 'not_indexed' || graph.state === 'away' || graph.state === 'graph_empty');
  return {
    found,
    weights,
    style: style.state,
    graph,
    emptyReason: leftOut > 0 ? 'all_blocked' : known ? 'nobody_similar' : unknownNow ? 'unknown_now' : 'nothing_known',
  };
}

async function blockedAmong(em: EntityManager, userId: string, all: readonly SimilarArtist[]): Promise<Set<string>> {
  const ids = all.map(({ artistId }) => artistId);
  return new Set((await loadEffectiveBlocks(em, userId, new Date(), ids)).map(({ artistId }) => artistId));
}
