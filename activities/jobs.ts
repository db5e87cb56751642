import { markWaiting } from '../adapters/postgres/jobs';
import type { MikroORM } from '../adapters/postgres/orm';
import type { WaitReason } from '../domain/slices';

export interface WaitNote {
  jobId: string;
  /** Set where the job is a run's. */
  runId: string | null;
  reason: WaitReason;
  seconds: number;
}

/** What a workflow tells the people who watch its job. */
export function createJobActivities(deps: { orm: MikroORM }) {
  return {
    /** Shows that the work waits, why, and until when. */
    async noteWaiting({ jobId, runId, reason, seconds }: WaitNote): Promise<void> {
      await deps.orm.em.fork().transactional(async (tx) => {
        await markWaiting(tx, jobId, reason, seconds);
        if (!runId) return;
        await tx.execute(
          `update runs set status = 'waiting', waiting_reason = ?, waiting_until = now() + make_interval(secs => ?)
           where id = ? and finished_at is null and cancel_requested_at is null`,
          [reason, seconds, runId],
        );
      });
    },
  };
}
