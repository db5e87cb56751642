import { reconnectPath } from '../../domain/connection-lifecycle';
import { DomainError } from '../../domain/errors';
import { jobHref, planHref, runHref } from '../../domain/hrefs';
import { removedLikesName } from '../../domain/removed-likes';
import type { RunStarter, RunType } from '../../domain/runs';
import { sourceKeysOf } from './action-sources';
import { lockConnection } from './connection-locks';
import { Connection, Plan } from './entities';
import { newId } from './ids';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

const runResource = (id: string) => ({ type: 'run', id, href: runHref(id) });

/**
 * Writes the run of a plan with one action per included item (of a sample: the first so many, and the playlist of what they
 * remove), the connection's lock, the job and the start of its workflow,
 * all in the caller's transaction. The plan's row lock makes two callers at once into one run.
 * Throws DomainError: `not_found`, `plan_not_ready`, `plan_stale`, `plan_expired`, `plan_failed`, `plan_empty`,
 * `plan_already_executed` (with the run), `connection_busy` (with the run), `connection_unusable`.
 */
export async function executePlan(
  tx: EntityManager,
  {
    userId,
    planId,
    sample,
    startedBy = 'person',
    onFailure = null,
    requestId,
  }: {
    userId: string;
    planId: string;
    sample: number | null;
    startedBy?: RunStarter;
    /** Null: as the plan says. */
    onFailure?: 'keep' | 'rollback' | null;
    requestId: string | null;
  },
): Promise<{ runId: string; jobId: string; outboxId: string }> {
  const locked = await tx.execute<{ id: string }[]>(`select id from plans where id = ? and user_id = ? for update`, [
    planId,
    userId,
  ]);
  if (locked.length === 0) throw new DomainError('not_found');
  const plan = await tx.findOneOrFail(Plan, { id: planId }, { refresh: true });
  if (plan.runId) throw new DomainError('plan_already_executed', { resource: runResource(plan.runId) });
  if (plan.status === 'preparing')
    throw new DomainError('plan_not_ready', { action: { code: 'watch_job', href: jobHref(plan.jobId) } });
  const action = { code: 'refresh_plan', href: `${planHref(planId)}/refresh` };
  if (plan.status === 'stale')
    throw new DomainError('plan_stale', { params: { reasons: plan.staleReasons.join(',') }, action });
  if (plan.status === 'failed')
    throw new DomainError('plan_failed', { params: { failureCode: plan.failureCode ?? 'internal_error' } });
  if (plan.expiresAt.getTime() <= Date.now()) throw new DomainError('plan_expired', { action });
  const connection = await tx.findOneOrFail(Connection, { id: plan.connectionId }, { refresh: true });
  if (connection.health === 'needs_reconnect') {
    throw new DomainError('connection_unusable', {
      action: { code: 'reconnect', href: reconnectPath(connection) },
    });
  }
  const runId = newId();
  const jobId = newId();
  const runType: RunType = plan.fileGenerationId ? 'restore' : 'enforce';
  await tx.execute(
    `insert into runs (id, user_id, connection_id, job_id, run_type, plan_id, status, on_failure, started_by, epoch) values (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)`,
    [runId, userId, connection.id, jobId, runType, planId, onFailure ?? plan.onFailure, startedBy, connection.epoch],
  );
  await lockConnection(tx, connection.id, runId);
  const made = await tx.execute<{ id: string; action_type: string }[]>(
    `with chosen as (
       (select i.* from plan_items i where i.plan_id = ? and i.included and i.action_type not in ('none', 'list_removed_likes') order by i.seq limit ?)
       union all select i.* from plan_items i where i.plan_id = ? and i.included and i.action_type = 'list_removed_likes')
     insert into actions (id, run_id, seq, plan_item_id, action_type, item_type, uri, playlist_id, name, losses, artist_ids, sources, duration_ms)
     select i.id, ?, i.seq, i.id, i.action_type, i.item_type, i.uri, i.playlist_id, case i.action_type when 'list_removed_likes' then ? else i.name end, i.losses,
       array(select distinct (m->>'artistId')::uuid from jsonb_array_elements(i.matches) m where m->>'artistId' <> ''), ${sourceKeysOf('i.matches')}, ${durationOf('i')}
     from chosen i returning id, action_type`,
    [planId, sample, planId, runId, removedLikesName(new Date())],
  );
  if (made.every(({ action_type: actionType }) => actionType === 'list_removed_likes'))
    throw new DomainError('plan_empty');
  await tx.execute(`update plans set status = 'executed', run_id = ?, version = version + 1 where id = ?`, [
    runId,
    planId,
  ]);
  const { outboxId } = createJob(tx, {
    id: jobId,
    type: runType,
    userId,
    subjectType: 'run',
    subjectId: runId,
    provider: connection.provider,
    workflowType: 'enforce',
    workflowId: () => `run:${runId}`,
    input: () => ({ runId, jobId }),
    total: made.length,
    requestId,
  });
  return { runId, jobId, outboxId };
}

/** The playing time of a plan's item, milliseconds: a track's once for each place, an album's by those of its tracks that are known. */
const durationOf = (item: string): string =>
  `case when ${item}.item_type in ('liked_track', 'playlist_track', 'rated_song')
     then (select t.duration_ms::bigint * case jsonb_typeof(${item}.positions) when 'array' then greatest(1, jsonb_array_length(${item}.positions)) else 1 end
           from tracks t where t.uri = ${item}.uri)
     when ${item}.item_type in ('saved_album', 'rated_album')
     then (select sum(t.duration_ms) from albums al join tracks t on t.album_id = al.id where al.uri = ${item}.uri) end`;
