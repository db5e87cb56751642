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
    subjectId: p.uuid().nullable().index(),
    details: p.json<Record<string, string | number | boolean | null>>().defaultRaw("'{}'"),
    requestId: p.string().length(64).nullable(),
    createdAt: madeAt(),
  },
  indexes: [{ properties: ['createdAt', 'id'] }],
});
export type AuditEntry = InferEntity<typeof AuditEntry>;

/** A row's place in the audit's chain, and the code over it and all before it. No key refers to the row: it must be missed where it is gone. */
export const AuditSeal = defineEntity({
  name: 'AuditSeal',
  tableName: 'audit_seals',
  properties: {
    sequence: p.bigint('number').primary().autoincrement(false),
    entryId: p.uuid().unique(),
    keyId: p.string().length(32),
    mac: p.string().length(43),
    sealedAt: madeAt(),
  },
});
export type AuditSeal = InferEntity<typeof AuditSeal>;

/** Rows that have no seal yet; a trigger notes each one when it is written. */
export const UnsealedAuditEntry = defineEntity({
  name: 'UnsealedAuditEntry',
  tableName: 'audit_unsealed',
  properties: {
    entryId: p.uuid().primary(),
    /** SHA-256 of the row as it was written: what is changed before it is sealed, is sealed as changed. */
    digest: p.blob(),
    notedAt: madeAt(),
  },
});
export type UnsealedAuditEntry = InferEntity<typeof UnsealedAuditEntry>;

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
