import type { Rating } from '../../domain/apple-music-rating';
import type { EntityManager } from './orm';
import { CancelledRunError, hold, type RunState, type SettledAction, type SettledOutcome } from './run-state';

/** One line of the journal, as far as doing it needs. */
export interface OpenAction {
  id: string;
  seq: number;
  actionType: string;
  itemType: string;
  uri: string;
  name: string;
  playlistId: string | null;
  status: 'pending' | 'applying';
  attempt: number;
  /**
   * What was there before the first attempt; null until then. In a rollback: what the undone action found. Where a file is restored
   * from: absent, with the date and the places that it has in the file.
   */
  before: ActionBefore | null;
  undoesId: string | null;
}

export interface ActionBefore {
  present: boolean;
  addedAt?: string | null;
  /** Zero-based places in the playlist. */
  positions?: number[];
  /** At Apple Music: how it was rated, null for not at all. */
  rating?: Rating;
  /** Of a copy of a playlist: the tracks that it is to hold, and how many of them were sent at most. */
  copy?: { uris: string[]; sent: number };
}

/** How one action ended. */
export interface ActionOutcome {
  id: string;
  status: SettledOutcome;
  code: string;
  /** Replaces what the plan expected, where something else was seen. */
  losses?: string[];
  approximate?: boolean;
  /** Something changed between our look and our write: what else left with it was not noted. */
  unrecorded?: boolean;
}

/** Actions that are not settled, in the journal's order. */
export async function openActions(em: EntityManager, runId: string): Promise<OpenAction[]> {
  const rows = await em.execute<
    {
      id: string;
      seq: number;
      action_type: string;
      item_type: string;
      uri: string;
      name: string;
      playlist_id: string | null;
      status: OpenAction['status'];
      attempt: number;
      before: ActionBefore | null;
      undoes_id: string | null;
    }[]
  >(
    `select a.id, a.seq, a.action_type, a.item_type, a.uri, a.name, a.playlist_id, a.status, a.attempt, a.undoes_id, coalesce(a.before, u.before) as before
     from actions a left join actions u on u.id = a.undoes_id
     where a.run_id = ? and a.status in ('pending', 'applying') order by a.seq`,
    [runId],
  );
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    actionType: row.action_type,
    itemType: row.item_type,
    uri: row.uri,
    name: row.name,
    playlistId: row.playlist_id,
    status: row.status,
    attempt: row.attempt,
    before: row.before,
    undoesId: row.undoes_id,
  }));
}

/**
 * Saves, before the provider is called, what each action of the batch found and that it is on its way. After this commit a
 * crash leaves `applying` actions, which the next execution resolves by reading back. What one on its way found before stays; one
 * that was taken back from its way, or is tried anew, has found something of its own.
 * Throws SupersededError, or CancelledRunError where nothing of this batch had been begun.
 */
export async function intend(
  em: EntityManager,
  run: RunState,
  actions: readonly { id: string; before: ActionBefore; approximate?: boolean }[],
  alongside?: (tx: EntityManager) => Promise<void>,
): Promise<void> {
  await em.fork().transactional(async (tx) => {
    const { cancelled } = await hold(tx, run, 'begin');
    if (cancelled && !run.finishing) throw new CancelledRunError();
    await tx.execute(
      `update actions a set status = 'applying', attempt = a.attempt + 1,
         before = case when a.status = 'applying' then coalesce(a.before, r.before) else r.before end, approximate = a.approximate or r.approximate, updated_at = now()
       from jsonb_to_recordset(?::jsonb) as r(id uuid, before jsonb, approximate boolean) where a.id = r.id and a.run_id = ?`,
      [
        JSON.stringify(
          actions.map(({ id, before, approximate }) => ({ id, before, approximate: approximate ?? false })),
        ),
        run.id,
      ],
    );
    await alongside?.(tx);
  });
}

/**
 * Takes actions back from their way: the provider said that it did nothing, so they are as they were before. One whose
 * earlier attempt has an unknown outcome stays on its way, since that one may have landed.
 */
export async function release(em: EntityManager, run: RunState, actionIds: readonly string[]): Promise<void> {
  await em.fork().transactional(async (tx) => {
    await hold(tx, run, 'save');
    await tx.execute(
      `update actions set status = case when attempt <= 1 then 'pending' else status end, attempt = attempt - 1, updated_at = now()
       where run_id = ? and status = 'applying' and id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
      [run.id, JSON.stringify(actionIds)],
    );
  });
}

/**
 * Saves how actions ended, in one transaction with whatever belongs to it: the undone action of a rollback, the job's
 * progress, and what `alongside` writes. An action that was settled before stays as it is. The run's `onSettled` hears of it after
 * the commit.
 */
export async function settle(
  em: EntityManager,
  run: RunState,
  outcomes: readonly ActionOutcome[],
  alongside?: (tx: EntityManager) => Promise<void>,
): Promise<void> {
  const saved = await em.fork().transactional(async (tx) => {
    await hold(tx, run, 'save');
    let settled: SettledRow[] = [];
    if (outcomes.length > 0) {
      settled = await tx.execute(
        `with settled as (
         update actions a set status = r.status, outcome_code = r.code, losses = case when r.losses is null then a.losses else array(select jsonb_array_elements_text(r.losses)) end
             || case when r.unrecorded then array['unrecorded'] else '{}' end,
           approximate = a.approximate or coalesce(r.approximate, false), applied_at = case when r.status = 'applied' then now() end, updated_at = now()
         from jsonb_to_recordset(?::jsonb) as r(id uuid, status text, code text, losses jsonb, approximate boolean, unrecorded boolean)
         where a.id = r.id and a.run_id = ? and a.status in ('pending', 'applying') returning a.id, a.undoes_id, a.status, a.action_type
       ), counted as (
         update jobs set done = done + (select count(*) from settled), updated_at = now() where id = ? and finished_at is null
       ) select * from settled`,
        [JSON.stringify(outcomes), run.id, run.jobId],
      );
      await markUndone(tx, settled);
    }
    await alongside?.(tx);
    return settled.map((row) => ({ type: row.action_type, outcome: row.status }));
  });
  run.onSettled?.(run.provider, saved);
}

/**
 * For the end of a run that cannot look any more: what is still on its way has failed as `outcome_unknown`. A rollback takes
 * such actions along, since they may have been done. Returns them.
 */
export async function settleUnknown(tx: EntityManager, runId: string): Promise<SettledAction[]> {
  const rows = await tx.execute<SettledRow[]>(
    `update actions set status = 'failed', outcome_code = 'outcome_unknown', updated_at = now()
     where run_id = ? and status = 'applying' returning undoes_id, status, action_type`,
    [runId],
  );
  await markUndone(tx, rows);
  return rows.map((row) => ({ type: row.action_type, outcome: row.status }));
}

interface SettledRow {
  undoes_id: string | null;
  status: SettledOutcome;
  action_type: string;
}

/** What a rollback did to an action shows at that action: back (by us or by the person), or not. */
async function markUndone(tx: EntityManager, settled: readonly SettledRow[]): Promise<void> {
  const undone = settled.filter((row) => row.undoes_id !== null);
  if (undone.length === 0) return;
  await tx.execute(
    `update actions a set status = case when r.status = 'failed' then 'undo_failed' else 'undone' end, updated_at = now()
     from jsonb_to_recordset(?::jsonb) as r(undoes_id uuid, status text) where a.id = r.undoes_id`,
    [JSON.stringify(undone)],
  );
}
