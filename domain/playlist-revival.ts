import { isLive, type PlaylistSequence, type SequenceEntry } from './playlist-entries';

/** A ghost turned live: `index` is its zero-based place in the new live view. */
export interface Revived {
  actionId: string;
  uri: string;
  index: number;
  approximate: boolean;
}

/** A ghost that needed no restoring, because the person had put the track back themselves. */
export interface AlreadyBack {
  actionId: string;
  uri: string;
}

export interface Revival {
  sequence: PlaylistSequence;
  revived: Revived[];
  alreadyBack: AlreadyBack[];
}

/**
 * Turns the ghosts of the given actions live again. A copy the person added meanwhile (`standIn`) takes the place of the
 * nearest ghost of the same URI instead, and stays where the person put it. A stand-in that was itself removed by an
 * action comes back only while the copy it stands for is still out, so no order of undoing makes more copies than there
 * were.
 */
export function reviveActions(sequence: PlaylistSequence, actionIds: ReadonlySet<string>): Revival {
  const dropped = new Set<number>();
  const awake = new Set<number>();
  const settled = new Set<number>();
  for (const copies of copiesByUri(sequence, actionIds).values()) {
    const waiting = { own: copies.own.slice(), standIn: copies.heldStandIns.slice() };
    const liveStandIns = copies.liveStandIns.slice();
    let outside = copies.ownOutside;

    while (liveStandIns.length > 0 && waiting.own.length > 0) {
      const standIn = liveStandIns.shift() as number;
      dropped.add(takeNearest(waiting.own, standIn));
      settled.add(standIn);
      outside -= 1;
    }
    for (const index of waiting.own) {
      awake.add(index);
      outside -= 1;
    }
    const standing = copies.liveStandIns.filter((index) => !settled.has(index)).length;
    for (const standIn of copies.liveStandIns) {
      if (waiting.standIn.length > 0) dropped.add(takeNearest(waiting.standIn, standIn));
    }
    let room = Math.max(0, outside - standing);
    for (const index of waiting.standIn) {
      if (room > 0) awake.add(index);
      else dropped.add(index);
      room -= 1;
    }
  }
  return rebuild(sequence, dropped, awake, settled);
}

interface Copies {
  /** Ghosts of the actions being undone, by index: the playlist's own copies, and stand-ins removed in their turn. */
  own: number[];
  heldStandIns: number[];
  liveStandIns: number[];
  /** How many of the playlist's own copies any action holds out. */
  ownOutside: number;
}

function copiesByUri(sequence: PlaylistSequence, actionIds: ReadonlySet<string>): Map<string, Copies> {
  const all = new Map<string, Copies>();
  for (const entry of sequence) {
    if (entry.uri === null || entry.ghostOf === null || !actionIds.has(entry.ghostOf)) continue;
    all.set(entry.uri, { own: [], heldStandIns: [], liveStandIns: [], ownOutside: 0 });
  }
  sequence.forEach((entry, index) => {
    const copies = entry.uri === null ? undefined : all.get(entry.uri);
    if (!copies) return;
    if (isLive(entry)) {
      if (entry.standIn) copies.liveStandIns.push(index);
      return;
    }
    const isUndone = actionIds.has(entry.ghostOf as string);
    if (entry.standIn && isUndone) copies.heldStandIns.push(index);
    if (!entry.standIn) copies.ownOutside += 1;
    if (!entry.standIn && isUndone) copies.own.push(index);
  });
  return all;
}

/** Takes the candidate nearest to an index out of an ascending list; of two equally near ones, the one behind it. */
function takeNearest(candidates: number[], index: number): number {
  let best = 0;
  candidates.forEach((candidate, at) => {
    if (Math.abs(candidate - index) <= Math.abs((candidates[best] as number) - index)) best = at;
  });
  return candidates.splice(best, 1)[0] as number;
}

function rebuild(
  sequence: PlaylistSequence,
  dropped: ReadonlySet<number>,
  awake: ReadonlySet<number>,
  settled: ReadonlySet<number>,
): Revival {
  const result: SequenceEntry[] = [];
  const revived: Revived[] = [];
  const alreadyBack: AlreadyBack[] = [];
  let live = 0;
  sequence.forEach((entry, index) => {
    const held = { actionId: entry.ghostOf as string, uri: entry.uri as string };
    if (dropped.has(index)) return void alreadyBack.push(held);
    if (awake.has(index)) {
      revived.push({ ...held, index: live, approximate: entry.approximate === true });
      const { approximate: _approximate, ...rest } = entry;
      result.push({ ...rest, ghostOf: null });
    } else if (settled.has(index)) {
      const { standIn: _standIn, ...rest } = entry;
      result.push(rest);
    } else result.push(entry);
    if (isLive(result.at(-1) as SequenceEntry)) live += 1;
  });
  return { sequence: result, revived, alreadyBack };
}
