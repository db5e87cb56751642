import { longestCommonSubsequence, type AlignedPair } from './longest-common-subsequence';
import { isLive, liveEntry, type LiveItem, type PlaylistSequence, type SequenceEntry } from './playlist-entries';

/** A sequence brought up to date, and how many live entries had no partner on the other side (a move counts in both). */
export interface Alignment {
  sequence: PlaylistSequence;
  inserted: number;
  removed: number;
}

/**
 * Aligns the live part of a sequence with a fresh look at the playlist, by longest common subsequence over the URIs.
 *
 * - What the person removed is gone; what they inserted joins beside its left neighbour, at the end when it was appended.
 * - Ghosts stay where they are. Where the person inserted between two live neighbours with ghosts between them, the side
 *   can't be known and those ghosts become `approximate`; a copy of a ghost's own track goes to that ghost's place.
 * - A live entry that left one place and appeared at another is the same entry, moved.
 * - Any further copy of a track that an action holds out is a stand-in for it (`standIn`).
 *
 * Afterwards `liveView` of the sequence equals `live`.
 */
export function alignWithLive(sequence: PlaylistSequence, live: readonly LiveItem[]): Alignment {
  const places = sequence.flatMap((entry, index) => (isLive(entry) ? [index] : []));
  const known = places.map((index) => sequence[index] as SequenceEntry);
  const pairs = preferSameDate(
    known,
    live,
    longestCommonSubsequence(
      known.map((entry) => entry.uri),
      live.map((item) => item.uri),
    ),
  );

  const fresh = carryOver(sequence, known, live, pairs);
  const result: SequenceEntry[] = [];
  let from = 0;
  let next = 0;
  for (const [left, right] of pairs) {
    const place = places[left] as number;
    const ghosts = sequence.slice(from, place).filter((entry) => !isLive(entry));
    for (const entry of arrangeGap(ghosts, fresh.slice(next, right), false)) result.push(entry);
    result.push(fresh[right] as SequenceEntry);
    from = place + 1;
    next = right + 1;
  }
  const ghosts = sequence.slice(from).filter((entry) => !isLive(entry));
  for (const entry of arrangeGap(ghosts, fresh.slice(next), true)) result.push(entry);
  return { sequence: result, inserted: live.length - pairs.length, removed: known.length - pairs.length };
}

/** Among equal tracks, pairs those that were also added at the same time: so one copy of several is told from another. */
function preferSameDate(
  known: readonly LiveItem[],
  live: readonly LiveItem[],
  pairs: readonly AlignedPair[],
): AlignedPair[] {
  const chosen: AlignedPair[] = [];
  pairs.forEach(([left, right], index) => {
    const [afterLeft, afterRight] = chosen.at(-1) ?? [-1, -1];
    const [beforeLeft, beforeRight] = pairs[index + 1] ?? [known.length, live.length];
    const isSame = (i: number, j: number) =>
      known[i]?.uri === live[j]?.uri &&
      known[i]?.addedAt === live[j]?.addedAt &&
      known[i]?.addedBy === live[j]?.addedBy;
    if (!isSame(left, right)) {
      for (let i = afterLeft + 1; i < beforeLeft; i += 1) if (isSame(i, right)) return void chosen.push([i, right]);
      for (let j = afterRight + 1; j < beforeRight; j += 1) if (isSame(left, j)) return void chosen.push([left, j]);
    }
    chosen.push([left, right]);
  });
  return chosen;
}

/** The entries of the fresh look in order: aligned and moved ones keep their mark, further copies become stand-ins. */
function carryOver(
  sequence: PlaylistSequence,
  known: readonly SequenceEntry[],
  live: readonly LiveItem[],
  pairs: readonly AlignedPair[],
): SequenceEntry[] {
  const fresh: (SequenceEntry | undefined)[] = new Array<SequenceEntry | undefined>(live.length).fill(undefined);
  const room = new Map<string, number>();
  for (const entry of sequence) if (!isLive(entry) && !entry.standIn) add(room, entry.uri, 1);
  const settle = (index: number, item: LiveItem, standIn: boolean) => {
    fresh[index] = standIn ? { ...liveEntry(item), standIn: true } : liveEntry(item);
    if (standIn) add(room, item.uri, -1);
  };

  const paired = new Set<number>();
  for (const [left, right] of pairs) {
    paired.add(left);
    settle(right, live[right] as LiveItem, known[left]?.standIn === true);
  }
  const gone = { own: new Map<string, number>(), standIn: new Map<string, number>() };
  known.forEach((entry, index) => {
    if (!paired.has(index)) add(entry.standIn ? gone.standIn : gone.own, entry.uri, 1);
  });
  const arrivals: number[] = [];
  live.forEach((item, index) => {
    if (fresh[index]) return;
    if (take(gone.own, item.uri)) settle(index, item, false);
    else if (take(gone.standIn, item.uri)) settle(index, item, true);
    else arrivals.push(index);
  });
  for (const index of arrivals) {
    const item = live[index] as LiveItem;
    settle(index, item, item.uri !== null && (room.get(item.uri) ?? 0) > 0);
  }
  return fresh as SequenceEntry[];
}

function arrangeGap(
  ghosts: readonly SequenceEntry[],
  inserted: readonly SequenceEntry[],
  isTail: boolean,
): readonly SequenceEntry[] {
  if (ghosts.length === 0) return inserted;
  if (inserted.length === 0) return ghosts;
  const result: SequenceEntry[] = [];
  const join = (ghostsThere: readonly SequenceEntry[], insertedThere: readonly SequenceEntry[]) => {
    for (const entry of insertedThere) result.push(entry);
    const isAmbiguous = insertedThere.length > 0;
    for (const ghost of ghostsThere) result.push(isAmbiguous ? { ...ghost, approximate: true } : ghost);
  };
  let ghost = 0;
  let item = 0;
  for (const [left, right] of longestCommonSubsequence(
    ghosts.map((entry) => entry.uri),
    inserted.map((entry) => entry.uri),
  )) {
    join(ghosts.slice(ghost, left), inserted.slice(item, right));
    result.push(inserted[right] as SequenceEntry, ghosts[left] as SequenceEntry);
    ghost = left + 1;
    item = right + 1;
  }
  if (isTail) return [...result, ...ghosts.slice(ghost), ...inserted.slice(item)];
  join(ghosts.slice(ghost), inserted.slice(item));
  return result;
}

function add(counts: Map<string, number>, uri: string | null, by: number): void {
  if (uri !== null) counts.set(uri, (counts.get(uri) ?? 0) + by);
}

function take(counts: Map<string, number>, uri: string | null): boolean {
  if (uri === null || (counts.get(uri) ?? 0) === 0) return false;
  add(counts, uri, -1);
  return true;
}
