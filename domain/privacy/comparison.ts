/**
 * Who is compared with whom: everybody who has had a run end, by where they did. Few groups that anybody knows of themselves, and that have no
 * one else's doing in them; each person is in exactly one.
 */
export const comparedGroups = ['spotify', 'apple_music', 'both'] as const;
export type ComparedGroup = (typeof comparedGroups)[number];

/** What is compared: blocked artists that stand, and items that runs have taken out and that are still out. */
export const comparedMetrics = ['blocks', 'items_kept_out'] as const;
export type ComparedMetric = (typeof comparedMetrics)[number];

/**
 * Where each class of numbers begins, the same whatever the data are; the last one has no end, and whatever is in it counts as `most` in
 * an average. A person is in one class of each metric, however large their number is.
 */
export const numberClasses: Readonly<Record<ComparedMetric, { from: readonly number[]; most: number }>> = {
  blocks: { from: [0, 1, 3, 6, 11, 21, 51, 101, 201, 501], most: 1_000 },
  items_kept_out: { from: [0, 1, 10, 25, 50, 100, 250, 500, 1_000, 2_500], most: 5_000 },
};

/** The place of a number's class. */
export function classOf(metric: ComparedMetric, number: number): number {
  return Math.max(
    0,
    numberClasses[metric].from.findLastIndex((from) => from <= number),
  );
}

/** The first and the last number of a class; the last one's is null. */
export function classRange(metric: ComparedMetric, place: number): { from: number; to: number | null } {
  const { from } = numberClasses[metric];
  const next = from[place + 1];
  return { from: from[place] ?? 0, to: next === undefined ? null : next - 1 };
}

/** The number that stands for a class in an average: its middle, and of the last one `most`. */
export function middleOf(metric: ComparedMetric, place: number): number {
  const { from, to } = classRange(metric, place);
  return to === null ? numberClasses[metric].most : (from + to) / 2;
}

/** How many people a group has, and in each class of each metric. */
export interface GroupCounts {
  people: number;
  metrics: Record<ComparedMetric, number[]>;
}
export type Counts = Record<ComparedGroup, GroupCounts>;

export const noCounts = (): GroupCounts => ({
  people: 0,
  metrics: {
    blocks: numberClasses.blocks.from.map(() => 0),
    items_kept_out: numberClasses.items_kept_out.from.map(() => 0),
  },
});
