import { DomainError } from '../../domain/errors';
import type { ScheduleMode } from '../../domain/unattended';
import { minuteOf, nextWeekly, type Weekday } from '../../domain/weekly-time';
import { databaseNow } from './clock';
import type { EntityManager } from './orm';

/** What a person chose. */
export interface ScheduleChoice {
  mode: ScheduleMode;
  weekday: Weekday;
  hour: number;
  timeZone: string;
  preset: string;
  switches: Record<string, boolean>;
}

/** How a turn went; `status` is `preparing` until it has ended. */
export interface ScheduledTurn {
  dueAt: Date;
  status: string;
  reason: string | null;
  planId: string;
  runId: string | null;
}

export interface ScheduleRow extends ScheduleChoice {
  connectionId: string;
  nextDueAt: Date;
  last: ScheduledTurn | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

interface RawSchedule {
  connection_id: string;
  mode: ScheduleMode;
  weekday: Weekday;
  hour: number;
  time_zone: string;
  preset: string;
  switches: Record<string, boolean>;
  next_due_at: string;
  last_due_at: string | null;
  last_status: string | null;
  last_reason: string | null;
  last_plan_id: string | null;
  last_run_id: string | null;
  version: number;
  created_at: string;
  updated_at: string;
}

/** The schedule of a person's connection; null where there is none, or where the connection is not theirs. */
export async function findSchedule(
  em: EntityManager,
  { userId, connectionId }: { userId: string; connectionId: string },
): Promise<ScheduleRow | null> {
  const [row] = await em.execute<RawSchedule[]>(
    `select s.connection_id, s.mode, s.weekday, s.hour, s.time_zone, s.preset, s.switches, s.next_due_at, s.version, s.created_at, s.updated_at,
       e.due_at as last_due_at, e.status as last_status, e.reason as last_reason, e.plan_id as last_plan_id, e.run_id as last_run_id
     from connection_schedules s join connections c on c.id = s.connection_id
       left join lateral (select * from scheduled_enforcements t where t.connection_id = c.id order by t.due_at desc limit 1) e on true
     where s.connection_id = ? and c.user_id = ? and c.disconnecting_since is null`,
    [connectionId, userId],
  );
  return row ? scheduleOf(row) : null;
}

function scheduleOf(row: RawSchedule): ScheduleRow {
  return {
    connectionId: row.connection_id,
    mode: row.mode,
    weekday: row.weekday,
    hour: row.hour,
    timeZone: row.time_zone,
    preset: row.preset,
    switches: row.switches,
    nextDueAt: new Date(row.next_due_at),
    last:
      row.last_due_at === null || row.last_status === null || row.last_plan_id === null
        ? null
        : {
            dueAt: new Date(row.last_due_at),
            status: row.last_status,
            reason: row.last_reason,
            planId: row.last_plan_id,
            runId: row.last_run_id,
          },
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}

/** The next turn after now, by the database's clock. */
export async function nextTurn(
  em: EntityManager,
  connectionId: string,
  { weekday, hour, timeZone }: Pick<ScheduleChoice, 'weekday' | 'hour' | 'timeZone'>,
): Promise<Date> {
  return nextWeekly({ weekday, hour, timeZone, minute: minuteOf(connectionId) }, await databaseNow(em));
}

/**
 * Switches a schedule on or changes it; its first turn is the next one from now. Call it under the connection's row lock. Returns
 * whether it is new. Throws DomainError `version_conflict` where it is not in the version named.
 */
export async function saveSchedule(
  tx: EntityManager,
  connectionId: string,
  choice: ScheduleChoice,
  version: number | undefined,
): Promise<boolean> {
  const [before] = await tx.execute<{ version: number }[]>(
    `select version from connection_schedules where connection_id = ? for update`,
    [connectionId],
  );
  if (version !== undefined && version !== before?.version)
    throw new DomainError('version_conflict', before ? { params: { version: before.version } } : {});
  const { mode, weekday, hour, timeZone, preset, switches } = choice;
  await tx.execute(
    `insert into connection_schedules as s (connection_id, mode, weekday, hour, time_zone, preset, switches, next_due_at) values (?, ?, ?, ?, ?, ?, ?::jsonb, ?)
     on conflict (connection_id) do update set mode = excluded.mode, weekday = excluded.weekday, hour = excluded.hour, time_zone = excluded.time_zone,
       preset = excluded.preset, switches = excluded.switches, next_due_at = excluded.next_due_at, version = s.version + 1, updated_at = now()`,
    [
      connectionId,
      mode,
      weekday,
      hour,
      timeZone,
      preset,
      JSON.stringify(switches),
      await nextTurn(tx, connectionId, choice),
    ],
  );
  return before === undefined;
}

/** False where there was none. */
export async function deleteSchedule(tx: EntityManager, connectionId: string): Promise<boolean> {
  const gone = await tx.execute<{ id: string }[]>(
    `delete from connection_schedules where connection_id = ? returning connection_id as id`,
    [connectionId],
  );
  return gone.length > 0;
}
