import type { ArtistRow } from '../../../adapters/postgres/artist-search';
import { blockedAmong } from '../../../adapters/postgres/effective-blocks';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import { blendSimilar, partWeights, type PartWeights, type SimilarArtist } from '../../../domain/similarity';
import type { Dependencies } from '../../dependencies';
import {
  askGraph,
  askStyles,
  cosinesOf,
  type GraphAnswer,
  type StyleQuestion,
  type StyleState,
  whyUnusable,
} from './similar-parts';

export interface SimilarAnswer {
  found: SimilarArtist[];
  weights: PartWeights;
  style: StyleState;
  graph: Pick<GraphAnswer, 'state' | 'sync'>;
  emptyReason: 'nothing_known' | 'nobody_similar' | 'all_blocked' | 'unknown_now';
}

interface SimilarQuestion {
  userId: string;
  artists: readonly ArtistRow[];
  limit: number;
  excludeBlocked: boolean;
}

/** How many times as many are looked for where those found first are blocked; the last time with what that gives. */
const widenings = [1, 10] as const;

const mostAlike = (limit: number, widening: number) => widening * (3 * limit + 50);

/** Who is similar to these artists together, without them. Throws `similarity_unavailable` where neither part can be asked. */
export async function findSimilar(
  em: EntityManager,
  deps: Dependencies,
  question: SimilarQuestion,
): Promise<SimilarAnswer> {
  const { artists, limit } = question;
  const [styles, graph] = await Promise.all([
    nearestInStyle(deps, artists, mostAlike(limit, widenings[0])),
    askGraph(
      deps,
      artists.map(({ id }) => id),
    ),
  ]);
  try {
    return await blended(em, question, styles, graph);
  } catch (error) {
    return blended(em, question, withoutStyles(error), graph);
  }
}

async function blended(
  em: EntityManager,
  { userId, artists, limit, excludeBlocked }: SimilarQuestion,
  { style, nearest }: NearestStyles,
  graph: GraphAnswer,
): Promise<SimilarAnswer> {
  const asked = new Set(artists.map(({ id }) => id));
  const noStyles = style.state === 'away' || style.state === 'index_missing';
  if (noStyles && graph.state === 'away') throw new DomainError('similarity_unavailable');
  const weights = partWeights({ style: style.likeness !== null, graph: graph.state === 'used' });
  let found: SimilarArtist[] = [];
  let leftOut = 0;
  for (const widening of widenings) {
    const wanted = mostAlike(limit, widening);
    const alike = widening === widenings[0] ? nearest : ((await style.likeness?.nearest(wanted)) ?? nearest);
    const cosines = style.likeness ? await cosinesOf(style.likeness, alike, graph.near, wanted) : alike;
    const all = blendSimilar(cosines, graph.near, weights).filter(({ artistId }) => !asked.has(artistId));
    const blocked = excludeBlocked ? await blockedAmong(em, userId, artistIdsOf(all)) : new Set<string>();
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

interface NearestStyles {
  style: StyleQuestion;
  nearest: Map<string, number>;
}

/** Those are looked for while the graph is asked. */
async function nearestInStyle(
  deps: Dependencies,
  artists: readonly ArtistRow[],
  limit: number,
): Promise<NearestStyles> {
  const style = await askStyles(deps, artists);
  try {
    return { style, nearest: (await style.likeness?.nearest(limit)) ?? new Map<string, number>() };
  } catch (error) {
    return withoutStyles(error);
  }
}

/** The table may be taken away, to be made anew, between two looks at it. */
const withoutStyles = (error: unknown): NearestStyles => ({
  style: { state: whyUnusable(error), likeness: null },
  nearest: new Map(),
});

const artistIdsOf = (all: readonly SimilarArtist[]) => all.map(({ artistId }) => artistId);
