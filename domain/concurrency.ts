/** Provider calls of one run in flight at a time. */
export const callsAtOnce = 4;

/**
 * Units of one run (a batch of the library's, or a playlist) worked on side by side: more than calls, so that no call's turn
 * is left unused while a unit saves what it did.
 */
export const unitsAtOnce = 8;
