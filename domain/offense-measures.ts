import type { Measure } from './moderation';
import type { OffenseStatus } from './offenses';

/** What an offense has when it is decided about. */
export interface DecidedOffense {
  status: OffenseStatus;
  evidence: number;
  /** Sources that no moderator has looked at. */
  unreviewed: number;
}

/**
 * Why a measure does not fit an offense; null where it does. Without a source nothing is approved. Only what takes effect can be kept
 * from it for a time, since what waits would be neither decided nor waiting after that. Changes are asked for of what nobody has
 * approved yet: the entry, or sources that were added to it later.
 */
export function offenseMeasureDenial(
  measure: Measure,
  { status, evidence, unreviewed }: DecidedOffense,
): 'evidence_missing' | 'measure_not_possible' | null {
  if (measure === 'approve') return evidence === 0 ? 'evidence_missing' : null;
  if (measure === 'restrict') return takesEffect(status) ? null : 'measure_not_possible';
  if (measure === 'request_changes')
    return status === 'pending' || (takesEffect(status) && unreviewed > 0) ? null : 'measure_not_possible';
  return measure === 'reject' ? null : 'measure_not_possible';
}

/** Whether an entry's sources were found to support it. */
export const takesEffect = (status: OffenseStatus): boolean => status === 'sources_verified' || status === 'contested';
