import type { z } from 'zod';
import type { NotificationRow } from '../../../adapters/postgres/notifications';
import { announcementPlace } from '../../../domain/announcement-places';
import { announcementText } from '../../../domain/announcement-texts';
import type { notificationSchema } from './notifications-schema';

export function presentNotification(row: NotificationRow): z.input<typeof notificationSchema> {
  const { id, type, params } = row;
  return {
    id,
    type,
    params,
    href: announcementPlace(type, params),
    text: announcementText(type, params),
    readAt: row.readAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
