import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ListedArtist, ProposalState } from '../../../domain/list-proposals';
import { CommunityList, ListVersion } from './community-lists';
import { madeAt, moment } from './columns';
import { User } from './people';

/** How many people came to a list and left it on one day (UTC). */
export const ListSubscriberDay = defineEntity({
  name: 'ListSubscriberDay',
  tableName: 'list_subscriber_days',
  properties: {
    listId: p.manyToOne(CommunityList).mapToPk().primary().fieldName('list_id').deleteRule('cascade'),
    day: p.date().primary(),
    gained: p.integer().default(0),
    lost: p.integer().default(0),
  },
});
export type ListSubscriberDay = InferEntity<typeof ListSubscriberDay>;

/** That a list's subscribers are told of a version, in the order of their ids, and how far that has come. */
export const ListVersionTelling = defineEntity({
  name: 'ListVersionTelling',
  tableName: 'list_version_tellings',
  properties: {
    versionId: p.manyToOne(ListVersion).mapToPk().primary().fieldName('version_id').deleteRule('cascade'),
    /** The last one who was told. */
    toldUntil: p.uuid().nullable(),
    createdAt: madeAt(),
    finishedAt: moment().nullable(),
  },
  indexes: [
    {
      name: 'list_version_tellings_open',
      expression: `create index list_version_tellings_open on list_version_tellings (created_at) where finished_at is null`,
    },
  ],
});
export type ListVersionTelling = InferEntity<typeof ListVersionTelling>;

/** Somebody who looks after a list beside its owner, once they have accepted to. */
export const ListCurator = defineEntity({
  name: 'ListCurator',
  tableName: 'list_curators',
  properties: {
    id: p.uuid().primary(),
    listId: p.manyToOne(CommunityList).mapToPk().fieldName('list_id').deleteRule('cascade'),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    createdAt: madeAt(),
    acceptedAt: moment().nullable(),
  },
  uniques: [{ properties: ['listId', 'userId'] }],
});
export type ListCurator = InferEntity<typeof ListCurator>;

/** What somebody wants changed on a list: artists with their reasons, and ids of artists. */
export const ListProposal = defineEntity({
  name: 'ListProposal',
  tableName: 'list_proposals',
  properties: {
    id: p.uuid().primary(),
    listId: p.manyToOne(CommunityList).mapToPk().fieldName('list_id').deleteRule('cascade'),
    /** Who proposed; null once they have left. */
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('set null').nullable().index(),
    state: p.string().length(10).$type<ProposalState>().default('open'),
    additions: p.json<ListedArtist[]>(),
    removals: p.json<string[]>(),
    note: p.text().nullable(),
    /** Kept without a reference. */
    decidedBy: p.uuid().nullable(),
    /** The number of the version that it became. */
    versionNumber: p.integer().nullable(),
    createdAt: madeAt(),
    decidedAt: moment().nullable(),
  },
  indexes: [{ properties: ['listId', 'state', 'id'] }],
});
export type ListProposal = InferEntity<typeof ListProposal>;
