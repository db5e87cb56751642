import { IndexUnusable } from '../../../adapters/lancedb/database';
import { styleTable } from '../../../adapters/lancedb/styles';
import { VectorTable } from '../../../adapters/lancedb/vector-table';
import { nearestInGraph } from '../../../adapters/neo4j/similar';
import type { ArtistRow } from '../../../adapters/postgres/artist-search';
import { DomainError } from '../../../domain/errors';
import { cosine, VectorError } from '../../../domain/linkage/vectors';
import type { GraphNearness } from '../../../domain/similarity';
import { addTo, unit } from '../../../domain/style/places';
import type { Dependencies } from '../../dependencies';
import { type GraphAge, readGraph } from '../graph/graph-answers';

/** Artists of each distance that the graph is asked for. */
const mostNear = 200;

export type StyleState = 'used' | 'no_genres' | 'not_indexed' | 'index_missing' | 'away';

/** Styles near those of the artists asked about; `null` where the state is none of `used`. */
export interface StyleQuestion {
  state: StyleState;
  likeness: StyleLikeness | null;
}

export interface StyleLikeness {
  /** The cosines of the nearest, at most `limit`, nearest first. */
  nearest(limit: number): Promise<Map<string, number>>;
  /** The cosines of these artists; of those without a style there is none. */
  of(artistIds: readonly string[]): Promise<Map<string, number>>;
}

export type StyleSources = Pick<Dependencies, 'vectors'> & { config: Pick<Dependencies['config'], 'styleModel'> };

/** Several artists are asked about by the middle of their styles. */
export async function askStyles(deps: StyleSources, artists: readonly ArtistRow[]): Promise<StyleQuestion> {
  const { styleModel } = deps.config;
  const table = new VectorTable(deps.vectors, styleTable(styleModel));
  try {
    const known = await table.vectorsOf(artists.map(({ id }) => id));
    const sum = new Float32Array(styleModel.dimensions);
    for (const vector of known.values()) addTo(sum, vector, 1);
    const middle = unit(sum);
    if (!middle)
      return { state: artists.some(({ genres }) => genres.length > 0) ? 'not_indexed' : 'no_genres', likeness: null };
    return {
      state: 'used',
      likeness: {
        nearest: async (limit) =>
          new Map((await table.nearest(middle, limit)).map((found) => [found.id, found.cosine])),
        of: async (ids) =>
          new Map([...(await table.vectorsOf(ids))].map(([id, vector]) => [id, cosine(middle, vector)])),
      },
    };
  } catch (error) {
    return { state: whyUnusable(error), likeness: null };
  }
}

/** The cosines of the nearest in style, and of as many of those whom the graph alone knows, the nearest there first. */
export async function cosinesOf(
  likeness: StyleLikeness,
  nearest: ReadonlyMap<string, number>,
  near: GraphAnswer['near'],
  wanted: number,
): Promise<Map<string, number>> {
  const others = [...near].flatMap(([id, { worth }]) => (nearest.has(id) ? [] : { id, worth }));
  others.sort((a, b) => b.worth - a.worth);
  const lookedUp = await likeness.of(others.slice(0, wanted).map(({ id }) => id));
  return new Map([...nearest, ...lookedUp]);
}

/** Why styles cannot be asked; throws what says nothing of that. Vectors of another model wait to be made anew. */
export function whyUnusable(error: unknown): StyleState {
  if (error instanceof VectorError) return 'index_missing';
  if (!(error instanceof IndexUnusable)) throw error;
  return error.reason === 'missing' ? 'index_missing' : 'away';
}

export interface GraphAnswer {
  state: 'used' | 'no_collaborations' | 'graph_empty' | 'away';
  near: Map<string, GraphNearness>;
  sync: GraphAge | null;
}

export async function askGraph(deps: Pick<Dependencies, 'graph'>, ids: readonly string[]): Promise<GraphAnswer> {
  try {
    const { found, sync } = await readGraph(deps, (tx) => nearestInGraph(tx, { ids, limit: mostNear }));
    if (found.size > 0) return { state: 'used', near: found, sync };
    return { state: sync.complete ? 'no_collaborations' : 'graph_empty', near: found, sync };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'graph_unavailable') throw error;
    return { state: 'away', near: new Map(), sync: null };
  }
}
