import { z } from 'zod';
import { webhookEventTypes, type AnnouncementType } from '../../../domain/announcements';
import { momentQuery } from '../../moment-query';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';

const events = z.enum(webhookEventTypes as [AnnouncementType, ...AnnouncementType[]]);

export const webhookSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    events: z.array(events),
    failingSince: moment.nullable().meta({ description: 'Since when it has taken nothing.' }),
    disabled: z
      .object({ reason: z.enum(['gone', 'failing', 'by_owner']), at: moment })
      .nullable()
      .meta({ description: 'Why it is sent nothing any more; `PATCH` with `enabled: true` has it go on.' }),
    createdAt: moment,
  })
  .meta({ id: 'Webhook' });

export const newWebhookSchema = webhookSchema
  .extend({ secret: z.string().meta({ description: 'Shown this once; messages are signed with it.' }) })
  .meta({ id: 'NewWebhook' });

const deliveryStatuses = ['pending', 'delivered', 'failed', 'cancelled'] as const;
const failure = z.object({ code: z.string() }).nullable();

export const deliverySchema = z
  .object({
    id: z.uuid().meta({ description: 'The `webhook-id` of the message, the same at each try.' }),
    type: z.string(),
    status: z.enum(deliveryStatuses).meta({ description: 'By its last try.' }),
    attempts: z.int(),
    redeliveries: z.int().meta({ description: 'How often you had it sent once more.' }),
    lastStatus: z.int().nullable().meta({ description: 'HTTP status of the last answer, where there was one.' }),
    failure,
    createdAt: moment,
    attemptedAt: moment.nullable(),
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

export const deliveryWithTriesSchema = deliverySchema
  .extend({
    data: z.record(z.string(), z.union([z.string(), z.number()])).meta({ description: 'What the message holds.' }),
    tries: z.array(
      z.object({
        at: moment.meta({ description: 'When it ended.' }),
        seconds: z.number().meta({ description: 'How long the receiver took.' }),
        status: z.int().nullable(),
        failure,
      }),
    ),
  })
  .meta({ id: 'WebhookDeliveryWithTries' });

export const deliveriesQuery = pageQuery.extend({
  status: z.enum(deliveryStatuses).optional(),
  type: z.enum(['webhook.test', ...webhookEventTypes]).optional(),
  ...momentQuery,
});

export const webhookWithDeliveriesSchema = webhookSchema
  .extend({ deliveries: z.array(deliverySchema) })
  .meta({ id: 'WebhookWithDeliveries' });

const chosenEvents = z
  .array(events)
  .min(1)
  .transform((types) => [...new Set(types)]);

export const createWebhookSchema = z
  .object({
    url: z.string().trim().min(1).max(2000).meta({ description: 'https, on the public internet.' }),
    events: chosenEvents,
  })
  .meta({ id: 'CreateWebhook' });

export const changeWebhookSchema = z
  .object({
    events: chosenEvents.optional(),
    enabled: z.boolean().optional().meta({ description: 'Whether it is sent anything.' }),
  })
  .meta({ id: 'ChangeWebhook' });

export const newSecretSchema = z
  .object({
    secret: z.string().meta({ description: 'Shown this once.' }),
    formerUntil: moment.meta({ description: 'Until when the secret before it signs as well.' }),
  })
  .meta({ id: 'NewWebhookSecret' });

export const startedDeliverySchema = z.object({ deliveryId: z.uuid() }).meta({ id: 'StartedDelivery' });
