import type { DayRange } from '../../domain/day-range';
import { metrics, type Granularity, type Metric, type SummedFigure } from '../../domain/time-series';
import type { EntityManager } from './orm';

export interface FiguresAsked {
  userId: string;
  metric: Metric;
  range: DayRange;
  granularity: Granularity;
  /** Of one provider; null for all. */
  provider: string | null;
}

/** A person's figures behind a metric, summed by day, week or month of a range, by type and outcome; of a stock also what was before. */
export async function sumFigures(em: EntityManager, asked: FiguresAsked): Promise<SummedFigure[]> {
  const { from, to } = asked.range;
  const { figure, kind } = metrics[asked.metric];
  const rows = await em.execute<{ from: string | null; type: string; outcome: string; n: string }[]>(
    `select case when day >= ?::date then greatest(date_trunc(?, day::timestamp)::date, ?::date)::text end as "from", kind as type, outcome, sum(n) as n
     from person_figures where user_id = ? and figure = ? and day <= ?::date and (? or day >= ?::date) and (?::text is null or provider = ?)
     group by 1, 2, 3`,
    [from, asked.granularity, from, asked.userId, figure, to, kind === 'stock', from, asked.provider, asked.provider],
  );
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}
