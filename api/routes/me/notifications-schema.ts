import { z } from 'zod';
import { announcementRules, type AnnouncementType } from '../../../domain/announcements';
import { pageOf } from '../../paging';
import { moment } from '../auth/schema';

export const notificationSchema = z
  .object({
    id: z.uuid(),
    type: z.enum(Object.keys(announcementRules) as [AnnouncementType, ...AnnouncementType[]]),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    href: z.string().nullable().meta({ description: 'Where something can be done or seen about it.' }),
    text: z.string(),
    readAt: moment.nullable(),
    createdAt: moment.meta({ description: 'When it was told last: one that is unread is told anew, not twice.' }),
  })
  .meta({ id: 'Notification' });

export const notificationsSchema = pageOf(notificationSchema).extend({ unreadCount: z.int() });
