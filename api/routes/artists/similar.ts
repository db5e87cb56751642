import type { z } from 'zod';
import { type ArtistRow, loadArtists } from '../../../adapters/postgres/artist-search';
import { currentArtistIds } from '../../../adapters/postgres/current-artists';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import type { SimilarArtist } from '../../../domain/similarity';
import type { Dependencies } from '../../dependencies';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { nameOf, reasonIf } from '../graph/graph-answers';
import { describeArtistsById, type PresentedArtist } from './describe-artists';
import { findSimilar } from './find-similar';
import { similarBody, similarQuery, similarSchema } from './similar-schema';

type Answer = z.input<typeof similarSchema>;

const description =
  'By genres, and by who made music with whom; each says what either adds to its score. Where one of the two cannot be asked the other answers alone, and that is said.';

const toOne = defineRoute({
  method: 'get',
  path: '/artists/{id}/similar',
  summary: 'Artists similar to one',
  description,
  tags: ['Artists'],
  permission: 'user',
  params: idParams,
  query: similarQuery,
  responses: { 200: similarSchema },
  handler: async ({ user, params, query, em, deps }) => ({
    status: 200,
    body: await answer(em, deps, { userId: user.userId, artistIds: [params.id], ...query }),
  }),
});

const toSeveral = defineRoute({
  method: 'post',
  path: '/artists/similar',
  summary: 'Artists similar to several',
  description: `To all of them together. ${description}`,
  tags: ['Artists'],
  permission: 'user',
  scope: 'read',
  body: similarBody,
  responses: { 200: similarSchema },
  handler: async ({ user, body, em, deps }) => ({
    status: 200,
    body: await answer(em, deps, { userId: user.userId, ...body }),
  }),
});

async function answer(
  em: EntityManager,
  deps: Dependencies,
  asked: { userId: string; artistIds: readonly string[]; limit: number; excludeBlocked: boolean },
): Promise<Answer> {
  const { userId, artistIds, limit, excludeBlocked } = asked;
  const artists = await requireArtists(em, artistIds);
  const similar = await findSimilar(em, deps, { userId, artists, limit, excludeBlocked });
  const ids = similar.found.map(({ artistId }) => artistId);
  const described = await describeArtistsById(em, userId, ids);
  const byId = new Map(described.map((artist) => [artist.id, artist]));
  const items = similar.found.flatMap((one) => presentSimilar(one, byId.get(one.artistId)));
  return {
    artists: artists.map(nameOf),
    items,
    nextCursor: null,
    weights: similar.weights,
    style: { state: similar.style },
    graph: { state: similar.graph.state, sync: similar.graph.sync },
    ...reasonIf(items.length === 0, similar.emptyReason),
  };
}

/** Ids of merged artists stand for whom those became. */
async function requireArtists(em: EntityManager, ids: readonly string[]): Promise<ArtistRow[]> {
  const given = ids.map((id) => id.toLowerCase());
  const distinct = [...new Set(given.map(await currentArtistIds(em, given)))];
  const artists = await loadArtists(em, distinct);
  if (artists.length < distinct.length) throw new DomainError('not_found');
  return artists;
}

/** Whoever went from the catalog a moment ago is left out. */
function presentSimilar({ score, style, graph }: SimilarArtist, artist: PresentedArtist | undefined): Answer['items'] {
  if (!artist) return [];
  return [
    {
      artist,
      score: rounded(score),
      from: style && graph ? 'both' : style ? 'style' : 'graph',
      style: style && { cosine: rounded(style.cosine), adds: rounded(style.adds) },
      graph: graph && { proximity: rounded(graph.proximity), distance: graph.distance, adds: rounded(graph.adds) },
    },
  ];
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

export const similarRoutes = [toOne, toSeveral];
