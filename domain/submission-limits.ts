/** How much one person may submit. */
export interface SubmissionLimits {
  /** Entries that wait for a moderator at the same time. */
  pending: number;
  /** Entries, and sources added to entries later, in 24 hours. */
  aDay: number;
}

export interface SubmissionsSoFar {
  pending: number;
  /** When each of the last 24 hours was submitted, the latest first; no more than the limit is needed. */
  ofADay: readonly Date[];
}

/** Seconds after which it may be worth looking whether something was decided. */
const decisionsTake = 3_600;

/** Which limit a further submission would break, and in how many seconds it may be tried again; null where none. */
export function submissionLimit(
  kind: 'offense' | 'evidence',
  { pending, ofADay }: SubmissionsSoFar,
  limits: SubmissionLimits,
  now: Date,
): { limit: 'pending' | 'a_day'; most: number; retryAfter: number } | null {
  const first = ofADay[limits.aDay - 1];
  if (first) {
    const retryAfter = Math.max(1, Math.ceil((first.getTime() + 86_400_000 - now.getTime()) / 1_000));
    return { limit: 'a_day', most: limits.aDay, retryAfter };
  }
  if (kind === 'evidence' || pending < limits.pending) return null;
  return { limit: 'pending', most: limits.pending, retryAfter: decisionsTake };
}
