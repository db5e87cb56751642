import type { EntityManager } from './orm';

/** Where what is kept differs from what there is. `day` is null for blocks, whose rows say only that they stand. */
export interface FigureDifference {
  userId: string;
  figure: string;
  day: string | null;
  provider: string;
  kind: string;
  outcome: string;
  kept: number;
  counted: number;
}

/** Counts actions, runs and blocks anew and compares each figure of each person with what the triggers kept. Empty where all is well. */
export async function recountFigures(em: EntityManager): Promise<FigureDifference[]> {
  const rows = await em.execute<(Omit<FigureDifference, 'kept' | 'counted'> & { kept: string; counted: string })[]>(
    `with counted as (
       select r.user_id, f.figure, f.day, c.provider, f.kind, f.outcome, sum(f.n) as n
       from (
         select run_id, action_type, status, utc_day(settled_at) as settled, utc_day(undone_at) as undone, count(*) as items,
           count(duration_ms) as timed, coalesce(sum(duration_ms), 0)::bigint as ms
         from actions group by 1, 2, 3, 4, 5
       ) a join runs r on r.id = a.run_id join connections c on c.id = r.connection_id
       cross join lateral action_figures(r.run_type, a.action_type, a.status, a.settled, a.undone, a.items, a.timed, a.ms) f
       group by 1, 2, 3, 4, 5, 6
       union all
       select r.user_id, 'runs', utc_day(r.finished_at), c.provider, r.run_type, r.status, count(*)
       from runs r join connections c on c.id = r.connection_id where r.finished_at is not null group by 1, 2, 3, 4, 5, 6
       union all
       select user_id, 'blocks', '-infinity', '', '', '', count(*) from blocks where ended_at is null group by 1
     ), kept as (
       select user_id, figure, case figure when 'blocks' then '-infinity' else day end as day, provider, kind, outcome, sum(n) as n
       from person_figures group by 1, 2, 3, 4, 5, 6
     )
     select user_id as "userId", figure, nullif(day, '-infinity')::text as day, provider, kind, outcome, coalesce(k.n, 0) as kept, coalesce(c.n, 0) as counted
     from kept k full join counted c using (user_id, figure, provider, kind, outcome, day)
     where coalesce(k.n, 0) <> coalesce(c.n, 0)
     order by 1, 2, 3, 4, 5, 6`,
  );
  return rows.map((row) => ({ ...row, kept: Number(row.kept), counted: Number(row.counted) }));
}
