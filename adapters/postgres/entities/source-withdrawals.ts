import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';
import { User } from './people';

/** That a list or an offense stopped blocking artists, by a decision or its owner's doing. */
export const SourceWithdrawal = defineEntity({
  name: 'SourceWithdrawal',
  tableName: 'source_withdrawals',
  properties: {
    id: p.uuid().primary(),
    kind: p.string().length(10).$type<'list' | 'category'>(),
    /** Kept without a reference, as all that follows: the list may be gone since. */
    listId: p.uuid().nullable(),
    category: p.string().length(40).nullable(),
    offenseId: p.uuid().nullable(),
    artistIds: p.array().columnType('uuid[]'),
    /** What the journal calls it: see `sourceKeys`. */
    keys: p.array().columnType('text[]'),
    decisionId: p.uuid().nullable(),
    madeAt: madeAt(),
    /** When those were found whose libraries were changed because of it. */
    gatheredAt: moment().nullable(),
  },
  indexes: [
    {
      name: 'source_withdrawals_due',
      expression: `create index source_withdrawals_due on source_withdrawals (id) where gathered_at is null`,
    },
  ],
});
export type SourceWithdrawal = InferEntity<typeof SourceWithdrawal>;

/** That a person's library was changed because of a source that was withdrawn, and whether they were told. */
export const WithdrawalNotice = defineEntity({
  name: 'WithdrawalNotice',
  tableName: 'withdrawal_notices',
  properties: {
    id: p.uuid().primary(),
    withdrawalId: p.manyToOne(SourceWithdrawal).mapToPk().fieldName('withdrawal_id').deleteRule('cascade'),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    /** When it was judged what could come back; null until then. */
    settledAt: moment().nullable(),
    /** How much could; nobody was told where that is 0. */
    actions: p.integer().default(0),
  },
  uniques: [{ properties: ['withdrawalId', 'userId'] }],
  indexes: [
    {
      name: 'withdrawal_notices_due',
      expression: `create index withdrawal_notices_due on withdrawal_notices (id) where settled_at is null`,
    },
  ],
});
export type WithdrawalNotice = InferEntity<typeof WithdrawalNotice>;
