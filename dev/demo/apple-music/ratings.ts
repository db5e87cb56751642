import type { SandboxAppleLibrary } from '../sandbox';

/** How a song or album is rated: loved, "Suggest Less", or not at all. */
export type RatingName = 'loved' | 'suggest less' | 'not rated';

/** The ratings of a library by what they rate, as the API spells it (`apple-music:song:1440833098`). */
export type Ratings = ReadonlyMap<string, 1 | -1>;

export const ratingsIn = ({ ratings }: SandboxAppleLibrary): Ratings =>
  new Map(ratings.map(({ type, id, value }) => [`apple-music:${type.replace(/^library-|s$/g, '')}:${id}`, value]));

export function ratingName(value: 1 | -1 | undefined): RatingName {
  if (value === undefined) return 'not rated';
  return value === 1 ? 'loved' : 'suggest less';
}

export interface RatingRow {
  before: RatingName;
  /** Songs and albums that were rated so. */
  count: number;
  afterRun: string;
  afterRollback: string;
}

/** For what a plan includes, by how it was rated before: how the run left it, and how the rollback did. */
export function ratingRows(
  uris: readonly string[],
  { before, afterRun, after }: { before: Ratings; afterRun: Ratings; after: Ratings },
): RatingRow[] {
  return (['not rated', 'loved', 'suggest less'] as const).flatMap((name) => {
    const group = uris.filter((uri) => ratingName(before.get(uri)) === name);
    const names = (ratings: Ratings) => [...new Set(group.map((uri) => ratingName(ratings.get(uri))))].join(', ');
    return group.length === 0
      ? []
      : [{ before: name, count: group.length, afterRun: names(afterRun), afterRollback: names(after) }];
  });
}

/** What is rated otherwise than before, whether or not a run had to do with it. */
export function ratingDifferences(before: Ratings, after: Ratings): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((uri) => before.get(uri) !== after.get(uri))
    .map((uri) => `${uri}: ${ratingName(before.get(uri))} before, ${ratingName(after.get(uri))} now`);
}
