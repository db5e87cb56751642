import { z } from 'zod';
import { countUnread, listNotifications, markAllRead, markRead } from '../../../adapters/postgres/notifications';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, makePage, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentNotification } from './notification-presenter';
import { notificationsSchema } from './notifications-schema';

const position = z.object({ at: z.iso.datetime(), id: z.uuid() });

const list = defineRoute({
  method: 'get',
  path: '/me/notifications',
  summary: 'What you should know',
  description: 'The last told first. Of one type about one subject at most one is unread.',
  tags: ['Me'],
  permission: 'signed_in',
  query: pageQuery.extend({
    unread: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true')
      .meta({ description: 'Only those that you have not read.' }),
  }),
  responses: { 200: notificationsSchema },
  handler: async ({ user, query, em }) => {
    const { userId } = user;
    const after = decodeCursor(query.cursor, position);
    const rows = await listNotifications(em, { userId, unread: query.unread, limit: query.limit + 1, after });
    const page = makePage(rows, {
      limit: query.limit,
      present: presentNotification,
      position: ({ id, createdAt }) => ({ at: createdAt.toISOString(), id }),
      first: !after,
      emptyReason: query.unread ? 'nothing_unread' : 'no_notifications',
    });
    return { status: 200, body: { ...page, unreadCount: await countUnread(em, userId) } };
  },
});

const readAll = defineRoute({
  method: 'post',
  path: '/me/notifications/read-all',
  summary: 'Mark all notifications as read',
  tags: ['Me'],
  permission: 'signed_in',
  responses: { 204: null },
  handler: async ({ user, em }) => {
    await markAllRead(em, user.userId);
    return { status: 204 };
  },
});

const read = defineRoute({
  method: 'post',
  path: '/me/notifications/{id}/read',
  summary: 'Mark a notification as read',
  description: 'Repeating it changes nothing.',
  tags: ['Me'],
  permission: 'signed_in',
  params: idParams,
  responses: { 204: null },
  handler: async ({ user, params, em }) => {
    if (!(await markRead(em, { userId: user.userId, id: params.id }))) throw new DomainError('not_found');
    return { status: 204 };
  },
});

export const notificationRoutes = [list, readAll, read];
