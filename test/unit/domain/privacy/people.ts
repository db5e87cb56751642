import {
  classOf,
  type ComparedGroup,
  comparedMetrics,
  type Counts,
  noCounts,
} from '../../../../domain/privacy/comparison';

export interface Compared {
  group: ComparedGroup;
  blocks: number;
  items_kept_out: number;
}

/** The counts of these people, as the database makes them. */
export function countsOf(people: readonly Compared[]): Counts {
  const counts: Counts = { spotify: noCounts(), apple_music: noCounts(), both: noCounts() };
  for (const person of people) {
    const group = counts[person.group];
    group.people += 1;
    for (const metric of comparedMetrics) {
      const place = classOf(metric, person[metric]);
      group.metrics[metric][place] = (group.metrics[metric][place] ?? 0) + 1;
    }
  }
  return counts;
}
