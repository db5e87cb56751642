import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { codes, counter, madeAt, moment } from './columns';
import { User } from './people';

/** A streaming account that a person connected. */
export const Connection = defineEntity({
  name: 'Connection',
  tableName: 'connections',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    provider: p.string().length(20),
    /** The provider's immutable account id, or the connection's own where it has none; one account is connected to one person. */
    accountId: p.string().length(255),
    /** The id that playlists name as their owner. */
    accountUserId: p.string().length(255),
    accountName: p.text(),
    /** Which catalog the account sees (Apple Music). */
    storefront: p.string().length(2).nullable(),
    /** SHA-256 of the token that its person gave last, where the account itself has no id (Apple Music). */
    consentHash: p.string().length(64).nullable().unique(),
    /** The client id it was authorised through, and the quota that this client id uses. */
    clientId: p.string().length(255).index(),
    quota: p.string().length(60),
    health: p.string().length(20).default('healthy'),
    healthCode: p.string().length(40).nullable(),
    scopes: codes(),
    /** Grows when the account behind the connection is replaced or removed; work started under an older one must stop. */
    epoch: p.integer().default(1),
    generationId: p.uuid().nullable(),
    /** The generation whose sync reads this library now, if any. */
    syncJobId: p.uuid().nullable(),
    lastSyncedAt: moment().nullable(),
    consentedAt: madeAt(),
    /** When the person was told that this consent ends; older than the consent where it was another one. */
    consentWarnedAt: moment().nullable(),
    /** Since when its person has it taken away; from then on it is shown nowhere and nothing new is started on it. */
    disconnectingSince: moment().nullable(),
    version: counter(),
    createdAt: madeAt(),
  },
  uniques: [{ properties: ['provider', 'accountId'] }],
});
export type Connection = InferEntity<typeof Connection>;

/** The vault: tokens as JWE compact. `ownerId` is the connection's or identity's id, also inside each JWE. */
export const Credential = defineEntity({
  name: 'Credential',
  tableName: 'credentials',
  properties: {
    ownerId: p.uuid().primary(),
    ownerType: p.string().length(20),
    provider: p.string().length(20),
    accessToken: p.text(),
    refreshToken: p.text().nullable(),
    keyId: p.string().length(32).index(),
    accessExpiresAt: moment().nullable(),
    version: counter(),
    updatedAt: madeAt(),
    /** When it is looked at by itself; null where nothing would come of that. */
    nextCheckAt: moment().nullable().index(),
    /** When the provider last said something about it. */
    checkedAt: moment().nullable(),
    /** Who renews it now, and until when that counts if nothing more is heard of them. */
    leaseHolder: p.string().length(80).nullable(),
    leasedUntil: moment().nullable(),
  },
});
export type Credential = InferEntity<typeof Credential>;

/** At most one run works on a connection at a time. */
export const ConnectionLock = defineEntity({
  name: 'ConnectionLock',
  tableName: 'connection_locks',
  properties: {
    connectionId: p.manyToOne(Connection).mapToPk().primary().fieldName('connection_id').deleteRule('cascade'),
    runId: p.uuid().index(),
    acquiredAt: madeAt(),
  },
});
export type ConnectionLock = InferEntity<typeof ConnectionLock>;

/** One gate per provider quota; all moments are the database's. */
export const ProviderGate = defineEntity({
  name: 'ProviderGate',
  tableName: 'provider_gates',
  properties: {
    quota: p.string().length(60).primary(),
    provider: p.string().length(20),
    /** Calls that may still be leased, refilled at the quota's rate. */
    tokens: p.double().default(0),
    refilledAt: madeAt(),
    closedUntil: moment().nullable(),
    closedByAdmin: p.boolean().default(false),
    /** True from a closing's end until the one probe came back. */
    halfOpen: p.boolean().default(false),
    probeUntil: moment().nullable(),
    lastRetryAfter: p.integer().nullable(),
    /** Moving average of how long a call takes, waits at the gate included, in milliseconds. */
    latencyMs: p.double().nullable(),
    updatedAt: madeAt(),
  },
});
export type ProviderGate = InferEntity<typeof ProviderGate>;

/** How long a provider takes for a kind of call: a moving average, waits at the gate left out. */
export const ProviderLatency = defineEntity({
  name: 'ProviderLatency',
  tableName: 'provider_latencies',
  properties: {
    provider: p.string().length(20).primary(),
    endpoint: p.string().length(60).primary(),
    latencyMs: p.double(),
    calls: p.integer().default(0),
    updatedAt: madeAt(),
  },
});
export type ProviderLatency = InferEntity<typeof ProviderLatency>;

/** How calls of a kind went in an hour, over all processes. */
export const ProviderCallHour = defineEntity({
  name: 'ProviderCallHour',
  tableName: 'provider_call_hours',
  properties: {
    hour: moment().primary(),
    provider: p.string().length(20).primary(),
    endpoint: p.string().length(60).primary(),
    /** `ok` or the class of the failure. */
    outcome: p.string().length(30).primary(),
    calls: p.integer(),
    /** Of all of them together, waits at the gate left out. */
    seconds: p.double(),
  },
});
export type ProviderCallHour = InferEntity<typeof ProviderCallHour>;

/** Who waits for calls of a quota, and who was served when. Gone some minutes after the last call. */
export const ProviderGateTurn = defineEntity({
  name: 'ProviderGateTurn',
  tableName: 'provider_gate_turns',
  properties: {
    quota: p.string().length(60).primary(),
    /** A connection, or zeros for all who call without one. */
    party: p.uuid().primary(),
    servedAt: moment().nullable(),
    /** Until when their turn is kept for them; null where they have what they wanted. */
    wantedUntil: moment().nullable(),
  },
});
export type ProviderGateTurn = InferEntity<typeof ProviderGateTurn>;
