/** What Spotify does to the sequence of a playlist; every function gives a new list and leaves the old one alone. */

/** Thrown where a position lies outside the list. */
export class OutOfBounds extends Error {}

/** Puts items in at a position; the length of the list is its end. */
export function insertAt<T>(items: readonly T[], position: number, added: readonly T[]): T[] {
  if (position < 0 || position > items.length) throw new OutOfBounds('Index out of bounds.');
  return [...items.slice(0, position), ...added, ...items.slice(position)];
}

/** Takes out every occurrence of each URI: positions are not looked at, as Spotify hasn't since May 2024. */
export function removeEvery<T extends { uri: string | null }>(items: readonly T[], uris: ReadonlySet<string>): T[] {
  return items.filter((item) => item.uri === null || !uris.has(item.uri));
}

/** Moves a run of items in front of the item that stands at `insertBefore` now. */
export function moveRange<T>(items: readonly T[], start: number, insertBefore: number, length: number): T[] {
  const end = start + length;
  if (start < 0 || length < 1 || end > items.length || insertBefore < 0 || insertBefore > items.length) {
    throw new OutOfBounds('Index out of bounds.');
  }
  if (insertBefore >= start && insertBefore <= end) return [...items];
  const run = items.slice(start, end);
  const rest = [...items.slice(0, start), ...items.slice(end)];
  return insertAt(rest, insertBefore > end ? insertBefore - length : insertBefore, run);
}
