import { cluster, type ScoredPair } from './clusters';
import { compareRecordings, recordingFeatures, type RecordingSubject } from './recording-features';
import type { Recording } from './recording';
import { recordingWeights } from './recording-weights';
import { type Band, bandOf, scoreOf } from './score';
import { type Evidence, evidenceOf, logOdds } from './weights';

/** Log odds from which two recordings are taken for one unasked. */
export const acceptRecordingOdds = 5;

/** How sure it is that two recordings are one, and why. */
export interface RecordingMatch {
  score: number;
  band: Band;
  evidence: Evidence<RecordingSubject>[];
}

export function matchRecordings(one: Recording, other: Recording): RecordingMatch {
  const values = compareRecordings(one, other);
  const score = scoreOf(logOdds(recordingWeights, recordingFeatures, values), acceptRecordingOdds);
  return { score, band: bandOf(score), evidence: evidenceOf(recordingWeights, recordingFeatures, values) };
}

/**
 * Groups recordings of which these pairs may be one.
 * @param pairs positions among the recordings, with the log odds that both are one
 * @param from the least sure that pairs are joined
 * @param sourceOf where each source holds a recording once at most; null otherwise
 * @returns the number of each recording's group
 */
export function groupRecordings(
  recordings: number,
  pairs: readonly ScoredPair[],
  from: Exclude<Band, 'new'>,
  sourceOf: ((recording: number) => string) | null,
): number[] {
  return cluster(recordings, pairs, from === 'accept' ? acceptRecordingOdds : 0, sourceOf);
}
