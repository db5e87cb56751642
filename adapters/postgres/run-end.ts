import { receiptOf } from '../../domain/receipt';
import {
  type ActionStatus,
  finalRunStatus,
  type RunCounts,
  runCountsByStatus,
  type RunStarter,
  type RunStatus,
  type RunType,
  undoneAtOnce,
} from '../../domain/runs';
import { announce } from './announcements';
import { audit } from './audit';
import { unlockConnection } from './connection-locks';
import { addMilestone, finishJob } from './jobs';
import { settleUnknown } from './journal';
import type { EntityManager } from './orm';
import { directionOfRun, knownObservations, type PartObservation } from './run-observations';
import { createRollback, undoableActions } from './rollbacks';
import type { SettledAction } from './run-state';

/** Counts of a run, from its actions. */
export async function countActions(em: EntityManager, runId: string): Promise<RunCounts> {
  const rows = await em.execute<{ status: ActionStatus; count: string }[]>(
    `select status, count(*) as count from actions where run_id = ? group by status`,
    [runId],
  );
  return runCountsByStatus(Object.fromEntries(rows.map((row) => [row.status, Number(row.count)])));
}

/** How a run ended. */
export interface RunEnd {
  provider: string;
  status: RunStatus;
  /** What its end itself settled: spared by a cancel, or of unknown outcome. */
  settled: SettledAction[];
  /** To start after the commit: a rollback, if any, and messages about the end. */
  outboxIds: string[];
}

interface RunRow {
  user_id: string;
  connection_id: string;
  provider: string;
  epoch: number;
  job_id: string;
  run_type: RunType;
  on_failure: string;
  cancelled: boolean;
  /** Whether its connection was taken away. */
  over: boolean;
  cancel_with_rollback: boolean;
  generation_id: string | null;
  observations: Record<string, PartObservation>;
  request_id: string | null;
}

/** Why a run ends whose connection was taken away. */
const disconnected = 'connection_disconnected';

/**
 * Ends a run in the caller's transaction: what a cancel or the loss of the connection spared is skipped, status and receipt are computed from the journal,
 * the connection is free again, the job is done. Where the person wants it undone (cancel with rollback, or `onFailure:
 * rollback` and something failed), the rollback is written in the same transaction. Does nothing to a run that has ended.
 */
export async function endRun(tx: EntityManager, runId: string, reason: string | null): Promise<RunEnd | null> {
  const rows = await tx.execute<RunRow[]>(
    `select r.user_id, r.connection_id, c.provider, r.epoch, r.job_id, r.run_type, r.on_failure, r.cancel_requested_at is not null as cancelled, c.epoch <> r.epoch as over,
       r.cancel_with_rollback, r.observations, j.request_id, (select p.generation_id from plans p where p.id = r.plan_id) as generation_id
     from runs r join connections c on c.id = r.connection_id left join jobs j on j.id = r.job_id
     where r.id = ? and r.finished_at is null for update of r`,
    [runId],
  );
  const run = rows[0];
  if (!run) return null;
  const failureCode = run.over ? disconnected : reason;
  const spared = run.cancelled || run.over ? await spare(tx, runId, run.over ? disconnected : 'cancelled') : [];
  const unknown = await settleUnknown(tx, runId);
  const counts = await countActions(tx, runId);
  const unresolved = unknown.length > 0 || (counts.pending > 0 && failureCode !== null);
  const status = unresolved ? 'needs_attention' : finalRunStatus(counts, run.cancelled || run.over, run.run_type);
  const known = await knownObservations(tx, {
    id: runId,
    connectionId: run.connection_id,
    direction: await directionOfRun(tx, runId),
    generationId: run.generation_id,
  });
  const observations = { ...known, ...run.observations };
  const receipt = receiptFrom(Object.values(observations));
  await tx.execute(
    `update runs set status = ?, failure_code = ?, observations = ?::jsonb, receipt = ?::jsonb, waiting_reason = null, waiting_until = null, finished_at = now(), fence = fence + 1 where id = ?`,
    [status, failureCode, JSON.stringify(observations), JSON.stringify(receipt), runId],
  );
  await unlockConnection(tx, runId);
  await addMilestone(tx, run.job_id, `${run.run_type}_${status}`, {
    applied: counts.applied,
    skipped: counts.skipped,
    failed: counts.failed,
  });
  const jobStatus =
    status === 'cancelled' ? 'cancelled' : status === 'failed' || status === 'needs_attention' ? 'failed' : 'completed';
  await finishJob(tx, run.job_id, jobStatus, jobFailure(jobStatus, failureCode, run));
  const { on_failure: onFailure, cancelled, cancel_with_rollback: cancelWithRollback } = run;
  const undoneBy = undoneAtOnce({ onFailure, cancelled, cancelWithRollback }, counts);
  const undoable = undoneBy !== null && !run.over && run.run_type !== 'rollback';
  const rollback = undoable ? await startUndo(tx, runId, run, undoneBy) : null;
  const messages = await announce(tx, run.user_id, { type: 'run.finished', params: { runId, status } });
  const outboxIds = rollback === null ? messages : [rollback, ...messages];
  return { provider: run.provider, status, settled: [...spared, ...unknown], outboxIds };
}

/** What was not begun is skipped. */
async function spare(tx: EntityManager, runId: string, code: string): Promise<SettledAction[]> {
  const rows = await tx.execute<{ action_type: string }[]>(
    `update actions set status = 'skipped', outcome_code = ?, updated_at = now() where run_id = ? and status = 'pending' returning action_type`,
    [code, runId],
  );
  return rows.map((row) => ({ type: row.action_type, outcome: 'skipped' }));
}

/** A job that ended because its connection was taken away says so, also where it is not a failure. */
function jobFailure(status: string, failureCode: string | null, { over }: RunRow): string | null {
  if (status === 'failed') return failureCode ?? 'actions_failed';
  return over && status === 'cancelled' ? disconnected : null;
}

async function startUndo(tx: EntityManager, runId: string, run: RunRow, startedBy: RunStarter): Promise<string | null> {
  const actions = await undoableActions(tx, runId, null);
  if (actions.length === 0) return null;
  const rollback = await createRollback(tx, {
    userId: run.user_id,
    connectionId: run.connection_id,
    provider: run.provider,
    epoch: run.epoch,
    actions,
    startedBy,
    requestId: run.request_id,
  });
  audit(tx, {
    actorId: run.user_id,
    event: 'run.rollback_started',
    outcome: 'done',
    subjectType: 'run',
    subjectId: runId,
    details: { rollbackId: rollback.runId, startedBy, actions: actions.length },
    requestId: run.request_id,
  });
  return rollback.outboxId;
}

/**
 * A part whose length is not the expected one was changed by the person meanwhile, since each write was verified on its own;
 * what contradicts the journal is unexplained.
 */
function receiptFrom(parts: readonly PartObservation[]) {
  const contradicting = parts.reduce((sum, part) => sum + part.contradicting, 0);
  const receipt = receiptOf(
    parts.map((part) => ({
      expectedLength: part.observed,
      observedLength: part.observed,
      removed: part.removed,
      restored: part.restored,
    })),
  );
  const rated = parts.reduce((sum, part) => sum + (part.rated ?? 0), 0);
  return { ...receipt, unexplained: contradicting, ...(rated > 0 ? { rated } : {}) };
}
