import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import {
  type CategorySubscriptionRow,
  followCategory,
  listCategorySubscriptions,
  unfollowCategory,
} from '../../../adapters/postgres/category-subscriptions';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { requireOffenses } from '../offenses/require-offenses';
import { categoryParams, categorySubscriptionSchema } from './schema';

const list = defineRoute({
  method: 'get',
  path: '/category-subscriptions',
  summary: 'Categories of offenses that you go by',
  tags: ['Offenses'],
  permission: 'user',
  responses: { 200: z.object({ items: z.array(categorySubscriptionSchema) }) },
  handler: async ({ user, em }) => {
    await requireOffenses(em);
    return { status: 200, body: { items: (await listCategorySubscriptions(em, user.userId)).map(present) } };
  },
});

const follow = defineRoute({
  method: 'put',
  path: '/category-subscriptions/{category}',
  summary: 'Go by a category of offenses',
  description:
    'Artists with an offense of this category whose sources were verified are kept out from the next plan on, less what you keep; those with nothing but offenses under appeal are for your review. 201 where you did not go by it.',
  tags: ['Offenses'],
  permission: 'user',
  params: categoryParams,
  responses: { 200: categorySubscriptionSchema, 201: categorySubscriptionSchema },
  handler: async ({ user: { userId }, params: { category }, em, ctx }) => {
    const { created, row } = await em.transactional(async (tx) => {
      await requireOffenses(tx);
      const isNew = await followCategory(tx, userId, category);
      if (isNew)
        audit(tx, {
          actorId: userId,
          event: 'category_subscription.made',
          outcome: 'done',
          details: { category },
          requestId: ctx.state.requestId,
        });
      const [saved] = await listCategorySubscriptions(tx, userId, category);
      if (!saved) throw new Error('The subscription was there a moment ago.');
      return { created: isNew, row: saved };
    });
    return created ? { status: 201, body: present(row) } : { status: 200, body: present(row) };
  },
});

const unfollow = defineRoute({
  method: 'delete',
  path: '/category-subscriptions/{category}',
  summary: 'No longer go by a category of offenses',
  description:
    'Plans that act on somebody whom it kept out turn `stale`. What was taken out stays out until you undo the run.',
  tags: ['Offenses'],
  permission: 'user',
  params: categoryParams,
  responses: { 204: null },
  handler: async ({ user: { userId }, params: { category }, em, ctx }) => {
    await em.transactional(async (tx) => {
      if (!(await unfollowCategory(tx, userId, category))) throw new DomainError('not_found');
      audit(tx, {
        actorId: userId,
        event: 'category_subscription.ended',
        outcome: 'done',
        details: { category },
        requestId: ctx.state.requestId,
      });
    });
    return { status: 204 };
  },
});

function present({
  category,
  artists,
  contested,
  createdAt,
}: CategorySubscriptionRow): z.input<typeof categorySubscriptionSchema> {
  return { category, artists, contested, followedAt: createdAt.toISOString() };
}

export const categorySubscriptionRoutes = [list, follow, unfollow];
