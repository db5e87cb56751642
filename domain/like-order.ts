import type { SavedItem } from './library';
import type { Loss } from './reversibility';

/** The minute of a date, by which Spotify orders likes; null where there is no date. */
export function minuteOf(addedAt: string | null): number | null {
  const time = addedAt === null ? NaN : Date.parse(addedAt);
  return Number.isNaN(time) ? null : Math.floor(time / 60_000);
}

/**
 * What likes that were put back with their dates have lost all the same, by URI: `date_added` where another minute is shown,
 * `position` where one stands on the wrong side of its neighbour.
 * @param seen likes as Spotify lists them now, top first: all of the minutes in question, others may be left out
 * @param before URIs in their order before anything was taken out; empty where nobody knows, then the dates tell
 */
export function lossesOfDatedLikes(
  restored: readonly SavedItem[],
  seen: readonly SavedItem[],
  before: readonly string[],
): Map<string, Loss[]> {
  const rank = new Map(before.map((uri, n) => [uri, n]));
  const dates = new Map(restored.map(({ uri, addedAt }) => [uri, addedAt]));
  const isUnder = (above: SavedItem | undefined, below: SavedItem | undefined): boolean => {
    if (!above || !below) return true;
    const [one, other] = [rank.get(above.uri), rank.get(below.uri)];
    if (one !== undefined && other !== undefined) return one < other;
    const [time, next] = [above, below].map(({ uri, addedAt }) => Date.parse(dates.get(uri) ?? addedAt ?? ''));
    return !((time ?? NaN) < (next ?? NaN));
  };
  const known = before.length === 0 ? seen : seen.filter(({ uri }) => rank.has(uri));
  const places = new Map(known.map(({ uri }, n) => [uri, n]));
  const shown = new Map(seen.map(({ uri, addedAt }) => [uri, addedAt]));
  return new Map(
    restored.map(({ uri, addedAt }): [string, Loss[]] => {
      const dated = shown.has(uri) && minuteOf(shown.get(uri) ?? null) === minuteOf(addedAt);
      if (!dated) return [uri, ['date_added', 'position']];
      const place = places.get(uri);
      if (place === undefined) return [uri, []];
      const inPlace = isUnder(known[place - 1], known[place]) && isUnder(known[place], known[place + 1]);
      return [uri, inPlace ? [] : ['position']];
    }),
  );
}

/** Likes that share their minute with one that stays: Spotify may set them above it when they come back. */
export function uncertainlyPlaced(likes: readonly SavedItem[], leaving: ReadonlySet<string>): Set<string> {
  const held = new Set(likes.filter(({ uri }) => !leaving.has(uri)).map(({ addedAt }) => minuteOf(addedAt)));
  return new Set(
    likes.filter(({ uri, addedAt }) => leaving.has(uri) && held.has(minuteOf(addedAt))).map(({ uri }) => uri),
  );
}
