import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { codes, madeAt, moment } from './columns';
import { User } from './people';

const owner = () => p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade');
/** Ids, enums, counts and times. */
const params = () => p.json<Record<string, string | number>>().defaultRaw("'{}'");

/** Something that a person is told live; kept for a week for those who were away. Ids of one person grow in the order of commits. */
export const PersonEvent = defineEntity({
  name: 'PersonEvent',
  tableName: 'person_events',
  properties: {
    id: p.bigint('number').primary(),
    userId: owner(),
    type: p.string().length(60),
    params: params(),
    createdAt: madeAt().index(),
  },
  indexes: [{ properties: ['userId', 'id'] }],
});
export type PersonEvent = InferEntity<typeof PersonEvent>;

/** What a person should know until they have read it: at most one unread of a type about a subject. */
export const Notification = defineEntity({
  name: 'Notification',
  tableName: 'notifications',
  properties: {
    id: p.uuid().primary(),
    userId: owner(),
    type: p.string().length(60),
    subjectId: p.uuid(),
    params: params(),
    createdAt: madeAt(),
    readAt: moment().nullable(),
  },
  indexes: [{ properties: ['userId', 'createdAt', 'id'] }],
});
export type Notification = InferEntity<typeof Notification>;

/** An address of a person's own that is told of what they chose. */
export const Webhook = defineEntity({
  name: 'Webhook',
  tableName: 'webhooks',
  properties: {
    id: p.uuid().primary(),
    userId: owner().index(),
    url: p.text(),
    events: codes(),
    /** Sealed; signs what is sent. */
    secret: p.text(),
    /** Sealed; those before it, with a space between, which sign as well until receivers have the new one. */
    formerSecret: p.text().nullable(),
    formerSecretUntil: moment().nullable(),
    /** Since when nothing has been taken, and how many tries that were. */
    failingSince: moment().nullable(),
    failures: p.integer().default(0),
    disabledReason: p.string().length(40).nullable(),
    disabledAt: moment().nullable(),
    createdAt: madeAt(),
  },
});
export type Webhook = InferEntity<typeof Webhook>;

/** One message for one webhook; its id is the message's, the same at each try. */
export const WebhookDelivery = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  properties: {
    id: p.uuid().primary(),
    webhookId: p.manyToOne(Webhook).mapToPk().fieldName('webhook_id').deleteRule('cascade'),
    type: p.string().length(60),
    params: params(),
    status: p.string().length(20).default('pending'),
    attempts: p.integer().default(0),
    /** HTTP status of the last answer, where there was one. */
    lastStatus: p.integer().nullable(),
    failureCode: p.string().length(60).nullable(),
    /** How often the person had it sent once more. */
    redeliveries: p.integer().default(0),
    createdAt: madeAt().index(),
    attemptedAt: moment().nullable(),
    finishedAt: moment().nullable(),
  },
  indexes: [{ properties: ['webhookId', 'id'] }],
});
export type WebhookDelivery = InferEntity<typeof WebhookDelivery>;

/** What came of one try of a message; nothing of what the receiver said but its status. */
export const WebhookAttempt = defineEntity({
  name: 'WebhookAttempt',
  tableName: 'webhook_attempts',
  properties: {
    id: p.uuid().primary(),
    deliveryId: p.manyToOne(WebhookDelivery).mapToPk().fieldName('delivery_id').deleteRule('cascade'),
    status: p.integer().nullable(),
    /** Null where the message was taken. */
    failureCode: p.string().length(60).nullable(),
    durationMs: p.integer(),
    createdAt: madeAt(),
  },
  indexes: [{ properties: ['deliveryId', 'id'] }],
});
export type WebhookAttempt = InferEntity<typeof WebhookAttempt>;
