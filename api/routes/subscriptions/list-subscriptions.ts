import type { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import {
  followList,
  keepListAsIs,
  listSubscriptions,
  type ListSubscriptionRow,
  unfollowList,
} from '../../../adapters/postgres/list-subscriptions';
import { findVersion } from '../../../adapters/postgres/list-versions';
import { DomainError } from '../../../domain/errors';
import { waitsForReview } from '../../../domain/list-subscriptions';
import { listHref } from '../../../domain/hrefs';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { readableList } from '../lists/readable';
import { followListSchema, listSubscriptionSchema } from './schema';

const list = defineRoute({
  method: 'get',
  path: '/me/subscriptions',
  summary: 'Lists that you go by',
  description:
    'Those that you came to last first. Accept what waits for your review with `PUT lists/{id}/subscription` and its `version`; `GET lists/{id}/diff` and `GET lists/{id}/impact` tell what that means.',
  tags: ['Lists'],
  permission: 'user',
  query: pageQuery,
  responses: { 200: pageOf(listSubscriptionSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, idPosition)?.id ?? null;
    const rows = await listSubscriptions(em, { userId: user.userId, listId: null, after, limit: query.limit + 1 });
    const body = makePage(rows, {
      limit: query.limit,
      present,
      position: ({ id }) => ({ id }),
      first: after === null,
      emptyReason: 'no_subscriptions',
    });
    return { status: 200, body };
  },
});

const follow = defineRoute({
  method: 'put',
  path: '/lists/{id}/subscription',
  summary: 'Go by a list',
  description:
    'Whom it has is kept out from the next plan on, less what you keep. 201 where you did not go by it, 200 for a change. Plans that act on somebody who is no longer kept out by it turn `stale`.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  body: followListSchema.prefault({}),
  responses: { 200: listSubscriptionSchema, 201: listSubscriptionSchema },
  handler: async ({ user, params: { id }, body, em, ctx }) => {
    const { userId } = user;
    const { follows, newEntries, version } = body;
    const { created, row } = await em.transactional(async (tx) => {
      await keepListAsIs(tx, id);
      const found = await readableList(tx, id, userId);
      if (found.restricted) throw new DomainError('list_restricted');
      const { latestVersion } = found;
      if (latestVersion === null) throw new DomainError('list_unpublished');
      if (version !== undefined && !(await findVersion(tx, found, version))) throw new DomainError('not_found');
      const wish = { follows, newEntries, ...(version === undefined ? {} : { version }) };
      const followed = await followList(tx, { userId, list: { id, latestVersion }, wish });
      const [saved] = await listSubscriptions(tx, { userId, listId: id, after: null, limit: 1 });
      if (!saved) throw new Error('The subscription was there a moment ago.');
      audit(tx, {
        actorId: userId,
        event: followed.created ? 'subscription.made' : 'subscription.changed',
        outcome: 'done',
        subjectType: 'list',
        subjectId: id,
        details: { follows, newEntries, version: saved.held },
        requestId: ctx.state.requestId,
      });
      return { created: followed.created, row: saved };
    });
    return created ? { status: 201, body: present(row) } : { status: 200, body: present(row) };
  },
});

const unfollow = defineRoute({
  method: 'delete',
  path: '/lists/{id}/subscription',
  summary: 'No longer go by a list',
  description:
    'Plans that act on somebody whom it kept out turn `stale`. What was taken out stays out until you undo the run.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  responses: { 204: null },
  handler: async ({ user: { userId }, params: { id }, em, ctx }) => {
    await em.transactional(async (tx) => {
      if (!(await unfollowList(tx, { userId, listId: id }))) throw new DomainError('not_found');
      audit(tx, {
        actorId: userId,
        event: 'subscription.ended',
        outcome: 'done',
        subjectType: 'list',
        subjectId: id,
        requestId: ctx.state.requestId,
      });
    });
    return { status: 204 };
  },
});

function present(row: ListSubscriptionRow): z.input<typeof listSubscriptionSchema> {
  const { listId, name, follows, newEntries, held, latest, restricted, added, removed } = row;
  return {
    list: { id: listId, name, href: listHref(listId) },
    follows,
    newEntries,
    version: held,
    latestVersion: latest,
    difference: latest === null || held === latest ? null : { added, removed },
    waitsForReview: waitsForReview({ follows, newEntries }, { held, latest }),
    restricted,
    followedAt: row.createdAt.toISOString(),
    changedAt: row.updatedAt.toISOString(),
  };
}

export const listSubscriptionRoutes = [list, follow, unfollow];
