import type { RunType } from '../../domain/runs';
import { DomainError } from '../../domain/errors';
import { runHref } from '../../domain/hrefs';
import { audit } from './audit';
import { lockConnection } from './connection-locks';
import { lockOwnConnection } from './connection-reads';
import { newId } from './ids';
import { createJob } from './jobs';
import type { EntityManager } from './orm';
import { requireUsable } from './plan-start';
import { lockRun, type RunRow } from './run-reads';
import { judgeAnewAfter } from './source-withdrawals';

/**
 * Tries again what a run of a person's could not do, in the caller's transaction. Throws DomainError: `not_found`,
 * `run_not_finished` and `connection_busy` with the run, `connection_unusable`, `nothing_to_retry`.
 */
export async function retryRun(
  tx: EntityManager,
  { userId, runId, requestId }: { userId: string; runId: string; requestId: string | null },
): Promise<{ runId: string; jobId: string; outboxId: string }> {
  const run = await lockRun(tx, { userId, id: runId });
  if (!run) throw new DomainError('not_found');
  if (!run.finishedAt) {
    const resource = { type: 'run', id: runId, href: runHref(runId) };
    throw new DomainError('run_not_finished', { resource });
  }
  const connection = await lockOwnConnection(tx, { userId, id: run.connectionId });
  if (!connection) throw new DomainError('not_found');
  requireUsable(connection);
  const reopened =
    run.undone === 'fully' ? null : await reopenRun(tx, { run, userId, epoch: connection.epoch, requestId });
  if (!reopened) throw new DomainError('nothing_to_retry');
  const { actions, jobId, outboxId } = reopened;
  audit(tx, {
    actorId: userId,
    event: 'run.retried',
    outcome: 'done',
    subjectType: 'run',
    subjectId: runId,
    details: { actions },
    requestId,
  });
  return { runId, jobId, outboxId };
}

/**
 * Opens an ended run again for what failed or was never tried, in the caller's transaction, which holds the run's row: those
 * actions are open, the connection is taken, and a new job starts the run's workflow once more over the same journal. An
 * action of unknown outcome counts as on its way, so that it is looked at before anything is done. A list of removed likes goes
 * on where some of them were not removed yet. Throws DomainError `connection_busy`.
 * @returns null where nothing is left to try
 */
export async function reopenRun(
  tx: EntityManager,
  { run, userId, epoch, requestId }: { run: RunRow; userId: string; epoch: number; requestId: string | null },
): Promise<{ jobId: string; outboxId: string; actions: number } | null> {
  await tx.execute(
    `update actions set status = case when outcome_code = 'outcome_unknown' then 'applying' else 'pending' end, outcome_code = null, updated_at = now()
      where run_id = ? and (status = 'failed' or action_type = 'list_removed_likes' and (status = 'applied' or outcome_code = 'nothing_removed')
        and exists (select from actions l where l.run_id = ? and l.action_type = 'unlike_track' and l.status = 'failed'))`,
    [run.id, run.id],
  );
  const open = await tx.execute<{ id: string }[]>(
    `select id from actions where run_id = ? and status in ('pending', 'applying')`,
    [run.id],
  );
  if (open.length === 0) return null;
  await judgeAnewAfter(tx, run.id);
  await lockConnection(tx, run.connectionId, run.id);
  const jobId = newId();
  await tx.execute(
    `update runs set job_id = ?, status = 'queued', epoch = ?, failure_code = null, receipt = null, cancel_requested_at = null,
       cancel_with_rollback = false, waiting_reason = null, waiting_until = null, finished_at = null
      where id = ?`,
    [jobId, epoch, run.id],
  );
  const { outboxId } = createJob(tx, {
    id: jobId,
    type: run.runType as RunType,
    userId,
    subjectType: 'run',
    subjectId: run.id,
    provider: run.provider,
    workflowType: run.runType === 'rollback' ? 'rollback' : 'enforce',
    workflowId: () => `run:${run.id}`,
    input: () => ({ runId: run.id, jobId }),
    total: open.length,
    requestId,
    retryOf: run.jobId,
  });
  return { jobId, outboxId, actions: open.length };
}
