import type { AppealState } from '../../domain/appeals';
import type { DayRange } from '../../domain/day-range';
import type { TransparencyReport } from '../../domain/transparency';
import { medianSeconds, within } from './moderation-stats';
import type { EntityManager } from './orm';

const decidedNow = `state <> 'withdrawn' and ${within('closed_at')}`;
const withState = (state: AppealState): string =>
  `count(*) filter (where state = '${state}' and ${within('closed_at')})::int`;

/** Counts what was moderated in a range of days. Call it in a transaction that sees one moment, so that its parts fit each other. */
export async function readTransparency(em: EntityManager, range: DayRange): Promise<TransparencyReport> {
  const days = [range.from, range.to];
  const one = async <T>(sql: string, values: readonly string[]): Promise<T> =>
    (await em.execute<T[]>(sql, [...values]))[0]!;
  const notices = await em.execute<TransparencyReport['notices']>(
    `select r.category, count(*)::int as received, count(c.decided_at)::int as decided,
       count(*) filter (where d.measure in ('reject', 'restrict'))::int as "actedOn",
       round(percentile_cont(0.5) within group (order by extract(epoch from c.decided_at - r.created_at)))::int as "medianSeconds"
     from reports r join moderation_cases c on c.id = r.case_id left join decisions d on d.id = c.decision_id
     where ${within('r.created_at')} group by 1 order by 1`,
    days,
  );
  const measures = await em.execute<TransparencyReport['measures']>(
    `select subject_type as subject, measure, rule, count(*)::int as decisions, count(*) filter (where automated)::int as automated
     from decisions where ${within('decided_at')} group by 1, 2, 3 order by 1, 2, 3`,
    days,
  );
  const cases = await one<Pick<TransparencyReport['cases'], 'opened' | 'decided'>>(
    `select count(*) filter (where ${within('opened_at')})::int as opened, count(*) filter (where ${within('decided_at')})::int as decided
     from moderation_cases`,
    [...days, ...days],
  );
  const appeals = await one<TransparencyReport['appeals']>(
    `select count(*) filter (where ${within('created_at')})::int as received, count(*) filter (where ${decidedNow})::int as decided,
       ${withState('decision_stands')} as stands, ${withState('decision_reversed')} as reversed, ${withState('decision_modified')} as modified,
       round(percentile_cont(0.5) within group (order by extract(epoch from closed_at - created_at)) filter (where ${decidedNow}))::int
         as "medianSeconds"
     from appeals`,
    [...days, ...days, ...days, ...days, ...days, ...days],
  );
  const suspensions = await one<TransparencyReport['suspensions']>(
    `select count(*) filter (where ${within('suspended_at')})::int as imposed,
       count(*) filter (where ending = 'lifted' and ${within('ended_at')})::int as lifted from user_suspensions`,
    [...days, ...days],
  );
  return {
    ...range,
    notices,
    measures,
    automatedShare: automatedShare(measures),
    cases: { ...cases, medianSeconds: await medianSeconds(em, range) },
    appeals,
    suspensions,
  };
}

function automatedShare(measures: TransparencyReport['measures']): number | null {
  const sum = (of: 'decisions' | 'automated') => measures.reduce((total, row) => total + row[of], 0);
  return measures.length === 0 ? null : sum('automated') / sum('decisions');
}
