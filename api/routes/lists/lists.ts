import { z } from 'zod';
import { changeList, createList } from '../../../adapters/postgres/list-changes';
import { readGrowth } from '../../../adapters/postgres/list-growth';
import { searchLists } from '../../../adapters/postgres/list-search';
import { listHref } from '../../../domain/hrefs';
import { decodeCursor, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentList } from './presenters';
import { assertOwner, heldList, readableList } from './readable';
import { changeListSchema, createListSchema, growthQuery, growthSchema, listSchema, listsQuery } from './schema';

const place = z.object({ id: z.uuid(), name: z.string(), subscribers: z.int(), sort: z.string() });

const search = defineRoute({
  method: 'get',
  path: '/lists',
  summary: 'Community lists',
  description: 'Those that everybody may find and that have a version that counts; with `mine=true` your own.',
  tags: ['Lists'],
  permission: 'user',
  query: listsQuery,
  responses: { 200: pageOf(listSchema) },
  handler: async ({ user, query: { query, sort, mine, cursor, limit }, em }) => {
    const after = decodeCursor(cursor, place.extend({ sort: z.literal(sort) }));
    const rows = await searchLists(em, {
      userId: user.userId,
      query: query ?? null,
      mine: mine === 'true',
      order: sort,
      after,
      limit: limit + 1,
    });
    const body = makePage(rows, {
      limit,
      present: ({ sortName: _, ...row }) => presentList(row),
      position: ({ id, sortName, subscriberCount }) => ({ id, name: sortName, subscribers: subscriberCount, sort }),
      first: !after,
      emptyReason: query === undefined ? 'no_lists' : 'nothing_matches',
    });
    return { status: 200, body };
  },
});

const create = defineRoute({
  method: 'post',
  path: '/lists',
  summary: 'Begin a list',
  description:
    'It is found once it has a version that counts. `422 list_rules_broken` where the rules for lists say no.',
  tags: ['Lists'],
  permission: 'user',
  body: createListSchema,
  responses: { 201: listSchema },
  idempotent: true,
  handler: async ({ user: { userId }, body, em, ctx }) => {
    const { requestId } = ctx.state;
    const id = await em.transactional((tx) => createList(tx, { userId, requestId }, body));
    const list = presentList(await readableList(em, id, userId));
    return { status: 201, body: list, headers: { Location: listHref(id) } };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/lists/{id}',
  summary: 'A list',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  responses: { 200: listSchema },
  handler: async ({ user, params, em }) => ({
    status: 200,
    body: presentList(await readableList(em, params.id, user.userId, user.roles)),
  }),
});

const change = defineRoute({
  method: 'patch',
  path: '/lists/{id}',
  summary: 'Change what a list says about itself, and who can read it',
  description:
    'For its owner. Words that the rules flag stand while a moderator looks at them. A private list is opened at once, from the version that counts on; where the rules flag it, once a moderator has approved it (`askedVisibility`). It cannot become private while others go by it: `409 list_has_subscribers`.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  body: changeListSchema,
  responses: { 200: listSchema },
  handler: async ({ user: { userId }, params: { id }, body, em, ctx }) => {
    const { requestId } = ctx.state;
    await em.transactional(async (tx) => {
      const list = await heldList(tx, id, userId);
      assertOwner(list);
      await changeList(tx, { userId, requestId }, list, body);
    });
    return { status: 200, body: presentList(await readableList(em, id, userId)) };
  },
});

const growth = defineRoute({
  method: 'get',
  path: '/lists/{id}/growth',
  summary: 'How many people came to your list and left it, day by day',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  query: growthQuery,
  responses: { 200: growthSchema },
  handler: async ({ user, params, query, em }) => {
    const list = await readableList(em, params.id, user.userId);
    assertOwner(list);
    return {
      status: 200,
      body: { subscribers: list.subscriberCount, days: await readGrowth(em, list.id, query.days) },
    };
  },
});

export const listRoutes = [search, create, read, change, growth];
