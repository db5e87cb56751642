/** Units of one run worked on side by side. */
export const unitsAtOnce = 4;
