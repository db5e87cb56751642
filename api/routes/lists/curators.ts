import { z } from 'zod';
import { listCurators, putCurator, removeCurator } from '../../../adapters/postgres/list-curators';
import { defineRoute } from '../../route';
import { idParams, moment } from '../auth/schema';
import { heldList, readableList } from './readable';

const curatorsSchema = z
  .object({
    items: z.array(
      z.object({
        userId: z.uuid(),
        displayName: z.string(),
        invitedAt: moment,
        acceptedAt: moment.nullable().meta({ description: 'Null while they have not said yes.' }),
      }),
    ),
  })
  .meta({ id: 'ListCurators' });
const curatorParams = z.object({ id: z.uuid(), userId: z.uuid() });

const read = defineRoute({
  method: 'get',
  path: '/lists/{id}/curators',
  summary: 'Who looks after a list beside its owner',
  description:
    'At most twenty. Who accepted is named to whoever can read the list; who is only asked, to its owner and curators.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  responses: { 200: curatorsSchema },
  handler: async ({ user, params, em }) => {
    const list = await readableList(em, params.id, user.userId);
    const items = (await listCurators(em, list, user.userId)).map(({ invitedAt, acceptedAt, ...curator }) => ({
      ...curator,
      invitedAt: invitedAt.toISOString(),
      acceptedAt: acceptedAt?.toISOString() ?? null,
    }));
    return { status: 200, body: { items } };
  },
});

const put = defineRoute({
  method: 'put',
  path: '/lists/{id}/curators/{userId}',
  summary: 'Ask somebody to look after your list, or say yes',
  description:
    'The owner asks, by the id that the other one finds in `GET me`; that one says yes by the same call. Curators see what waits, and approve what others propose.',
  tags: ['Lists'],
  permission: 'user',
  params: curatorParams,
  responses: { 204: null },
  handler: async ({ user, params: { id, userId: curatorId }, em, ctx }) => {
    const { requestId } = ctx.state;
    await em.transactional(async (tx) => {
      const list = await heldList(tx, id, user.userId);
      await putCurator(tx, { list, curatorId, actorId: user.userId, requestId });
    });
    return { status: 204 };
  },
});

const remove = defineRoute({
  method: 'delete',
  path: '/lists/{id}/curators/{userId}',
  summary: 'Have somebody no longer look after a list, or say no',
  description: 'By the owner, or by themselves. Of a private list they then see nothing more, and go by it no more.',
  tags: ['Lists'],
  permission: 'user',
  params: curatorParams,
  responses: { 204: null },
  handler: async ({ user, params: { id, userId: curatorId }, em, ctx }) => {
    const { requestId } = ctx.state;
    await em.transactional(async (tx) => {
      const list = await heldList(tx, id, user.userId);
      await removeCurator(tx, { list, curatorId, actorId: user.userId, requestId });
    });
    return { status: 204 };
  },
});

export const listCuratorRoutes = [read, put, remove];
