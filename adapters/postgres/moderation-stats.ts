import type { DayRange } from '../../domain/day-range';
import type { EntityManager } from './orm';

/** A day of moderation, by UTC. */
export interface ModerationDay {
  day: string;
  opened: number;
  decided: number;
  /** Cases that waited when it ended. */
  waiting: number;
  /** From opening to decision, of those decided on it; null where none was. */
  medianSeconds: number | null;
  /** Decisions that appeals took back on it. */
  reversed: number;
}

/** Whether a moment lies in the range; its two values are the range's. */
export const within = (column: string): string =>
  `${column} >= ?::date::timestamp at time zone 'UTC' and ${column} < (?::date + 1)::timestamp at time zone 'UTC'`;
const dayOf = (column: string): string => `(${column} at time zone 'UTC')::date`;
const medianAge = `round(percentile_cont(0.5) within group (order by extract(epoch from decided_at - opened_at)))::int`;

/** Every day of a range, also those on which nothing happened. */
export async function moderationDays(em: EntityManager, { from, to }: DayRange): Promise<ModerationDay[]> {
  return em.execute<ModerationDay[]>(
    `with days as (select day::date from generate_series(?::date::timestamp, ?::date::timestamp, interval '1 day') day),
       opened as (select ${dayOf('opened_at')} as day, count(*) as n from moderation_cases where ${within('opened_at')} group by 1),
       decided as (select ${dayOf('decided_at')} as day, count(*) as n, ${medianAge} as median
         from moderation_cases where ${within('decided_at')} group by 1),
       reversed as (select ${dayOf('reversed_at')} as day, count(*) as n from decisions where ${within('reversed_at')} group by 1),
       before as (select count(*) as n from moderation_cases where opened_at < ?::date::timestamp at time zone 'UTC'
         and (decided_at is null or decided_at >= ?::date::timestamp at time zone 'UTC'))
     select days.day::text, coalesce(opened.n, 0)::int as opened, coalesce(decided.n, 0)::int as decided,
       (before.n + sum(coalesce(opened.n, 0) - coalesce(decided.n, 0)) over (order by days.day))::int as waiting,
       decided.median as "medianSeconds", coalesce(reversed.n, 0)::int as reversed
     from days cross join before left join opened on opened.day = days.day left join decided on decided.day = days.day
       left join reversed on reversed.day = days.day order by days.day`,
    [from, to, from, to, from, to, from, to, from, from],
  );
}

/** The same of the range as a whole. */
export async function medianSeconds(em: EntityManager, { from, to }: DayRange): Promise<number | null> {
  const [row] = await em.execute<{ median: number | null }[]>(
    `select ${medianAge} as median from moderation_cases where ${within('decided_at')}`,
    [from, to],
  );
  return row?.median ?? null;
}
