/**
 * One touched part of a library (likes, albums, follows, or one playlist), re-read after a run. `expectedLength` is how
 * long it should be then; `removed` and `restored` are how many entries this run took out of it and put back, copies
 * counted one by one.
 */
export interface PartObservation {
  expectedLength: number;
  observedLength: number;
  removed: number;
  restored: number;
}

/** Entries of the touched parts: left alone, taken out, put back, and differing from the expectation, which must be 0. */
export interface Receipt {
  untouched: number;
  removed: number;
  restored: number;
  unexplained: number;
}

/** Sums the parts. A part that is too long and one that is too short don't cancel each other out. */
export function receiptOf(parts: readonly PartObservation[]): Receipt {
  const receipt: Receipt = { untouched: 0, removed: 0, restored: 0, unexplained: 0 };
  for (const { expectedLength, observedLength, removed, restored } of parts) {
    receipt.untouched += Math.max(0, Math.min(expectedLength, observedLength) - restored);
    receipt.removed += removed;
    receipt.restored += restored;
    receipt.unexplained += Math.abs(observedLength - expectedLength);
  }
  return receipt;
}
