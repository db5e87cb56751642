import {
  type ActionType,
  directionOf,
  inverseOf,
  newestFirst,
  restoreOrder,
  type RestoreType,
} from '../../domain/reversibility';
import type { RunStarter } from '../../domain/runs';
import { lockConnection } from './connection-locks';
import { newId } from './ids';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

export interface UndoableAction {
  id: string;
  runId: string;
  seq: number;
  actionType: ActionType | RestoreType;
  itemType: string;
  uri: string;
  playlistId: string | null;
  name: string;
  losses: string[];
  approximate: boolean;
  addedAt: string | null;
}

export interface RawUndoable {
  id: string;
  run_id: string;
  seq: number;
  action_type: ActionType | RestoreType;
  item_type: string;
  uri: string;
  playlist_id: string | null;
  name: string;
  losses: string[];
  approximate: boolean;
  added_at: string | null;
}

/** Columns of `UndoableAction`, of actions named `a`. */
export const undoableColumns = `a.id, a.run_id, a.seq, a.action_type, a.item_type, a.uri, a.playlist_id, a.name, a.losses, a.approximate, a.before->>'addedAt' as added_at`;

/**
 * Which actions, named `a`, can be taken back (a playlist that was made at Apple Music cannot): applied and not undone, those whose
 * outcome is unknown, which a rollback looks at before it does anything, and a list that was begun.
 */
export const canBeUndone = `(a.action_type <> 'copy_playlist' and (a.status in ('applied', 'undo_failed')
  or a.status = 'failed' and (a.outcome_code = 'outcome_unknown' or a.action_type = 'list_removed_likes' and a.playlist_id is not null)))`;

export const undoableOf = (row: RawUndoable): UndoableAction => ({
  id: row.id,
  runId: row.run_id,
  seq: row.seq,
  actionType: row.action_type,
  itemType: row.item_type,
  uri: row.uri,
  playlistId: row.playlist_id,
  name: row.name,
  // What was put back goes without a trace.
  losses: directionOf(row.action_type) === 'put_back' ? [] : row.losses,
  approximate: row.approximate && directionOf(row.action_type) === 'take_out',
  addedAt: row.added_at,
});

/** The actions of a run that can be taken back, all or those named, in the journal's order. */
export async function undoableActions(
  em: EntityManager,
  runId: string,
  actionIds: readonly string[] | null,
): Promise<UndoableAction[]> {
  const rows = await em.execute<RawUndoable[]>(
    `select ${undoableColumns} from actions a
     where a.run_id = ? and ${canBeUndone} and (?::jsonb is null or a.id::text in (select jsonb_array_elements_text(?::jsonb))) order by a.seq`,
    [runId, actionIds && JSON.stringify(actionIds), actionIds && JSON.stringify(actionIds)],
  );
  return rows.map(undoableOf);
}

/** Newest first, but saved items oldest first, so that what was on top of a list ends up on top again. */
function undoOrder(actions: readonly UndoableAction[]): UndoableAction[] {
  const saved = actions.filter((action) => action.playlistId === null);
  const inPlaylists = actions.filter((action) => action.playlistId !== null);
  return [...restoreOrder(saved), ...newestFirst(inPlaylists).reverse()];
}

export interface NewRollback {
  userId: string;
  connectionId: string;
  provider: string;
  epoch: number;
  /** Of one run or of several, all at this connection. */
  actions: readonly UndoableAction[];
  /** The person, where nothing is said. */
  startedBy?: RunStarter;
  requestId: string | null;
}

/** Writes a rollback run with its actions, its lock, its job and the start of its workflow into the caller's transaction. */
export async function createRollback(
  tx: EntityManager,
  rollback: NewRollback,
): Promise<{ runId: string; jobId: string; outboxId: string }> {
  const id = newId();
  const jobId = newId();
  const runIds = [...new Set(rollback.actions.map((action) => action.runId))].sort();
  await tx.execute(
    `insert into runs (id, user_id, connection_id, job_id, run_type, rollback_of, status, started_by, epoch) values (?, ?, ?, ?, 'rollback', array(select (jsonb_array_elements_text(?::jsonb))::uuid), 'queued', ?, ?)`,
    [
      id,
      rollback.userId,
      rollback.connectionId,
      jobId,
      JSON.stringify(runIds),
      rollback.startedBy ?? 'person',
      rollback.epoch,
    ],
  );
  await lockConnection(tx, rollback.connectionId, id);
  const rows = undoOrder(rollback.actions).map((action, seq) => ({
    id: newId(),
    seq,
    undoes_id: action.id,
    action_type: inverseOf(action.actionType),
    item_type: action.itemType,
    uri: action.uri,
    playlist_id: action.playlistId,
    name: action.name,
    losses: action.losses,
    approximate: action.approximate,
  }));
  await tx.execute(
    `insert into actions (id, run_id, seq, undoes_id, action_type, item_type, uri, playlist_id, name, losses, approximate, artist_ids)
     select r.id, ?, r.seq, r.undoes_id, r.action_type, r.item_type, r.uri, r.playlist_id, r.name, array(select jsonb_array_elements_text(r.losses)), r.approximate, u.artist_ids
     from jsonb_to_recordset(?::jsonb) as r(id uuid, seq int, undoes_id uuid, action_type text, item_type text, uri text, playlist_id text, name text, losses jsonb, approximate boolean)
     join actions u on u.id = r.undoes_id`,
    [id, JSON.stringify(rows)],
  );
  const { outboxId } = createJob(tx, {
    id: jobId,
    type: 'rollback',
    userId: rollback.userId,
    subjectType: 'run',
    subjectId: id,
    provider: rollback.provider,
    workflowType: 'rollback',
    workflowId: () => `run:${id}`,
    input: () => ({ runId: id, jobId }),
    total: rows.length,
    requestId: rollback.requestId,
  });
  return { runId: id, jobId, outboxId };
}
