import type { MatchMeans } from './linkage/sourced-recordings';

/**
 * `pending`: waits for a person · `accepted`: the two are one recording · `rejected`: they are two. What a person has decided the
 * machine leaves alone.
 */
export const matchStates = ['pending', 'accepted', 'rejected'] as const;
export type MatchState = (typeof matchStates)[number];

/** How sure the machine was: `accept` is in effect unasked, `review` waits for a person. */
export const matchBands = ['accept', 'review'] as const;
export type MatchBand = (typeof matchBands)[number];

/** What was compared, and the log odds that it adds: positive for one and the same. */
export type MatchEvidence = readonly { subject: string; odds: number }[];

/** What a person may do about two recordings; `undo` takes back what one decided. */
export const matchDecisions = ['approve', 'reject', 'undo'] as const;
export type MatchDecision = (typeof matchDecisions)[number];

/** What the machine alone makes of a pair. */
export const stateUnasked = (band: MatchBand): MatchState => (band === 'accept' ? 'accepted' : 'pending');

/** What a decision leads to, from whatever there was. */
export function stateAfter(decision: MatchDecision, band: MatchBand): MatchState {
  if (decision === 'undo') return stateUnasked(band);
  return decision === 'approve' ? 'accepted' : 'rejected';
}

/** Whether two count as one now: who shares an ISRC or an address does until a person says otherwise. */
export const isInEffect = (state: MatchState, means: MatchMeans): boolean =>
  state === 'accepted' || (state === 'pending' && means !== 'linkage');
