/**
 * Where each place of a playlist is found once the places named have left: zero-based, null for those that leave.
 * @param length how many places there are before
 */
export function placesAfter(length: number, leaving: ReadonlySet<number>): (number | null)[] {
  let next = 0;
  return Array.from({ length }, (_, place) => (leaving.has(place) ? null : next++));
}
