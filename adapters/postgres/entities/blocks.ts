import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Artist, Track } from './catalog';
import { codes, counter, givenArtist, madeAt, moment } from './columns';
import { Connection } from './connections';
import { User } from './people';

/** What is to come of a block's end, and when that was begun; null while it has not ended. */
const ending = () => ({
  onExpiry: p.string().length(10).default('keep'),
  endedAt: moment().nullable(),
});

/** A person's decision that an artist stays out of their music. */
export const Block = defineEntity({
  name: 'Block',
  tableName: 'blocks',
  properties: {
    userId: p.manyToOne(User).mapToPk().primary().fieldName('user_id').deleteRule('cascade'),
    artistId: p.manyToOne(Artist).mapToPk().primary().fieldName('artist_id').deleteRule('cascade').index(),
    note: p.text().nullable(),
    tags: codes(),
    expiresAt: moment().nullable(),
    ...ending(),
    version: counter(),
    createdAt: madeAt(),
    updatedAt: madeAt(),
    givenArtistId: givenArtist(),
  },
  indexes: [{ properties: ['endedAt', 'expiresAt'] }, { properties: ['userId', 'createdAt', 'artistId'] }],
});
export type Block = InferEntity<typeof Block>;

/** A person's decision that one track stays out, whoever is on it. */
export const TrackBlock = defineEntity({
  name: 'TrackBlock',
  tableName: 'track_blocks',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade'),
    trackId: p.manyToOne(Track).mapToPk().fieldName('track_id').deleteRule('cascade').index(),
    expiresAt: moment().nullable(),
    ...ending(),
    createdAt: madeAt(),
  },
  indexes: [{ properties: ['endedAt', 'expiresAt'] }],
  uniques: [{ properties: ['userId', 'trackId'] }],
});
export type TrackBlock = InferEntity<typeof TrackBlock>;

/** A person's decision to keep an artist, a track or an album although something blocks it. */
export const Exception = defineEntity({
  name: 'Exception',
  tableName: 'exceptions',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade'),
    /** `artist`, `track` or `album`, with its id in the catalog. */
    subjectType: p.string().length(10),
    subjectId: p.uuid(),
    createdAt: madeAt(),
    givenArtistId: givenArtist(),
  },
  uniques: [{ properties: ['userId', 'subjectType', 'subjectId'] }],
});
export type Exception = InferEntity<typeof Exception>;

/** What a block that ended took out is to come back at one connection: once for each end of a block. */
export const BlockRestore = defineEntity({
  name: 'BlockRestore',
  tableName: 'block_restores',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.manyToOne(Connection).mapToPk().fieldName('connection_id').deleteRule('cascade'),
    /** `artist` or `track`, with its id in the catalog. */
    subjectType: p.string().length(10),
    subjectId: p.uuid(),
    /** When the block ended. */
    expiredAt: moment(),
    status: p.string().length(20).default('waiting'),
    /** Why it could not begin at the last try. */
    waitingReason: p.string().length(40).nullable(),
    nextTryAt: madeAt(),
    /** The rollback that was started. */
    runId: p.uuid().nullable(),
    createdAt: madeAt(),
    finishedAt: moment().nullable(),
  },
  uniques: [{ properties: ['connectionId', 'subjectType', 'subjectId', 'expiredAt'] }],
  indexes: [{ properties: ['finishedAt', 'nextTryAt'] }],
});
export type BlockRestore = InferEntity<typeof BlockRestore>;
