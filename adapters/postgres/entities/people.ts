import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { SuspensionEnding } from '../../../domain/roles';
import { counter, madeAt, moment } from './columns';

/** A person who signed in at least once. */
export const User = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    displayName: p.text(),
    email: p.type('citext').columnType('citext').$type<string>().nullable().index(),
    settings: p.json<Record<string, unknown>>().defaultRaw("'{}'"),
    version: counter(),
    createdAt: madeAt(),
    /** Whom this person was merged into: their sign-in accounts lead there, and this row goes when the day to undo it is over. */
    mergedInto: p.uuid().nullable().index(),
  },
});
export type User = InferEntity<typeof User>;

/** A role that a person holds; read on each request. */
export const UserRole = defineEntity({
  name: 'UserRole',
  tableName: 'user_roles',
  properties: {
    userId: p.manyToOne(User).mapToPk().primary().fieldName('user_id').deleteRule('cascade'),
    role: p.string().length(20).primary(),
    grantedAt: madeAt(),
  },
});
export type UserRole = InferEntity<typeof UserRole>;

/**
 * That a person is, or was, kept from all but undoing, exporting, appealing and leaving. Whoever decided may have left since, so
 * their ids are kept without a reference.
 */
export const UserSuspension = defineEntity({
  name: 'UserSuspension',
  tableName: 'user_suspensions',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    /** As its person reads it. */
    reason: p.text(),
    suspendedBy: p.uuid(),
    /** With its statement of reasons; those from before there were decisions have none. */
    decisionId: p.uuid().nullable(),
    suspendedAt: madeAt(),
    /** When it ends by itself. */
    until: moment().nullable(),
    endedAt: moment().nullable(),
    ending: p.string().length(10).$type<SuspensionEnding>().nullable(),
    liftedBy: p.uuid().nullable(),
    liftReason: p.text().nullable(),
  },
  indexes: [
    {
      name: 'user_suspensions_one_open',
      expression: 'create unique index user_suspensions_one_open on user_suspensions (user_id) where ended_at is null',
    },
    {
      name: 'user_suspensions_due',
      expression: 'create index user_suspensions_due on user_suspensions (until) where ended_at is null',
    },
  ],
});
export type UserSuspension = InferEntity<typeof UserSuspension>;

/** A sign-in account at Google, Apple or GitHub; `subject` is the provider's stable id. */
export const Identity = defineEntity({
  name: 'Identity',
  tableName: 'identities',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    provider: p.string().length(20),
    subject: p.string().length(255),
    email: p.type('citext').columnType('citext').$type<string>().nullable().index(),
    emailVerified: p.boolean().default(false),
    /** A relay address, made for us alone. */
    emailPrivate: p.boolean().default(false),
    /** As the provider said it last. */
    name: p.text().nullable(),
    createdAt: madeAt(),
    lastUsedAt: madeAt(),
  },
  uniques: [{ properties: ['provider', 'subject'] }],
});
export type Identity = InferEntity<typeof Identity>;

/** A browser's session. Only the SHA-256 of its token is kept. */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    tokenHash: p.string().length(64).unique(),
    userAgent: p.string().length(200).nullable(),
    createdAt: madeAt(),
    lastSeenAt: madeAt(),
    expiresAt: moment(),
  },
});
export type Session = InferEntity<typeof Session>;

/** A personal access token for programs. Only the SHA-256 of it is kept. */
export const PersonalToken = defineEntity({
  name: 'PersonalToken',
  tableName: 'personal_tokens',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    name: p.string().length(100),
    tokenHash: p.string().length(64).unique(),
    scopes: p.array().columnType('text[]'),
    createdAt: madeAt(),
    lastUsedAt: moment().nullable(),
    expiresAt: moment(),
  },
});
export type PersonalToken = InferEntity<typeof PersonalToken>;

/** One sign-in or connect flow: its state, what it needs to finish, and how it ended. */
export const OauthTransaction = defineEntity({
  name: 'OauthTransaction',
  tableName: 'oauth_transactions',
  properties: {
    id: p.uuid().primary(),
    provider: p.string().length(20),
    purpose: p.string().length(20),
    stateHash: p.string().length(64).unique(),
    cookieHash: p.string().length(64),
    /** Who started it, where somebody was signed in; the same person must finish it. */
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').nullable().index(),
    connectionId: p.uuid().nullable(),
    /** The client id that it goes through, where the provider knows several of ours; null for the configured one. */
    clientId: p.string().length(64).nullable(),
    returnTo: p.text(),
    redirectUri: p.text(),
    requestId: p.string().length(64).nullable(),
    /** JWE: state, verifier and nonce of the flow. */
    flowSecrets: p.text(),
    /** JWE: the parameters of the callback (code, state, iss). */
    callbackSecrets: p.text().nullable(),
    /** JWE: the token endpoint's raw answer. */
    rawAnswer: p.text().nullable(),
    status: p.string().length(20).default('started'),
    exchangeAttempts: p.integer().default(0),
    ambiguousAttempts: p.integer().default(0),
    /** 1 for a flow that replaced one whose code was consumed by a lost answer. */
    restarts: p.integer().default(0),
    errorCode: p.string().length(60).nullable(),
    resultUserId: p.uuid().nullable(),
    resultConnectionId: p.uuid().nullable(),
    resultJobId: p.uuid().nullable(),
    /** The merge that was offered where the identity turned out to be another person's. */
    resultMergeId: p.uuid().nullable(),
    createdAt: madeAt(),
    claimedAt: moment().nullable(),
    finishedAt: moment().nullable(),
    expiresAt: moment().index(),
  },
  indexes: [
    {
      name: 'oauth_transactions_with_details',
      expression:
        "create index oauth_transactions_with_details on oauth_transactions (expires_at) where cookie_hash <> ''",
    },
  ],
});
export type OauthTransaction = InferEntity<typeof OauthTransaction>;
