import { z } from 'zod';
import { collaboratorsOf } from '../../../adapters/neo4j/collaborators';
import { connectednessOf } from '../../../adapters/neo4j/connectedness';
import { networkOf } from '../../../adapters/neo4j/network';
import { searchCatalog } from '../../../adapters/postgres/artist-search';
import { blockedAmong } from '../../../adapters/postgres/effective-blocks';
import { rankArtists } from '../../../domain/artist-ranking';
import { decodeCursor, makePage, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { nameOf, readGraph, reasonIf, requireArtist, sharedRolesOf, workOf } from './graph-answers';
import { collaboratorsSchema, graphSearchSchema, networkSchema } from './schema';

const search = defineRoute({
  method: 'get',
  path: '/graph/search',
  summary: 'Find artists in the graph',
  description: 'By name, as `GET /artists` does in the catalog, with how each stands in the graph.',
  tags: ['Graph'],
  permission: 'user',
  query: z.object({
    query: z.string().trim().min(1).max(500),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  responses: { 200: graphSearchSchema },
  handler: async ({ user, query: { query, limit }, em, deps }) => {
    const known = rankArtists(
      query,
      (await searchCatalog(em, query, limit)).map((artist) => ({ ...artist, inLibrary: false })),
    ).slice(0, limit);
    const { found, sync } = await readGraph(deps, (tx) =>
      connectednessOf(
        tx,
        known.map(({ id }) => id),
      ),
    );
    const blocked = await blockedAmong(em, user.userId, idsOf(known));
    const items = known.flatMap(({ id, name, disambiguation }) => {
      const standing = found.get(id);
      return standing ? [{ ...standing, name, disambiguation, blocked: blocked.has(id) }] : [];
    });
    const reason = known.length === 0 ? 'no_artist_found' : sync.complete ? 'not_in_graph' : 'graph_empty';
    return {
      status: 200,
      body: { items, nextCursor: null, ...reasonIf(items.length === 0, reason), sync },
    };
  },
});

const network = defineRoute({
  method: 'get',
  path: '/graph/artists/{id}/network',
  summary: 'Who is within some steps of an artist',
  description:
    'Nearer artists come first, among equally near ones those with most recordings in common; with all collaborations among those shown.',
  tags: ['Graph'],
  permission: 'user',
  params: idParams,
  query: z.object({
    depth: z.coerce.number().int().min(1).max(3).default(1).meta({ description: 'Steps from the artist.' }),
    limit: z.coerce
      .number()
      .int()
      .min(2)
      .max(500)
      .default(100)
      .meta({ description: 'Most artists shown, with the one in the middle.' }),
  }),
  responses: { 200: networkSchema },
  handler: async ({ user, params: { id }, query: { depth, limit }, em, deps }) => {
    const artist = await requireArtist(em, id);
    const { found, sync } = await readGraph(deps, (tx) => networkOf(tx, { id: artist.id, depth, limit }));
    const { nodes, edges, cut } = found ?? {
      nodes: [{ ...nameOf(artist), distance: 0 }],
      edges: [],
      cut: false,
    };
    const blocked = await blockedAmong(em, user.userId, idsOf(nodes));
    const reason = found ? 'no_collaborators' : sync.complete ? 'not_in_graph' : 'graph_empty';
    return {
      status: 200,
      body: {
        artist: nameOf(artist),
        depth,
        nodes: nodes.map((node) => ({ ...node, blocked: blocked.has(node.id) })),
        edges: edges.map((edge) => ({ from: edge.from, to: edge.to, ...workOf(edge) })),
        cut,
        ...reasonIf(nodes.length === 1, reason),
        sync,
      },
    };
  },
});

const place = z.object({ tracks: z.int().min(0), id: z.uuid() });

const collaborators = defineRoute({
  method: 'get',
  path: '/graph/artists/{id}/collaborators',
  summary: 'Who worked with an artist',
  description: 'Most recordings in common first, with years, roles and sample tracks.',
  tags: ['Graph'],
  permission: 'user',
  params: idParams,
  query: pageQuery,
  responses: { 200: collaboratorsSchema },
  handler: async ({ params: { id }, query: { limit, cursor }, em, deps }) => {
    const after = decodeCursor(cursor, place);
    const artist = await requireArtist(em, id);
    const { found, sync } = await readGraph(deps, (tx) =>
      collaboratorsOf(tx, { id: artist.id, limit: limit + 1, after }),
    );
    const page = makePage(found, {
      limit,
      present: (one) => ({
        artist: nameOf(one),
        ...workOf(one),
        roles: { ledByArtist: one.ledByArtist, ledByCollaborator: one.ledByOther, ...sharedRolesOf(one) },
        samples: one.samples,
      }),
      position: (one) => ({ tracks: one.tracks, id: one.id }),
      first: after === null,
      emptyReason: sync.complete ? 'no_collaborators' : 'graph_empty',
    });
    return { status: 200, body: { artist: nameOf(artist), ...page, sync } };
  },
});

const idsOf = (artists: readonly { id: string }[]) => artists.map(({ id }) => id);

export const graphArtistRoutes = [search, network, collaborators];
