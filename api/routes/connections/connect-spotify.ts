import { z } from 'zod';
import { ownConnection } from '../../../adapters/postgres/connection-consent';
import { DomainError } from '../../../domain/errors';
import { requireNotSuspended } from '../../middleware/authorize';
import { defineRoute } from '../../route';
import { finishFlow } from '../../sign-in/callback';
import { answerEnding, flowResultSchema } from '../../sign-in/ending';
import { requireOwnPage } from '../../sign-in/own-page';
import { allowedReturnTo } from '../../sign-in/return-to';
import { beginFlow } from '../../sign-in/start';
import { callbackQuery, returnToQuery } from '../auth/schema';

const start = defineRoute({
  method: 'get',
  path: '/connections/spotify/start',
  summary: 'Go and connect Spotify',
  description:
    'Open it in a browser that is signed in. It ends at `returnTo` with `?result=ok&connectionId=&jobId=` (the library sync that it starts) or `?error=CODE`. Somebody who is suspended can renew a connection, and make none.',
  tags: ['Connections'],
  permission: 'signed_in',
  scope: 'write',
  limit: 'signIn',
  query: returnToQuery.extend({
    connectionId: z.uuid().optional().meta({ description: 'The connection to renew, with the same account.' }),
  }),
  responses: { 302: null },
  handler: async ({ query, user, em, ctx, deps }) => {
    requireOwnPage(ctx, deps.config.webOrigins);
    const connectionId = query.connectionId ?? null;
    // Renewing is what undoing may need.
    if (connectionId === null) await requireNotSuspended(ctx, deps);
    const returnTo = allowedReturnTo(query.returnTo, deps.config);
    if (connectionId !== null && !(await ownConnection(em, { userId: user.userId, connectionId, provider: 'spotify' })))
      throw new DomainError('not_found');
    const flow = { provider: 'spotify', purpose: 'connect', userId: user.userId, restarts: 0 } as const;
    const location = await beginFlow(ctx, deps, { ...flow, connectionId, returnTo });
    return { status: 302, headers: { Location: location } };
  },
});

const callback = defineRoute({
  method: 'get',
  path: '/connections/spotify/callback',
  summary: 'Where Spotify sends the browser back to',
  tags: ['Connections'],
  permission: 'anyone',
  limit: 'callback',
  query: callbackQuery,
  responses: { 200: flowResultSchema, 303: null },
  handler: async ({ query, user, ctx, deps }) => {
    const provider = 'spotify';
    return answerEnding(ctx, deps.config, provider, await finishFlow({ ctx, deps, provider, caller: user, query }));
  },
});

export const connectSpotifyRoutes = [start, callback];
