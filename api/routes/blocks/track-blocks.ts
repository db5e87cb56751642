import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import { saveTrackBlock } from '../../../adapters/postgres/track-blocks';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { saveBlockSchema } from './schema';
import { withdrawTrackBlock } from './withdraw-block';

const params = z.object({ trackId: z.uuid() });

const save = defineRoute({
  method: 'put',
  path: '/track-blocks/{trackId}',
  summary: 'Keep one track out',
  description: 'Whoever is on it. Between this and an exception for the track, the later one holds.',
  tags: ['Blocks'],
  permission: 'user',
  params,
  body: saveBlockSchema.pick({ expiresAt: true, onExpiry: true }).default({}),
  responses: { 204: null },
  handler: async ({ user, params: { trackId }, body, em, ctx }) => {
    const expiresAt = body.expiresAt ? new Date(body.expiresAt) : null;
    await em.transactional(async (tx) => {
      const saved = await saveTrackBlock(tx, {
        userId: user.userId,
        trackId,
        expiresAt,
        onExpiry: body.onExpiry ?? 'keep',
      });
      if (!saved) throw new DomainError('not_found');
      audit(tx, {
        actorId: user.userId,
        event: 'track_block.saved',
        outcome: 'done',
        subjectType: 'track',
        subjectId: trackId,
        requestId: ctx.state.requestId,
      });
    });
    return { status: 204 };
  },
});

const remove = defineRoute({
  method: 'delete',
  path: '/track-blocks/{trackId}',
  summary: 'Let one track back in',
  description: 'Plans that would take it out turn `stale`.',
  tags: ['Blocks'],
  permission: 'user',
  params,
  responses: { 204: null },
  handler: async ({ user, params: { trackId }, em, ctx }) => {
    const { userId } = user;
    await em.transactional(async (tx) => {
      const withdrawn = await withdrawTrackBlock(tx, { userId, trackId, requestId: ctx.state.requestId });
      if (!withdrawn) throw new DomainError('not_found');
    });
    return { status: 204 };
  },
});

export const trackBlockRoutes = [save, remove];
