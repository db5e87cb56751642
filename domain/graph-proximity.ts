/**
 * Recordings of two linked artists. Where both perform: led by one, by the other, or by somebody else with both as guests; where
 * they don't: produced, or else written, by one of them.
 */
export interface SharedRecordings {
  ledByLinked: number;
  ledByArtist: number;
  bothGuests: number;
  produced: number;
  written: number;
}

/** Being guests of the same third artist says less than inviting each other. */
export const guestWeight = 0.5;
/** Producing somebody says less than singing with them. */
export const producedWeight = 0.5;
/** Whoever sings a song need not have met who wrote it. */
export const writtenWeight = 0.25;
/** The weight of recordings at which a link is worth half of the most that it can be. */
export const halfWeight = 2;
/** What is left of a link's worth where it goes through somebody in between. */
export const distanceTwo = 0.4;

export const bands = ['close', 'near', 'loose'] as const;
export type ProximityBand = (typeof bands)[number];

/** How much one link is worth, from 0 to below 1: it grows with every recording, and ever less. */
export function linkWorth(shared: SharedRecordings): number {
  const weight =
    shared.ledByLinked +
    shared.ledByArtist +
    guestWeight * shared.bothGuests +
    producedWeight * shared.produced +
    writtenWeight * shared.written;
  return weight / (weight + halfWeight);
}

/** Of several links together: each takes its share of what the others leave, so that the sum stays below 1. */
export function together(worths: readonly number[]): number {
  return 1 - worths.reduce((left, worth) => left * (1 - worth), 1);
}

/** @param score from 0 to 1 */
export function bandOf(score: number): ProximityBand {
  if (score >= 0.6) return 'close';
  return score >= 0.3 ? 'near' : 'loose';
}
