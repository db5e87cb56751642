import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Artist, Track } from './catalog';
import { codes, counter, madeAt, moment } from './columns';
import { User } from './people';

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
    version: counter(),
    createdAt: madeAt(),
    updatedAt: madeAt(),
  },
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
    createdAt: madeAt(),
  },
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
  },
  uniques: [{ properties: ['userId', 'subjectType', 'subjectId'] }],
});
export type Exception = InferEntity<typeof Exception>;
