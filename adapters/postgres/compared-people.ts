import {
  type ComparedGroup,
  type ComparedMetric,
  comparedGroups,
  comparedMetrics,
  type Counts,
  noCounts,
  numberClasses,
} from '../../domain/privacy/comparison';
import type { EntityManager } from './orm';

/** People who have had a run end, with the group that they are in, and their numbers; of the figures that `where` leaves. */
const compared = (where: string): string =>
  `select user_id, case when spotify and apple_music then 'both' when spotify then 'spotify' when apple_music then 'apple_music' end as compared_group,
     blocks, items_kept_out
   from (select user_id, sum(n) filter (where figure = 'runs' and provider = 'spotify') > 0 as spotify,
       sum(n) filter (where figure = 'runs' and provider = 'apple_music') > 0 as apple_music,
       coalesce(sum(n) filter (where figure = 'blocks'), 0) as blocks,
       coalesce(sum(n) filter (where figure = 'items_kept_out'), 0) as items_kept_out
     from person_figures where figure in ('runs', 'blocks', 'items_kept_out') and ${where} group by user_id) p`;

/** Counts people as they stood at the end of a day, each once in each part: by group, and by class of each metric. One look at all of them. */
export async function countCompared(em: EntityManager, day: string): Promise<Counts> {
  const classes = (metric: ComparedMetric) =>
    `width_bucket(greatest(${metric}, 0), array[${numberClasses[metric].from.join()}]::numeric[]) - 1`;
  const rows = await em.execute<
    ({ compared_group: ComparedGroup; people: number } & Record<ComparedMetric, number | null>)[]
  >(
    `select compared_group, blocks, items_kept_out, count(*)::int as people
     from (select compared_group, ${comparedMetrics.map((metric) => `${classes(metric)} as ${metric}`).join()}
       from (${compared('day <= ?')}) c where compared_group is not null) c
     group by grouping sets ((compared_group), (compared_group, blocks), (compared_group, items_kept_out))`,
    [day],
  );
  const counts: Counts = { spotify: noCounts(), apple_music: noCounts(), both: noCounts() };
  for (const { compared_group, people, ...places } of rows) {
    const group = counts[compared_group];
    const metric = comparedMetrics.find((name) => places[name] !== null);
    if (metric) group.metrics[metric][places[metric] ?? 0] = people;
    else group.people = people;
  }
  return counts;
}

/** A person's own numbers, exact and as they are now; the group is null before their first run has ended. */
export async function ownNumbers(
  em: EntityManager,
  userId: string,
): Promise<{ group: ComparedGroup | null } & Record<ComparedMetric, number>> {
  const [own] = await em.execute<({ compared_group: string | null } & Record<ComparedMetric, string>)[]>(
    compared('user_id = ?'),
    [userId],
  );
  return {
    group: comparedGroups.find((group) => group === own?.compared_group) ?? null,
    blocks: Number(own?.blocks ?? 0),
    items_kept_out: Number(own?.items_kept_out ?? 0),
  };
}
