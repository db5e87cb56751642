import { type ActionStatus, type RunCounts, runCountsByStatus, type UndoneState } from '../../domain/runs';
import { momentOf } from './moment-of';
import type { EntityManager } from './orm';

/** A run as its person sees it; the counts come from its actions. */
export interface RunRow {
  id: string;
  runType: string;
  startedBy: string;
  status: string;
  undone: UndoneState;
  connectionId: string;
  provider: string;
  epoch: number;
  jobId: string;
  planId: string | null;
  rollbackOf: string[];
  rolledBackBy: string[];
  onFailure: string;
  counts: RunCounts;
  receipt: Record<string, number> | null;
  waiting: { reason: string; until: Date | null } | null;
  failureCode: string | null;
  providerCalls: number;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

interface RawRun {
  id: string;
  run_type: string;
  started_by: string;
  status: string;
  connection_id: string;
  provider: string;
  epoch: number;
  job_id: string;
  plan_id: string | null;
  rollback_of: string[];
  rolled_back_by: string[];
  on_failure: string;
  receipt: Record<string, number> | null;
  waiting_reason: string | null;
  waiting_until: string | null;
  failure_code: string | null;
  provider_calls: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

const columns = `r.id, r.run_type, r.started_by, r.status, r.connection_id, c.provider, c.epoch, r.job_id, r.plan_id, r.rollback_of, r.on_failure, r.receipt,
  r.waiting_reason, r.waiting_until, r.failure_code, r.provider_calls, r.created_at, r.started_at, r.finished_at,
  array(select b.id from runs b where b.connection_id = r.connection_id and b.run_type = 'rollback' and r.id = any(b.rollback_of) order by b.id) as rolled_back_by`;

export interface RunPage {
  userId: string;
  connectionId: string | null;
  runType: string | null;
  limit: number;
  after: string | null;
}

/** A person's runs, newest first, after the one named. */
export async function listRuns(em: EntityManager, page: RunPage): Promise<RunRow[]> {
  const rows = await em.execute<RawRun[]>(
    `select ${columns} from runs r join connections c on c.id = r.connection_id where r.user_id = ?
       and (?::uuid is null or r.connection_id = ?::uuid) and (?::text is null or r.run_type = ?)
       and (?::uuid is null or r.id < ?::uuid) order by r.id desc limit ?`,
    [page.userId, page.connectionId, page.connectionId, page.runType, page.runType, page.after, page.after, page.limit],
  );
  return withCounts(em, rows);
}

/** One run of a person's; null where it is nobody's or somebody else's. */
export async function findRun(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<RunRow | null> {
  const rows = await em.execute<RawRun[]>(
    `select ${columns} from runs r join connections c on c.id = r.connection_id where r.id = ? and r.user_id = ?`,
    [id, userId],
  );
  return (await withCounts(em, rows))[0] ?? null;
}

/** The same with its row locked until the commit. */
export async function lockRun(tx: EntityManager, which: { userId: string; id: string }): Promise<RunRow | null> {
  await tx.execute(`select id from runs where id = ? and user_id = ? for update`, [which.id, which.userId]);
  return findRun(tx, which);
}

async function withCounts(em: EntityManager, rows: readonly RawRun[]): Promise<RunRow[]> {
  if (rows.length === 0) return [];
  const groups = await em.execute<{ run_id: string; status: ActionStatus; count: string }[]>(
    `select run_id, status, count(*) as count from actions
     where run_id in (select (jsonb_array_elements_text(?::jsonb))::uuid) group by run_id, status`,
    [JSON.stringify(rows.map((row) => row.id))],
  );
  const byRun = new Map<string, Partial<Record<ActionStatus, number>>>();
  for (const { run_id: runId, status, count } of groups)
    byRun.set(runId, { ...byRun.get(runId), [status]: Number(count) });
  return rows.map((row) => runOf(row, byRun.get(row.id) ?? {}));
}

function runOf(row: RawRun, byStatus: Partial<Record<ActionStatus, number>>): RunRow {
  const counts = runCountsByStatus(byStatus);
  return {
    id: row.id,
    runType: row.run_type,
    startedBy: row.started_by,
    status: row.status,
    undone: undoneOf(byStatus.undone ?? 0, counts.applied),
    connectionId: row.connection_id,
    provider: row.provider,
    epoch: row.epoch,
    jobId: row.job_id,
    planId: row.plan_id,
    rollbackOf: row.rollback_of,
    rolledBackBy: row.rolled_back_by,
    onFailure: row.on_failure,
    counts,
    receipt: row.receipt,
    waiting: row.waiting_reason === null ? null : { reason: row.waiting_reason, until: momentOf(row.waiting_until) },
    failureCode: row.failure_code,
    providerCalls: row.provider_calls,
    createdAt: new Date(row.created_at),
    startedAt: momentOf(row.started_at),
    finishedAt: momentOf(row.finished_at),
  };
}

/** The domain's `undoneState` over numbers. */
function undoneOf(undone: number, applied: number): UndoneState {
  if (undone === 0) return 'none';
  return undone === applied ? 'fully' : 'partly';
}

/** One line of a run's journal, as its person sees it. */
export interface ActionRow {
  id: string;
  seq: number;
  actionType: string;
  itemType: string;
  uri: string;
  name: string;
  playlistId: string | null;
  playlistName: string | null;
  artistIds: string[];
  status: string;
  outcomeCode: string | null;
  losses: string[];
  approximate: boolean;
  undoesId: string | null;
  appliedAt: Date | null;
}

/** Actions of a run in the journal's order, after a place in it. */
export async function listActions(
  em: EntityManager,
  runId: string,
  { status, after, limit }: { status: ActionStatus | null; after: number; limit: number },
): Promise<ActionRow[]> {
  const rows = await em.execute<
    {
      id: string;
      seq: number;
      action_type: string;
      item_type: string;
      uri: string;
      name: string;
      playlist_id: string | null;
      playlist_name: string | null;
      artist_ids: string[];
      status: string;
      outcome_code: string | null;
      losses: string[];
      approximate: boolean;
      undoes_id: string | null;
      applied_at: string | null;
    }[]
  >(
    `select a.id, a.seq, a.action_type, a.item_type, a.uri, a.name, a.playlist_id, i.playlist_name, a.artist_ids, a.status, a.outcome_code, a.losses,
       a.approximate, a.undoes_id, a.applied_at
     from actions a left join actions u on u.id = a.undoes_id left join plan_items i on i.id = coalesce(a.plan_item_id, u.plan_item_id)
     where a.run_id = ? and a.seq > ? and (?::text is null or a.status = ?) order by a.seq limit ?`,
    [runId, after, status, status, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    actionType: row.action_type,
    itemType: row.item_type,
    uri: row.uri,
    name: row.name,
    playlistId: row.playlist_id,
    playlistName: row.playlist_name,
    artistIds: row.artist_ids,
    status: row.status,
    outcomeCode: row.outcome_code,
    losses: row.losses,
    approximate: row.approximate,
    undoesId: row.undoes_id,
    appliedAt: momentOf(row.applied_at),
  }));
}

/** Which actions of a run; every condition given must hold. */
export interface ActionFilter {
  itemType?: string | undefined;
  playlistId?: string | undefined;
  artistId?: string | undefined;
}

/** Ids of a run's actions that a filter takes in. */
export async function actionIdsBy(em: EntityManager, runId: string, filter: ActionFilter): Promise<string[]> {
  const { itemType = null, playlistId = null, artistId = null } = filter;
  const rows = await em.execute<{ id: string }[]>(
    `select id from actions where run_id = ? and (?::text is null or item_type = ?) and (?::text is null or playlist_id = ?)
       and (?::uuid is null or artist_ids && array(select artist_ids_of(?))) order by seq`,
    [runId, itemType, itemType, playlistId, playlistId, artistId, artistId],
  );
  return rows.map((row) => row.id);
}

/** How many of the ids, each counted once, are not actions of the run. */
export async function countForeignActions(
  em: EntityManager,
  runId: string,
  actionIds: readonly string[],
): Promise<number> {
  const distinct = [...new Set(actionIds)];
  const rows = await em.execute<{ count: string }[]>(
    `select count(*) as count from actions where run_id = ? and id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
    [runId, JSON.stringify(distinct)],
  );
  return distinct.length - Number(rows[0]?.count ?? 0);
}
