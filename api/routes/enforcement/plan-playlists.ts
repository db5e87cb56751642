import { z } from 'zod';
import { listPlannedPlaylists, previewPlaylist } from '../../../adapters/postgres/plan-playlists';
import { findPlan } from '../../../adapters/postgres/plan-reads';
import { DomainError } from '../../../domain/errors';
import { makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { placeInPlan, positionInPlan } from './plan-cursor';

const plannedPlaylistSchema = z
  .object({
    id: z.string().meta({ description: 'The provider’s.' }),
    name: z.string(),
    items: z.int().meta({ description: 'Tracks that the plan has here, included or not.' }),
    needsReview: z.int(),
    leaving: z
      .object({ items: z.int(), positions: z.int() })
      .meta({ description: 'Included tracks, and the places that they have.' }),
    returning: z.object({ items: z.int(), positions: z.int() }).meta({
      description: 'Included tracks that a restoring plan puts back, and the places that they had in the file.',
    }),
    length: z.int().nullable().meta({ description: 'Places before; null where that library is no longer kept.' }),
    remaining: z.int().nullable().meta({ description: 'Places after.' }),
  })
  .meta({ id: 'PlannedPlaylist' });

const list = defineRoute({
  method: 'get',
  path: '/enforcement/plans/{id}/playlists',
  summary: 'What a plan would do to each playlist',
  description: 'In the plan’s order; playlists that it leaves alone are not listed.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  query: pageQuery,
  responses: { 200: pageOf(plannedPlaylistSchema) },
  handler: async ({ user, params, query, em }) => {
    const { limit } = query;
    const plan = await findPlan(em, { userId: user.userId, id: params.id });
    if (!plan) throw new DomainError('not_found');
    const after = placeInPlan(plan, query.cursor);
    const rows = await listPlannedPlaylists(em, { planId: plan.id, after: after ?? -1, limit: limit + 1 });
    const body = makePage(rows, {
      limit,
      present: ({ seq: _seq, ...row }) => ({
        ...row,
        remaining: row.length === null ? null : row.length - row.leaving.positions + row.returning.positions,
      }),
      position: ({ seq }) => positionInPlan(plan, seq),
      first: after === null,
      emptyReason: plan.status === 'preparing' ? 'plan_preparing' : 'no_playlists_touched',
    });
    return { status: 200, body };
  },
});

const previewedPlaceSchema = z
  .object({
    position: z
      .int()
      .nullable()
      .meta({ description: 'Zero-based, before; null for what a file has and would come back.' }),
    after: z.int().nullable().meta({ description: 'Zero-based, after; null for what leaves, or is not to come back.' }),
    uri: z.string().nullable().meta({ description: 'Null for a place that the provider shows nothing of.' }),
    name: z.string().nullable().meta({ description: 'Null where the catalog knows none (local files, episodes).' }),
    artists: z.array(z.string()),
    imageUrl: z.string().nullable(),
    itemId: z.uuid().nullable().meta({ description: 'The plan’s item at this place, included or not.' }),
  })
  .meta({ id: 'PreviewedPlace' });

const preview = defineRoute({
  method: 'get',
  path: '/enforcement/plans/{id}/playlists/{playlistId}',
  summary: 'One playlist before and after',
  description:
    'All its places in their order, as the plan found them, each with its place afterwards. Of a playlist that the plan leaves alone every place stays. One that the plan’s library does not have, or whose contents may not be read, is a 404.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams.extend({ playlistId: z.string().min(1).max(100) }),
  query: pageQuery,
  responses: { 200: pageOf(previewedPlaceSchema) },
  handler: async ({ user, params, query, em }) => {
    const { limit } = query;
    const plan = await findPlan(em, { userId: user.userId, id: params.id });
    if (!plan) throw new DomainError('not_found');
    const last = placeInPlan(plan, query.cursor);
    const offset = last === null ? 0 : last + 1;
    const { id: planId, generationId, fileGenerationId } = plan;
    const request = { planId, fileGenerationId, playlistId: params.playlistId, offset, limit: limit + 1 };
    const places = generationId === null ? null : await previewPlaylist(em, { ...request, generationId });
    if (!places) throw new DomainError('not_found');
    const body = makePage(places, {
      limit,
      present: ({ row: _row, ...place }) => place,
      position: ({ row }) => positionInPlan(plan, row),
      first: last === null,
      emptyReason: 'playlist_empty',
    });
    return { status: 200, body };
  },
});

export const planPlaylistRoutes = [list, preview];
