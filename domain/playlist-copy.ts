/** How a copy of a playlist that is being filled stands. */
export interface CopyState {
  /** What it is to hold, in order. */
  wanted: readonly string[];
  /** What it shows now. */
  here: readonly string[];
  /** How many of the wanted were sent at most, counted from the first: noted before each call. */
  sent: number;
  /** Most that one call takes; so many go with the call that makes the copy. */
  batch: number;
}

/** What is to be done about it: `from` and `to` count places, `to` excluded. */
export type CopyStep = { step: 'append'; from: number; to: number } | { step: 'end'; failure: string | null };

/**
 * The next step of a copy that was looked at until what was sent showed, or until reads no longer lag: what does not show
 * by then did not arrive. Nothing takes a track out of an Apple Music playlist, so a track is sent only where the copy
 * shows exactly what comes before it; anything else in it is somebody's doing, and ends the copy as it is.
 */
export function nextCopyStep({ wanted, here, sent, batch }: CopyState): CopyStep {
  const fits = here.length <= wanted.length && here.every((uri, n) => uri === wanted[n]);
  if (!fits) return { step: 'end', failure: 'changed_since' };
  if (here.length === wanted.length) return { step: 'end', failure: null };
  // Calls are taken whole: a part of one is not all that there is, and neither is a copy without its first call's tracks.
  if (here.length > sent) return { step: 'end', failure: 'changed_since' };
  if (here.length === 0 || here.length % batch !== 0) return { step: 'end', failure: 'copy_incomplete' };
  return { step: 'append', from: here.length, to: Math.min(here.length + batch, wanted.length) };
}
