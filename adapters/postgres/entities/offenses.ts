import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { OffenseCategory, OffenseSeverity, OffenseStatus } from '../../../domain/offenses';
import { Artist } from './catalog';
import { counter, givenArtist, madeAt, moment } from './columns';
import { User } from './people';

/** What sources report of an artist, in one category. */
export const Offense = defineEntity({
  name: 'Offense',
  tableName: 'offenses',
  properties: {
    id: p.uuid().primary(),
    /** Who submitted it; null once they have left. */
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('set null').nullable().index(),
    artistId: p.manyToOne(Artist).mapToPk().fieldName('artist_id').deleteRule('cascade').index(),
    givenArtistId: givenArtist(),
    category: p.string().length(40).$type<OffenseCategory>(),
    severity: p.string().length(10).$type<OffenseSeverity>(),
    title: p.text(),
    description: p.text().nullable(),
    occurredFrom: p.date().nullable(),
    occurredUntil: p.date().nullable(),
    status: p.string().length(20).$type<OffenseStatus>().default('pending'),
    /** Until when moderation keeps it from taking effect. */
    restrictedUntil: moment().nullable(),
    version: counter(),
    createdAt: madeAt(),
    /** When its status last changed. */
    decidedAt: moment().nullable(),
  },
  indexes: [
    { properties: ['category', 'status', 'id'] },
    {
      name: 'offenses_that_count',
      expression: `create index offenses_that_count on offenses (category, artist_id) where status in ('sources_verified', 'contested')`,
    },
  ],
});
export type Offense = InferEntity<typeof Offense>;

/** A source that reports an offense, as it was when it was looked at. */
export const OffenseEvidence = defineEntity({
  name: 'OffenseEvidence',
  tableName: 'offense_evidence',
  properties: {
    id: p.uuid().primary(),
    offenseId: p.manyToOne(Offense).mapToPk().fieldName('offense_id').deleteRule('cascade').index(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('set null').nullable().index(),
    url: p.text(),
    title: p.text(),
    source: p.text(),
    excerpt: p.text(),
    publishedOn: p.date().nullable(),
    archivedUrl: p.text().nullable(),
    retrievedAt: moment(),
    /** SHA-256 of what was retrieved, or of the excerpt where nothing more was given; hexadecimal. */
    contentDigest: p.string().length(64),
    createdAt: madeAt(),
    /** When a moderator approved the entry with it; what was added since waits. */
    reviewedAt: moment().nullable(),
  },
});
export type OffenseEvidence = InferEntity<typeof OffenseEvidence>;

/** That a person goes by the verified offenses of a category. */
export const CategorySubscription = defineEntity({
  name: 'CategorySubscription',
  tableName: 'category_subscriptions',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade'),
    category: p.string().length(40).$type<OffenseCategory>().index(),
    createdAt: madeAt(),
  },
  uniques: [{ properties: ['userId', 'category'] }],
});
export type CategorySubscription = InferEntity<typeof CategorySubscription>;

/** That a person submits nothing for a time, or until a moderator ends it. Several can hold where accounts were merged. */
export const SubmissionMute = defineEntity({
  name: 'SubmissionMute',
  tableName: 'submission_mutes',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    /** As its person reads it. */
    reason: p.text(),
    until: moment().nullable(),
    /** Who decided are kept without a reference: they may leave. */
    mutedBy: p.uuid(),
    mutedAt: madeAt(),
    endedAt: moment().nullable(),
    endedBy: p.uuid().nullable(),
  },
});
export type SubmissionMute = InferEntity<typeof SubmissionMute>;
