import type { MikroORM } from '../adapters/postgres/orm';
import { dueNotices, gatherWithdrawal, tellOfWithdrawal } from '../adapters/postgres/source-withdrawals';
import { eachAlone } from './each-alone';
import { withPulse } from './pulse';

/** Tells people that what their libraries were changed by does not hold any more. */
export function createWithdrawalActivities({ orm }: { orm: MikroORM }) {
  return {
    /** Finds whom one withdrawal concerns; `more` says whether there was one. */
    async gatherWithdrawn(): Promise<{ more: boolean }> {
      return withPulse(async () => ({ more: await orm.em.fork().transactional(gatherWithdrawal) }));
    },

    /** Tells up to `people` of those who wait behind `after`; `last` is where to go on, null at the end. */
    async tellWithdrawn({
      after,
      people,
    }: {
      after: string | null;
      people: number;
    }): Promise<{ told: number; last: string | null }> {
      const em = orm.em.fork();
      const ids = await dueNotices(em, after, people);
      let told = 0;
      const { failure, failed } = await withPulse(() =>
        eachAlone(ids, async (id) => {
          if (await em.fork().transactional((tx) => tellOfWithdrawal(tx, id))) told += 1;
        }),
      );
      if (failure && failed === ids.length) throw failure;
      return { told, last: ids.length === people ? (ids.at(-1) ?? null) : null };
    },
  };
}
