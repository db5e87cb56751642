import { giveUpMerge } from '../adapters/postgres/account-merge-end';
import { carryOutMerge } from '../adapters/postgres/account-merge-moves';
import { carryOutUndo } from '../adapters/postgres/account-merge-undo';
import type { MikroORM } from '../adapters/postgres/orm';

export interface MergeInput {
  mergeId: string;
}

/** Makes two accounts one, and two again. Each step is one transaction and can be repeated. */
export function createAccountMergeActivities({ orm }: { orm: MikroORM }) {
  return {
    /** Gives the survivor what the absorbed person has. Throws `merge_not_possible` where something stands in the way. */
    mergeHoldings: ({ mergeId }: MergeInput) => orm.em.fork().transactional((tx) => carryOutMerge(tx, mergeId)),
    /** Gives back what the merge moved. Throws `merge_not_possible`. */
    partHoldings: ({ mergeId }: MergeInput) => orm.em.fork().transactional((tx) => carryOutUndo(tx, mergeId)),
    /** Closes what could not be carried out, and its job. */
    abandonMerge: ({ mergeId, code }: MergeInput & { code: string }) =>
      orm.em.fork().transactional((tx) => giveUpMerge(tx, mergeId, code)),
  };
}
