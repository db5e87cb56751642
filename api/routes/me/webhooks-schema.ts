import { z } from 'zod';
import { webhookEventTypes, type AnnouncementType } from '../../../domain/announcements';
import { moment } from '../auth/schema';

const events = z.enum(webhookEventTypes as [AnnouncementType, ...AnnouncementType[]]);

export const webhookSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    events: z.array(events),
    failingSince: moment.nullable().meta({ description: 'Since when it has taken nothing.' }),
    disabled: z
      .object({ reason: z.enum(['gone', 'failing']), at: moment })
      .nullable()
      .meta({ description: 'Why it is sent nothing any more; delete it and make another to go on.' }),
    createdAt: moment,
  })
  .meta({ id: 'Webhook' });

export const newWebhookSchema = webhookSchema
  .extend({ secret: z.string().meta({ description: 'Shown this once; messages are signed with it.' }) })
  .meta({ id: 'NewWebhook' });

export const webhookWithDeliveriesSchema = webhookSchema
  .extend({
    deliveries: z.array(
      z.object({
        id: z.uuid().meta({ description: 'The `webhook-id` of the message, the same at each try.' }),
        type: z.string(),
        status: z.enum(['pending', 'delivered', 'failed', 'cancelled']),
        attempts: z.int(),
        lastStatus: z.int().nullable().meta({ description: 'HTTP status of the last answer, where there was one.' }),
        failure: z.object({ code: z.string() }).nullable(),
        createdAt: moment,
        attemptedAt: moment.nullable(),
        finishedAt: moment.nullable(),
      }),
    ),
  })
  .meta({ id: 'WebhookWithDeliveries' });

export const createWebhookSchema = z
  .object({
    url: z.string().trim().min(1).max(2000).meta({ description: 'https, on the public internet.' }),
    events: z
      .array(events)
      .min(1)
      .transform((types) => [...new Set(types)]),
  })
  .meta({ id: 'CreateWebhook' });

export const startedDeliverySchema = z.object({ deliveryId: z.uuid() }).meta({ id: 'StartedDelivery' });
