import type { EntityManager } from './orm';

/**
 * Notes the closed days of which figures changed since the last look, in the caller's transaction. Rows say when the transaction began
 * that changed them; so the next look goes back to before the oldest that is under way now, and an hour more for those of other roles,
 * which are not shown.
 */
export async function noteChangedDays(tx: EntityManager): Promise<void> {
  await tx.execute(`select 1 from figure_closing for update`);
  const [look] = await tx.execute<{ to: string }[]>(
    `select date_trunc('milliseconds', least(now(), min(xact_start)))::text as to from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await tx.execute(
    `insert into figure_day_changes (day)
     select distinct f.day from figure_closing c join person_figures f on f.changed_at >= c.looked_to - interval '1 hour' and f.day <= c.closed_to`,
  );
  await tx.execute(`update figure_closing set looked_to = ?`, [look?.to ?? null]);
}

/**
 * Sums up to `most` days (UTC) that are over, and as many that changed since they were, over all people, in the caller's transaction.
 * `more` says whether others are left. One at a time; whoever comes second finds them done.
 */
export async function closeDays(tx: EntityManager, most: number): Promise<{ closed: number; more: boolean }> {
  const [state] = await tx.execute<{ from: string; to: string; yesterday: string }[]>(
    `select c.from::text, least(c.from + ?::int, yesterday)::text as to, yesterday::text from (
       select coalesce(closed_to, (select min(day) - 1 from person_figures), utc_day(now()) - 1) as from, utc_day(now()) - 1 as yesterday
       from figure_closing for update) c`,
    [most],
  );
  if (!state) return { closed: 0, more: false };
  const to = state.to > state.from ? state.to : state.from;
  const noted = await tx.execute<{ day: string }[]>(
    `with due as (select distinct day from figure_day_changes where day <= ? order by day limit ?),
       taken as (delete from figure_day_changes using due where figure_day_changes.day = due.day)
     select day::text from due`,
    [to, most],
  );
  const over = await tx.execute<{ day: string }[]>(
    `select d::date::text as day from generate_series(?::date + 1, ?::date, interval '1 day') d`,
    [state.from, to],
  );
  const days = [...new Set([...over, ...noted].map(({ day }) => day))];
  await tx.execute(`delete from system_figures where day = any(?::date[])`, [`{${days.join()}}`]);
  // Day by day, by the index: of a few days among years, the planner would else go through all years.
  await tx.execute(
    `insert into system_figures (figure, day, provider, kind, outcome, n)
     select s.figure, d.day, s.provider, s.kind, s.outcome, s.n from unnest(?::date[]) d(day) cross join lateral (
       select figure, provider, kind, outcome, sum(n) as n from person_figures f where f.day = d.day group by 1, 2, 3, 4) s
     where s.n <> 0`,
    [`{${days.join()}}`],
  );
  await tx.execute(`update figure_closing set closed_to = ?`, [to]);
  return { closed: days.length, more: to < state.yesterday || noted.length === most };
}
