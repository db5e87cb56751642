import { z } from 'zod';
import { connectednessOf } from '../../../adapters/neo4j/connectedness';
import { shortestPaths } from '../../../adapters/neo4j/paths';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { nameOf, readGraph, reasonIf, requireArtist, workOf } from './graph-answers';
import { pathsSchema } from './schema';

const paths = defineRoute({
  method: 'get',
  path: '/graph/paths',
  summary: 'How two artists are connected',
  description: 'The shortest ways of up to six steps, with what each two neighbours made together.',
  tags: ['Graph'],
  permission: 'user',
  query: z.object({
    from: z.uuid(),
    to: z.uuid(),
    limit: z.coerce.number().int().min(1).max(20).default(5),
  }),
  responses: { 200: pathsSchema },
  handler: async ({ query: { from, to, limit }, em, deps }) => {
    const ends = { from: await requireArtist(em, from), to: await requireArtist(em, to) };
    if (ends.from.id === ends.to.id)
      throw new DomainError('invalid_request', {
        errors: [{ path: 'query.to', code: 'same_artist', message: 'Name two different artists.' }],
      });
    const ids = [ends.from.id, ends.to.id];
    const { found, sync } = await readGraph(deps, async (tx) => ({
      present: await connectednessOf(tx, ids),
      paths: await shortestPaths(tx, { from: ends.from.id, to: ends.to.id, limit: limit + 1 }),
    }));
    const shown = found.paths.slice(0, limit);
    const reason = found.present.size === ids.length ? 'not_connected' : sync.complete ? 'not_in_graph' : 'graph_empty';
    return {
      status: 200,
      body: {
        from: nameOf(ends.from),
        to: nameOf(ends.to),
        length: shown[0]?.edges.length ?? null,
        paths: shown.map(({ artists, edges }) => ({
          artists,
          edges: edges.map((edge, n) => ({
            from: artists[n]?.id ?? '',
            to: artists[n + 1]?.id ?? '',
            ...workOf(edge),
            samples: edge.samples,
          })),
        })),
        cut: found.paths.length > limit,
        ...reasonIf(shown.length === 0, reason),
        sync,
      },
    };
  },
});

export const graphPathRoutes = [paths];
