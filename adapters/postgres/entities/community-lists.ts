import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type {
  ListVersionState,
  ListVisibility,
  NewEntriesChoice,
  SubscriptionFollows,
} from '../../../domain/community-lists';
import { Artist } from './catalog';
import { codes, counter, givenArtist, madeAt, moment } from './columns';
import { User } from './people';

/** A list of artists by a criterion that its owner states, for others to subscribe to. */
export const CommunityList = defineEntity({
  name: 'CommunityList',
  tableName: 'community_lists',
  properties: {
    id: p.uuid().primary(),
    /** Its owner; null once they have left. */
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('set null').nullable().index(),
    name: p.text(),
    description: p.text(),
    criteria: p.text(),
    visibility: p.string().length(10).$type<ListVisibility>(),
    /** What a private list is to become once a moderator has looked at it. */
    askedVisibility: p.string().length(10).$type<ListVisibility>().nullable(),
    /** The first version that others than its owner and curators may see; null while none. */
    openFrom: p.integer().nullable(),
    /** The number of the version that counts; null before the first one is published. */
    latestVersion: p.integer().nullable(),
    /** Since when moderation keeps it from taking effect, and until when; without an end until it is lifted. */
    restrictedAt: moment().nullable(),
    restrictedUntil: moment().nullable(),
    version: counter(),
    createdAt: madeAt(),
    updatedAt: madeAt(),
  },
  indexes: [{ properties: ['visibility', 'id'] }],
});
export type CommunityList = InferEntity<typeof CommunityList>;

/** What a list said at one time; its rows never change once it is published. */
export const ListVersion = defineEntity({
  name: 'ListVersion',
  tableName: 'list_versions',
  properties: {
    id: p.uuid().primary(),
    listId: p.manyToOne(CommunityList).mapToPk().fieldName('list_id').deleteRule('cascade'),
    number: p.integer(),
    state: p.string().length(12).$type<ListVersionState>(),
    /** What changed, in its publisher's words. */
    note: p.text().nullable(),
    /** Codes of the rules that flagged it. */
    flags: codes(),
    entries: p.integer(),
    added: p.integer(),
    removed: p.integer(),
    /** Kept without a reference: whoever published may have left since. */
    publishedBy: p.uuid(),
    createdAt: madeAt(),
    publishedAt: moment().nullable(),
  },
  uniques: [{ properties: ['listId', 'number'] }],
  indexes: [
    {
      name: 'list_versions_one_in_review',
      expression: `create unique index list_versions_one_in_review on list_versions (list_id) where state = 'in_review'`,
    },
  ],
});
export type ListVersion = InferEntity<typeof ListVersion>;

/** An artist who is or was on a list, once, whatever versions have them; moderation decides about it as a whole. */
export const ListEntry = defineEntity({
  name: 'ListEntry',
  tableName: 'list_entries',
  properties: {
    id: p.uuid().primary(),
    listId: p.manyToOne(CommunityList).mapToPk().fieldName('list_id').deleteRule('cascade'),
    artistId: p.manyToOne(Artist).mapToPk().fieldName('artist_id').deleteRule('cascade').index(),
    givenArtistId: givenArtist(),
    /** Since when moderation has it out of every version. */
    withdrawnAt: moment().nullable(),
    /** Until when moderation keeps it from taking effect. */
    restrictedUntil: moment().nullable(),
    createdAt: madeAt(),
  },
  indexes: [{ properties: ['listId', 'artistId'] }],
});
export type ListEntry = InferEntity<typeof ListEntry>;

/** That a version has an entry, and why. */
export const ListVersionEntry = defineEntity({
  name: 'ListVersionEntry',
  tableName: 'list_version_entries',
  properties: {
    versionId: p.manyToOne(ListVersion).mapToPk().primary().fieldName('version_id').deleteRule('cascade'),
    entryId: p.manyToOne(ListEntry).mapToPk().primary().fieldName('entry_id').deleteRule('cascade').index(),
    reason: p.text().nullable(),
  },
});
export type ListVersionEntry = InferEntity<typeof ListVersionEntry>;

/** That a person goes by a list. */
export const ListSubscription = defineEntity({
  name: 'ListSubscription',
  tableName: 'list_subscriptions',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade'),
    listId: p.manyToOne(CommunityList).mapToPk().fieldName('list_id').deleteRule('cascade'),
    follows: p.string().length(10).$type<SubscriptionFollows>(),
    newEntries: p.string().length(12).$type<NewEntriesChoice>(),
    /** The version that is pinned, or that the person has accepted; null: whatever is the latest. */
    listVersion: p.integer().nullable(),
    createdAt: madeAt(),
    updatedAt: madeAt(),
  },
  uniques: [{ properties: ['userId', 'listId'] }],
  indexes: [{ properties: ['listId', 'userId'] }],
});
export type ListSubscription = InferEntity<typeof ListSubscription>;
