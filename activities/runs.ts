import { audit } from '../adapters/postgres/audit';
import { closeJobsWithout } from '../adapters/postgres/disconnection-end';
import type { MikroORM } from '../adapters/postgres/orm';
import { endRun, type RunEnd } from '../adapters/postgres/run-end';
import type { Dispatcher } from '../adapters/temporal/dispatch';

export interface RunDeps {
  orm: MikroORM;
  dispatcher: Dispatcher;
  onRunEnd?: (end: RunEnd) => void;
}

/** The beginning of a run's end, and its end. */
export function createRunActivities(deps: RunDeps) {
  return {
    /** Records that a person wants the run stopped. A run that has ended stays as it is. */
    async requestCancel({
      runId,
      rollback,
      actorId,
    }: {
      runId: string;
      rollback: boolean;
      actorId: string;
    }): Promise<{ accepted: boolean }> {
      return deps.orm.em.fork().transactional(async (tx) => {
        const rows = await tx.execute<{ id: string }[]>(
          `update runs set cancel_requested_at = coalesce(cancel_requested_at, now()), cancel_with_rollback = cancel_with_rollback or ?, status = 'cancelling'
           where id = ? and finished_at is null returning id`,
          [rollback, runId],
        );
        const accepted = rows.length > 0;
        audit(tx, {
          actorId,
          event: 'run.cancel',
          outcome: accepted ? 'done' : 'denied',
          subjectType: 'run',
          subjectId: runId,
          details: { rollback },
        });
        return { accepted };
      });
    },

    /** Ends the run, frees its connection, and starts the rollback that was asked for and the messages about the end. */
    async finishRun({ runId, failureCode }: { runId: string; failureCode: string | null }): Promise<void> {
      const ended = await deps.orm.em.fork().transactional(async (tx) => {
        const end = await endRun(tx, runId, failureCode);
        if (!end) await closeJobsWithout(tx, 'run', runId);
        return end;
      });
      if (ended) deps.onRunEnd?.(ended);
      for (const outboxId of ended?.outboxIds ?? []) await deps.dispatcher.tryStart(outboxId);
    },
  };
}
