import type { MikroORM } from '../adapters/postgres/orm';
import { endTurn, leftTurns } from '../adapters/postgres/scheduled-ends';
import { dueSchedules, takeTurn } from '../adapters/postgres/scheduled-starts';
import type { Dispatcher } from '../adapters/temporal/dispatch';
import type { UnattendedCap } from '../domain/unattended';
import { eachAlone } from './each-alone';

export interface ScheduleDeps {
  orm: MikroORM;
  dispatcher: Dispatcher;
  cap: UnattendedCap;
}

/** Enforcement that people switched on, and that nobody looks on at. */
export function createScheduleActivities(deps: ScheduleDeps) {
  async function endOne(scheduledId: string): Promise<void> {
    const outboxIds = await deps.orm.em.fork().transactional((tx) => endTurn(tx, scheduledId, deps.cap));
    for (const outboxId of outboxIds) await deps.dispatcher.tryStart(outboxId);
  }
  return {
    /** Takes the turns that have come, `limit` at most; `more` says whether there may be others. */
    async startDueSchedules({ limit }: { limit: number }): Promise<{ started: number; more: boolean }> {
      const em = deps.orm.em.fork();
      const ids = await dueSchedules(em, limit);
      let started = 0;
      const { failure, failed } = await eachAlone(ids, async (connectionId) => {
        const outboxId = await em.fork().transactional((tx) => takeTurn(tx, connectionId));
        if (outboxId === null) return;
        started += 1;
        await deps.dispatcher.tryStart(outboxId);
      });
      if (failure && failed === ids.length) throw failure;
      return { started, more: ids.length === limit && failed < limit };
    },

    /** Carries a turn's plan out, or gives it to its person. */
    async endScheduled({ scheduledId }: { scheduledId: string }): Promise<void> {
      await endOne(scheduledId);
    },

    /** The same for turns whose workflow was ended from outside, some seconds ago. */
    async endLeftScheduled({ olderThanSeconds, limit }: { olderThanSeconds: number; limit: number }): Promise<void> {
      const ids = await leftTurns(deps.orm.em.fork(), olderThanSeconds, limit);
      const { failure, failed } = await eachAlone(ids, endOne);
      if (failure && failed === ids.length) throw failure;
    },
  };
}
