import { ProviderError } from '../../domain/errors';
import { type Direction, directionOf } from '../../domain/reversibility';
import type { RunType } from '../../domain/runs';
import type { EntityManager } from './orm';

/** A run as the activity that works on it sees it. `fence` is this execution's number: a higher one in the row means that another took over. */
export interface RunState {
  id: string;
  userId: string;
  connectionId: string;
  provider: string;
  jobId: string;
  runType: RunType;
  direction: Direction;
  planId: string | null;
  generationId: string | null;
  /** The library of the file that it restores from. */
  fileGenerationId: string | null;
  epoch: number;
  fence: number;
  cancelRequested: boolean;
  /** True while only what was begun before a cancel is brought to its end. */
  finishing: boolean;
  finished: boolean;
  /** True where the connection was taken away since the run began: nothing more may be written for it. */
  over: boolean;
  accountUserId: string;
  onSettled?: OnSettled;
}

/** How an action can be settled. */
export const settledOutcomes = ['applied', 'skipped', 'failed'] as const;
export type SettledOutcome = (typeof settledOutcomes)[number];

/** An action that was settled, as it is counted. */
export interface SettledAction {
  type: string;
  outcome: SettledOutcome;
}

/** Told of what was settled at a provider, after it is saved. */
export type OnSettled = (provider: string, settled: readonly SettledAction[]) => void;

/** Another execution has taken the run over: this one must end without touching anything more. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
}

/** The run was cancelled: nothing new is begun. */
export class CancelledRunError extends Error {
  override readonly name = 'CancelledRunError';
}

/** Takes the run over from whatever execution worked on it before. Null where it is gone. */
export async function takeRun(em: EntityManager, runId: string, onSettled?: OnSettled): Promise<RunState | null> {
  const rows = await em.execute<
    {
      id: string;
      user_id: string;
      connection_id: string;
      provider: string;
      job_id: string;
      run_type: RunType;
      action_type: string | null;
      plan_id: string | null;
      generation_id: string | null;
      file_generation_id: string | null;
      epoch: number;
      fence: number;
      cancelled: boolean;
      finished: boolean;
      over: boolean;
      account_user_id: string;
    }[]
  >(
    `update runs r set fence = r.fence + 1, started_at = coalesce(r.started_at, now()), waiting_reason = null, waiting_until = null,
       status = case when r.finished_at is not null then r.status when r.cancel_requested_at is null then 'running' else 'cancelling' end
     from connections c where r.id = ? and c.id = r.connection_id
     returning r.id, r.user_id, r.connection_id, r.job_id, r.run_type, r.plan_id, r.epoch, r.fence, c.account_user_id, c.provider,
       (select a.action_type from actions a where a.run_id = r.id limit 1) as action_type,
       (select p.generation_id from plans p where p.id = r.plan_id) as generation_id,
       (select p.file_generation_id from plans p where p.id = r.plan_id) as file_generation_id,
       r.cancel_requested_at is not null as cancelled, r.finished_at is not null as finished, c.epoch <> r.epoch as over`,
    [runId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    userId: row.user_id,
    connectionId: row.connection_id,
    provider: row.provider,
    jobId: row.job_id,
    runType: row.run_type,
    direction: directionOf(row.action_type ?? ''),
    planId: row.plan_id,
    generationId: row.generation_id,
    fileGenerationId: row.file_generation_id,
    epoch: row.epoch,
    fence: row.fence,
    cancelRequested: row.cancelled,
    finishing: row.cancelled,
    finished: row.finished,
    over: row.over,
    accountUserId: row.account_user_id,
    onSettled,
  };
}

/**
 * To be asked right before each write is sent, since a call may have stood in a gate's queue for long. Throws ProviderError
 * `forbidden`, code `connection_disconnected`: nothing was sent.
 */
export async function requireEpoch(
  em: EntityManager,
  { connectionId, epoch }: Pick<RunState, 'connectionId' | 'epoch'>,
): Promise<void> {
  const rows = await em
    .fork()
    .execute<{ id: string }[]>(`select id from connections where id = ? and epoch = ?`, [connectionId, epoch]);
  if (rows.length === 0) throw new ProviderError('forbidden', { code: 'connection_disconnected' });
}

/**
 * Checks under the run's row lock that this execution still has the run. What was done may be saved whatever became of the
 * connection; something new is begun only on the one that the run started with.
 */
export async function hold(
  tx: EntityManager,
  run: RunState,
  purpose: 'begin' | 'save',
): Promise<{ cancelled: boolean }> {
  const rows = await tx.execute<{ fence: number; cancelled: boolean; epoch: number | null }[]>(
    `select r.fence, r.cancel_requested_at is not null as cancelled, (select c.epoch from connections c where c.id = r.connection_id) as epoch
     from runs r where r.id = ? for update`,
    [run.id],
  );
  const row = rows[0];
  if (!row || row.fence !== run.fence) throw new SupersededError();
  if (purpose === 'begin' && row.epoch !== run.epoch) throw new SupersededError();
  return { cancelled: row.cancelled };
}

/** Counts provider calls at the run. */
export async function countCalls(em: EntityManager, runId: string, calls: number): Promise<void> {
  await em.execute(`update runs set provider_calls = provider_calls + ? where id = ?`, [calls, runId]);
}
