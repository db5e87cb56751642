import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';

/** What happened, by whom, to what; never a token, an e-mail address or a name. */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  properties: {
    id: p.uuid().primary(),
    actorId: p.uuid().nullable().index(),
    event: p.string().length(60),
    outcome: p.string().length(20),
    subjectType: p.string().length(30).nullable(),
    subjectId: p.uuid().nullable(),
    details: p.json<Record<string, string | number | boolean | null>>().defaultRaw("'{}'"),
    requestId: p.string().length(64).nullable(),
    createdAt: madeAt(),
  },
});
export type AuditEntry = InferEntity<typeof AuditEntry>;

/** The answer to a POST that starts something, kept for 24 hours under its Idempotency-Key. */
export const IdempotencyKey = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  properties: {
    userId: p.uuid().primary(),
    key: p.string().length(200).primary(),
    requestHash: p.string().length(64),
    status: p.integer().nullable(),
    body: p.json<Record<string, unknown>>().nullable(),
    location: p.text().nullable(),
    createdAt: madeAt(),
    expiresAt: moment().index(),
  },
});
export type IdempotencyKey = InferEntity<typeof IdempotencyKey>;
