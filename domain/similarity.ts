/** An artist near others in the graph: having worked with one of them, or with somebody who did. */
export interface GraphNearness {
  /** From 0 to below 1: what all ways there are worth together. */
  worth: number;
  distance: 1 | 2;
}

/** What one part knows and what that adds to the score. */
export interface StylePart {
  cosine: number;
  adds: number;
}
export interface GraphPart {
  /** From 0 to below 1. */
  proximity: number;
  distance: 1 | 2;
  adds: number;
}

export interface SimilarArtist {
  artistId: string;
  /** From 0 to 1: the sum of what the parts add. */
  score: number;
  style: StylePart | null;
  graph: GraphPart | null;
}

export interface PartWeights {
  style: number;
  graph: number;
}

/**
 * How much each part counts where both have something to say. Found on a made-up world (`npm run bench -- similar`): with more
 * for styles, hidden collaborations are found less often than by the graph alone; with this, more often, most of all those of
 * artists with few others.
 */
const bothWeights: PartWeights = { style: 0.1, graph: 0.9 };
/** Vectors of unrelated genres are not quite at right angles; below that, likeness is chance. */
export const leastCosine = 0.25;
/** Somebody who works with more than so many says less of each of them. */
export const fewLinks = 9;
/** Somebody who works with more than so many leads nowhere. */
export const mostLinks = 1_000;

/** Where one part has nothing to say of what is asked, the other counts alone. */
export function partWeights(has: { style: boolean; graph: boolean }): PartWeights {
  if (has.style && has.graph) return bothWeights;
  return { style: has.style ? 1 : 0, graph: has.graph ? 1 : 0 };
}

/**
 * Who is similar, most similar first; whoever neither part knows is not there. A link's worth is small where it goes through
 * somebody in between, which its root evens out.
 * @param cosines of the artists' styles with the one asked for
 */
export function blendSimilar(
  cosines: ReadonlyMap<string, number>,
  near: ReadonlyMap<string, GraphNearness>,
  weights: PartWeights,
): SimilarArtist[] {
  return [...new Set([...cosines.keys(), ...near.keys()])]
    .map((artistId) => {
      const style = stylePart(cosines.get(artistId), weights.style);
      const graph = graphPart(near.get(artistId), weights.graph);
      return { artistId, score: (style?.adds ?? 0) + (graph?.adds ?? 0), style, graph };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.artistId < b.artistId ? -1 : 1));
}

function stylePart(cosine: number | undefined, weight: number): StylePart | null {
  if (cosine === undefined || !(cosine >= leastCosine)) return null;
  const known = Math.min(1, cosine);
  return { cosine: known, adds: weight * known };
}

function graphPart(near: GraphNearness | undefined, weight: number): GraphPart | null {
  if (!near || !(near.worth > 0)) return null;
  const proximity = Math.sqrt(near.worth);
  return { proximity, distance: near.distance, adds: weight * proximity };
}
