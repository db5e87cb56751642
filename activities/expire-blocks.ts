import { endBlocks, peopleWithEndedBlocks } from '../adapters/postgres/block-ends';
import { beginRestore, dueRestores, putRestoreOff } from '../adapters/postgres/block-restores';
import type { MikroORM } from '../adapters/postgres/orm';
import type { Dispatcher } from '../adapters/temporal/dispatch';
import { DomainError } from '../domain/errors';
import { eachAlone } from './each-alone';

export interface ExpiryDeps {
  orm: MikroORM;
  dispatcher: Dispatcher;
}

/** Blocks of one person that one transaction ends. */
const blocksAtOnce = 50;

/** Ends temporary blocks, and brings back what they took out where their person wanted that. */
export function createExpiryActivities(deps: ExpiryDeps) {
  return {
    /** Ends blocks of up to `people` people; `more` says whether there are more to end. */
    async endExpiredBlocks({ people }: { people: number }): Promise<{ ended: number; more: boolean }> {
      const em = deps.orm.em.fork();
      const ids = await peopleWithEndedBlocks(em, people);
      let ended = 0;
      let full = ids.length === people;
      const { failure, failed } = await eachAlone(ids, async (userId) => {
        const count = await em.fork().transactional((tx) => endBlocks(tx, userId, blocksAtOnce));
        ended += count;
        full ||= count >= blocksAtOnce;
      });
      if (failure && failed === ids.length) throw failure;
      return { ended, more: full && ended > 0 };
    },

    /** Begins the rollbacks that are due, `limit` at most; `more` says whether there are more to try. */
    async restoreAfterExpiry({ limit }: { limit: number }): Promise<{ started: number; more: boolean }> {
      const em = deps.orm.em.fork();
      const ids = await dueRestores(em, limit);
      let started = 0;
      const { failure, failed } = await eachAlone(ids, async (id) => {
        try {
          const outboxId = await em.fork().transactional((tx) => beginRestore(tx, id));
          if (outboxId === null) return;
          started += 1;
          await deps.dispatcher.tryStart(outboxId);
        } catch (error) {
          await putRestoreOff(em, id);
          // A run that began at that moment is no fault.
          if (!(error instanceof DomainError)) throw error;
        }
      });
      if (failure && failed === ids.length) throw failure;
      return { started, more: ids.length === limit };
    },
  };
}
