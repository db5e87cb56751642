import type { Figure } from '../../domain/figures';
import type { EntityManager } from './orm';

/** One figure of one day (`YYYY-MM-DD`, UTC) over all people; see `domain/figures.ts` for what provider, kind and outcome are. */
export interface SystemFigureOfDay {
  day: string;
  provider: string;
  kind: string;
  outcome: string;
  n: number;
}

/**
 * Everybody's figure by day, from the first day to the last, both counted; days without any are left out. Closed days come from what
 * was summed when they were over; later ones, and those from which figures have gone since, are summed now.
 */
export async function systemFigures(
  em: EntityManager,
  { figure, from, to }: { figure: Figure; from: string; to: string },
): Promise<SystemFigureOfDay[]> {
  const asked = [figure, from, to];
  const rows = await em.execute<(Omit<SystemFigureOfDay, 'n'> & { n: string })[]>(
    `with closing as (select coalesce(closed_to, '-infinity') as closed_to from figure_closing),
       noted as (select distinct day from figure_day_changes, closing where day between ? and ? and day <= closed_to),
       live as (
         select f.* from closing, person_figures f where f.figure = ? and f.day between ? and ? and f.day > closed_to
         union all
         select f.* from noted join person_figures f using (day) where f.figure = ?)
     select day::text, provider, kind, outcome, n from system_figures, closing
     where figure = ? and day between ? and ? and day <= closed_to and day not in (select day from noted)
     union all
     select day::text, provider, kind, outcome, sum(n) from live group by 1, 2, 3, 4 having sum(n) <> 0
     order by 1, 2, 3, 4`,
    [from, to, ...asked, figure, ...asked],
  );
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}
