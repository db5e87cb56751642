import { withoutPlayingTime } from '../../domain/figures';
import type { ScheduleMode } from '../../domain/unattended';
import type { EntityManager } from './orm';

/** What a person's runs keep out by now. */
export interface KeptOut {
  items: number;
  seconds: number;
  /** Tracks and albums among the items whose playing time nobody told. */
  unknownItems: number;
}

/** A person's stock of what is kept out, from their figures. */
export async function readKeptOut(em: EntityManager, userId: string): Promise<KeptOut> {
  const rows = await em.execute<{ kind: string; items: string; timed: string; ms: string }[]>(
    `select kind, coalesce(sum(n) filter (where figure = 'items_kept_out'), 0) as items,
       coalesce(sum(n) filter (where figure = 'timed_kept_out'), 0) as timed, coalesce(sum(n) filter (where figure = 'ms_kept_out'), 0) as ms
     from person_figures where user_id = ? and figure in ('items_kept_out', 'timed_kept_out', 'ms_kept_out') group by kind`,
    [userId],
  );
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    items: sum(({ items }) => Number(items)),
    seconds: Math.round(sum(({ ms }) => Number(ms)) / 1000),
    unknownItems: sum(({ kind, items, timed }) => (withoutPlayingTime.has(kind) ? 0 : Number(items) - Number(timed))),
  };
}

/** The turn of a person's schedules that comes first; null where none is on. */
export async function nextScheduled(
  em: EntityManager,
  userId: string,
): Promise<{ connectionId: string; at: Date; mode: ScheduleMode } | null> {
  const [row] = await em.execute<{ connection_id: string; next_due_at: string; mode: ScheduleMode }[]>(
    `select s.connection_id, s.next_due_at, s.mode from connection_schedules s join connections c on c.id = s.connection_id
     where c.user_id = ? and c.disconnecting_since is null order by s.next_due_at, s.connection_id limit 1`,
    [userId],
  );
  return row ? { connectionId: row.connection_id, at: new Date(row.next_due_at), mode: row.mode } : null;
}

/** The names of the lists that a person goes by. */
export async function followedListNames(em: EntityManager, userId: string): Promise<Map<string, string>> {
  const rows = await em.execute<{ id: string; name: string }[]>(
    `select l.id, l.name from list_subscriptions s join community_lists l on l.id = s.list_id where s.user_id = ?`,
    [userId],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
