import { nextTurn, type ScheduleChoice } from './connection-schedules';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { startPlan } from './plan-start';
import { isSuspended } from './suspensions';

/**
 * A schedule `s` of a connection `c` whose turn has come and can be taken now: not while a run, a sync or a plan is under way there,
 * nor while only its person can help the connection, nor while that one is suspended, nor once they leave.
 */
const takesItsTurn = `s.next_due_at <= now() and c.disconnecting_since is null and c.health <> 'needs_reconnect'
  and not exists (select from connection_locks l where l.connection_id = c.id)
  and not exists (select from jobs j where j.id = c.sync_job_id and j.finished_at is null)
  and not exists (select from plans p where p.connection_id = c.id and p.status = 'preparing')
  and not exists (select from jobs j where j.user_id = c.user_id and j.type = 'erase_account' and j.finished_at is null)
  and not ${isSuspended('c.user_id')}`;

/** Connections whose turn has come, those who wait longest first. */
export async function dueSchedules(em: EntityManager, limit: number): Promise<string[]> {
  const rows = await em.execute<{ connection_id: string }[]>(
    `select s.connection_id from connection_schedules s join connections c on c.id = s.connection_id
     where ${takesItsTurn} order by s.next_due_at limit ?`,
    [limit],
  );
  return rows.map((row) => row.connection_id);
}

/**
 * Takes a connection's turn in the caller's transaction: a plan, its job and the start of their workflow, and the next turn's time.
 * Turns that were missed meanwhile are this one. Nothing where somebody else took it.
 * @returns the outbox entry to start after the commit
 */
export async function takeTurn(tx: EntityManager, connectionId: string): Promise<string | null> {
  const [row] = await tx.execute<
    (Pick<ScheduleChoice, 'weekday' | 'hour' | 'preset' | 'switches'> & {
      time_zone: string;
      next_due_at: string;
      user_id: string;
    })[]
  >(
    `select s.weekday, s.hour, s.time_zone, s.preset, s.switches, s.next_due_at, c.user_id
     from connection_schedules s join connections c on c.id = s.connection_id
     where s.connection_id = ? and ${takesItsTurn} for update of s, c skip locked`,
    [connectionId],
  );
  if (!row) return null;
  const next = await nextTurn(tx, connectionId, { weekday: row.weekday, hour: row.hour, timeZone: row.time_zone });
  await tx.execute(`update connection_schedules set next_due_at = ? where connection_id = ?`, [next, connectionId]);
  const scheduledId = newId();
  const { planId, outboxId } = await startPlan(tx, {
    userId: row.user_id,
    connectionId,
    preset: row.preset,
    switches: row.switches,
    onFailure: 'keep',
    requestId: null,
    scheduledId,
  });
  await tx.execute(`insert into scheduled_enforcements (id, connection_id, due_at, plan_id) values (?, ?, ?, ?)`, [
    scheduledId,
    connectionId,
    row.next_due_at,
    planId,
  ]);
  return outboxId;
}
