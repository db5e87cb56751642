/**
 * A playlist as a sequence with tombstones. What an action removed stays in its place as a ghost held by that action;
 * undoing the action turns its ghosts live again, and the live entries, read in order, are the playlist to aim at.
 * Because every ghost keeps its place among the others, runs, rollbacks and the person's own edits may come in any order.
 */

/** An item of a playlist as the provider lists it. `uri` is null for an unavailable item; times are RFC 3339. */
export interface LiveItem {
  uri: string | null;
  addedAt: string | null;
  addedBy: string | null;
}

/** A place in a playlist: live, or held empty by an action. */
export interface SequenceEntry extends LiveItem {
  /** The id of the action that holds this entry out of the playlist; null when it is live. */
  ghostOf: string | null;
  /** The person put something next to this ghost, and on which side of it can't be known. */
  approximate?: true;
  /**
   * The person added this copy while an action held out another copy of the same URI, so it counts as that one: undoing
   * the action doesn't add it a second time.
   */
  standIn?: true;
}

export type PlaylistSequence = readonly SequenceEntry[];

export function sequenceFromLive(live: readonly LiveItem[]): PlaylistSequence {
  return live.map((item) => liveEntry(item));
}

/** The playlist as it is meant to be at the provider: the live entries in order. */
export function liveView(sequence: PlaylistSequence): LiveItem[] {
  return sequence.filter(isLive).map(({ uri, addedAt, addedBy }) => ({ uri, addedAt, addedBy }));
}

/**
 * Turns every live copy of the given URIs into a ghost (Spotify removes by URI, all occurrences).
 * @param holders which action holds which URI out
 */
export function buryUris(sequence: PlaylistSequence, holders: ReadonlyMap<string, string>): PlaylistSequence {
  return sequence.map((entry) => {
    const holder = isLive(entry) && entry.uri !== null ? holders.get(entry.uri) : undefined;
    return holder === undefined ? entry : { ...entry, ghostOf: holder };
  });
}

export function isLive(entry: SequenceEntry): boolean {
  return entry.ghostOf === null;
}

export function liveEntry({ uri, addedAt, addedBy }: LiveItem): SequenceEntry {
  return { uri, addedAt, addedBy, ghostOf: null };
}
