import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';
import { User } from './people';

/**
 * Two people who turned out to be one, from the offer to the end of the day in which it can be undone. The absorbed person's row
 * is removed at that end, so their id is kept without a reference.
 */
export const AccountMerge = defineEntity({
  name: 'AccountMerge',
  tableName: 'account_merges',
  properties: {
    id: p.uuid().primary(),
    survivorId: p.manyToOne(User).mapToPk().fieldName('survivor_id').deleteRule('cascade').index(),
    absorbedId: p.uuid().index(),
    /** The flow in which the survivor proved control of a sign-in account of the absorbed person; one offer a flow. */
    flowId: p.uuid().nullable().unique(),
    /** `offered, confirmed, merged, undoing, undone, final, failed`. */
    status: p.string().length(20).default('offered').index(),
    jobId: p.uuid().nullable(),
    undoJobId: p.uuid().nullable(),
    failureCode: p.string().length(60).nullable(),
    createdAt: madeAt(),
    /** Until when the offer can be confirmed. */
    expiresAt: moment(),
    confirmedAt: moment().nullable(),
    mergedAt: moment().nullable(),
    undoUntil: moment().nullable(),
    undoneAt: moment().nullable(),
    finalAt: moment().nullable(),
  },
});
export type AccountMerge = InferEntity<typeof AccountMerge>;

/** One row that a merge gave to the survivor: what undoing it gives back. */
export const AccountMergeMove = defineEntity({
  name: 'AccountMergeMove',
  tableName: 'account_merge_moves',
  properties: {
    mergeId: p.manyToOne(AccountMerge).mapToPk().primary().fieldName('merge_id').deleteRule('cascade'),
    tableName: p.string().length(40).primary(),
    rowId: p.uuid().primary(),
    /** Codes and counters that the merge changed besides the owner, as they were. */
    before: p.json<Record<string, unknown>>().nullable(),
  },
});
export type AccountMergeMove = InferEntity<typeof AccountMergeMove>;
