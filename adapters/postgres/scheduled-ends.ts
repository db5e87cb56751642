import {
  decideScheduled,
  mostUnattended,
  type NotifyReason,
  type ScheduledEnd,
  type ScheduleMode,
  type UnattendedCap,
} from '../../domain/unattended';
import { announce } from './announcements';
import { audit } from './audit';
import { lockOwnConnection } from './connection-reads';
import { executePlan } from './executions';
import type { EntityManager } from './orm';
import { isSuspended } from './suspensions';

interface Turn {
  id: string;
  user_id: string;
  connection_id: string;
  plan_id: string;
  plan_status: string | null;
  failure_code: string | null;
  plan_run_id: string | null;
  generation_id: string | null;
  /** Null where the person switched the schedule off meanwhile. */
  mode: ScheduleMode | null;
  suspended: boolean;
}

/** Turns whose plan has come to its end and that were not brought to theirs: their workflow was ended from outside. */
export async function leftTurns(em: EntityManager, olderThanSeconds: number, limit: number): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select e.id from scheduled_enforcements e left join plans p on p.id = e.plan_id left join jobs j on j.id = p.job_id
     where e.finished_at is null and (p.id is null or j.finished_at < now() - make_interval(secs => ?)) order by e.created_at limit ?`,
    [olderThanSeconds, limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * Brings a turn to its end in the caller's transaction, once: carries its plan out under the cap, or gives it to the person and says
 * why. A plan that is still being prepared is left alone. Throws DomainError `connection_busy` where a run began at this moment.
 * @returns the outbox entries to start after the commit
 */
export async function endTurn(tx: EntityManager, scheduledId: string, cap: UnattendedCap): Promise<string[]> {
  const [turn] = await tx.execute<Turn[]>(
    `select e.id, c.user_id, e.connection_id, e.plan_id, p.status as plan_status, p.failure_code, p.run_id as plan_run_id, p.generation_id, s.mode,
       ${isSuspended('c.user_id')} as suspended
     from scheduled_enforcements e join connections c on c.id = e.connection_id
       left join plans p on p.id = e.plan_id left join connection_schedules s on s.connection_id = c.id
     where e.id = ? and e.finished_at is null for update of e`,
    [scheduledId],
  );
  if (!turn || turn.plan_status === 'preparing') return [];
  if (turn.plan_status === 'failed') return fail(tx, turn, turn.failure_code ?? 'internal_error');
  // The person was there first: threw the plan away, or carried it out.
  if (turn.plan_status === null || turn.plan_status === 'expired') return end(tx, turn, 'skipped', 'plan_gone');
  if (turn.plan_status === 'executed') return end(tx, turn, 'applied', 'by_person', turn.plan_run_id);
  if (turn.mode === null) return end(tx, turn, 'skipped', 'switched_off');
  if (turn.suspended) return end(tx, turn, 'skipped', 'suspended');
  const found = await countFound(tx, turn.plan_id);
  if (turn.plan_status === 'stale')
    return found.items + found.byHand === 0
      ? end(tx, turn, 'nothing')
      : notify(tx, turn, 'plan_stale', found.items || found.byHand);
  return settle(tx, turn, { ...found, mode: turn.mode, cap });
}

async function settle(
  tx: EntityManager,
  turn: Turn,
  { mode, items, byHand, cap }: Found & { mode: ScheduleMode; cap: UnattendedCap },
): Promise<string[]> {
  const userId = turn.user_id;
  const connection = await lockOwnConnection(tx, { userId, id: turn.connection_id });
  if (!connection) return end(tx, turn, 'skipped', 'connection_disconnected');
  // Its person is told of that already.
  if (connection.health === 'needs_reconnect') return end(tx, turn, 'skipped', 'connection_unusable');
  const locks = await tx.execute<{ run_id: string }[]>(`select run_id from connection_locks where connection_id = ?`, [
    turn.connection_id,
  ]);
  const most = mostUnattended(cap, await librarySize(tx, turn));
  const decision = decideScheduled({ mode, items, byHand, most, connectionBusy: locks.length > 0 });
  if (decision === 'nothing') return end(tx, turn, 'nothing');
  if (decision !== 'apply') return notify(tx, turn, decision, decision === 'by_hand' ? byHand : items, most);
  const { runId, outboxId } = await executePlan(tx, {
    userId,
    planId: turn.plan_id,
    sample: null,
    startedBy: 'schedule',
    requestId: null,
  });
  audit(tx, {
    actorId: userId,
    event: 'schedule.applied',
    outcome: 'done',
    subjectType: 'run',
    subjectId: runId,
    details: { connectionId: turn.connection_id, items },
  });
  await end(tx, turn, 'applied', null, runId);
  return [outboxId];
}

async function notify(tx: EntityManager, turn: Turn, reason: NotifyReason, items: number, most = 0): Promise<string[]> {
  await end(tx, turn, 'notified', reason);
  audit(tx, {
    actorId: turn.user_id,
    event: 'schedule.notified',
    outcome: 'done',
    subjectType: 'plan',
    subjectId: turn.plan_id,
    details: { connectionId: turn.connection_id, items, reason },
  });
  const params = { connectionId: turn.connection_id, planId: turn.plan_id, items, reason };
  return announce(tx, turn.user_id, {
    type: 'schedule.plan_ready',
    params: reason === 'above_cap' ? { ...params, most } : params,
  });
}

async function fail(tx: EntityManager, turn: Turn, code: string): Promise<string[]> {
  await end(tx, turn, 'failed', code);
  audit(tx, {
    actorId: turn.user_id,
    event: 'schedule.failed',
    outcome: 'failed',
    subjectType: 'plan',
    subjectId: turn.plan_id,
    details: { connectionId: turn.connection_id, code },
  });
  const params = { connectionId: turn.connection_id, planId: turn.plan_id, code };
  return announce(tx, turn.user_id, { type: 'schedule.failed', params });
}

async function end(
  tx: EntityManager,
  turn: Turn,
  status: ScheduledEnd,
  reason: string | null = null,
  runId: string | null = null,
): Promise<string[]> {
  await tx.execute(
    `update scheduled_enforcements set status = ?, reason = ?, run_id = ?, finished_at = now() where id = ?`,
    [status, reason, runId, turn.id],
  );
  return [];
}

/** What a plan would do, and what of its checklist rests on more than a name. */
interface Found {
  items: number;
  byHand: number;
}

async function countFound(tx: EntityManager, planId: string): Promise<Found> {
  const [row] = await tx.execute<{ items: number; by_hand: number }[]>(
    `select count(*) filter (where included and action_type not in ('none', 'list_removed_likes'))::int as items,
       count(*) filter (where item_type = 'manual' and not needs_review)::int as by_hand from plan_items where plan_id = ?`,
    [planId],
  );
  return { items: row?.items ?? 0, byHand: row?.by_hand ?? 0 };
}

/** Likes, albums, follows, and places in the person's own playlists; what others made is not theirs to lose. */
async function librarySize(
  tx: EntityManager,
  { generation_id: generationId, connection_id: id }: Turn,
): Promise<number> {
  const [row] = await tx.execute<{ n: number }[]>(
    `select coalesce(sum(p.length), 0)::int as n from library_parts p, connections c
     where p.generation_id = ? and c.id = ? and p.content_id is not null and (p.kind <> 'playlist' or p.owner_id = c.account_user_id)`,
    [generationId, id],
  );
  return row?.n ?? 0;
}
