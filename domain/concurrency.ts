/** Units of one run (a batch of the library's, or a playlist) worked on side by side. */
export const unitsAtOnce = 4;
