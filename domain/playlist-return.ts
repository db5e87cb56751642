import { longestCommonSubsequence } from './longest-common-subsequence';
import { isLive, type LiveItem, type PlaylistSequence, type SequenceEntry } from './playlist-entries';

/**
 * Gives what a file has and a playlist no longer has its place in the playlist's sequence, as ghosts held by the actions that put it
 * back: reviving them (`reviveActions`) is then the same as undoing a removal. They stand behind the neighbour that they have in the
 * file; where the person put something between the two, on which side of it can't be known (`approximate`). One that an earlier
 * removal still holds out stands in for that one, so that undoing the removal, too, adds no second copy.
 * @param holders the action by the URI that it puts back; URIs that are live, or that these actions hold already, are left as they are
 */
export function placeReturning(
  sequence: PlaylistSequence,
  filed: readonly LiveItem[],
  holders: ReadonlyMap<string, string>,
): PlaylistSequence {
  const actions = new Set(holders.values());
  const there = new Set(
    sequence.filter((entry) => isLive(entry) || actions.has(entry.ghostOf ?? '')).map(({ uri }) => uri),
  );
  const heldOut = new Map<string, number>();
  for (const { uri, standIn } of sequence)
    if (uri !== null && !there.has(uri) && !standIn) heldOut.set(uri, (heldOut.get(uri) ?? 0) + 1);
  const ghostOf = (item: LiveItem): SequenceEntry[] => {
    const holder = item.uri === null || there.has(item.uri) ? undefined : holders.get(item.uri);
    if (item.uri === null || holder === undefined) return [];
    const copies = heldOut.get(item.uri) ?? 0;
    heldOut.set(item.uri, copies - 1);
    return [{ ...item, ghostOf: holder, ...(copies > 0 ? { standIn: true as const } : {}) }];
  };
  const result: SequenceEntry[] = [];
  let [from, next] = [0, 0];
  const fill = (left: number, right: number, isTail: boolean) => {
    const between = sequence.slice(from, left);
    const ambiguous = !isTail && between.some(isLive);
    const ghosts = filed.slice(next, right).flatMap(ghostOf);
    for (const ghost of ghosts) result.push(ambiguous ? { ...ghost, approximate: true } : ghost);
    result.push(...between);
  };
  const pairs = longestCommonSubsequence(
    sequence.map(({ uri }) => uri),
    filed.map(({ uri }) => uri),
  );
  for (const [left, right] of pairs) {
    fill(left, right, false);
    result.push(sequence[left] as SequenceEntry, ...ghostOf(filed[right] as LiveItem));
    [from, next] = [left + 1, right + 1];
  }
  fill(sequence.length, filed.length, true);
  return result;
}
