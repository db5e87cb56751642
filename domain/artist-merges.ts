/**
 * `pending`: waits for a person · `applied`: the two are one · `rejected`: a person said no · `undone`: they were one and are two again.
 * Nothing but a person comes back to a pair that is `rejected` or `undone`.
 */
export const mergeStates = ['pending', 'applied', 'rejected', 'undone'] as const;
export type MergeState = (typeof mergeStates)[number];

/** How sure the machine was: `accept` is done unasked, `review` waits for a person. */
export const mergeBands = ['accept', 'review'] as const;
export type MergeBand = (typeof mergeBands)[number];

/** What was compared, and the log odds that it adds: positive for one and the same. */
export type MergeEvidence = readonly { subject: string; odds: number }[];

/** What a person may do about a pair, from which states; in the state it leads to already nothing is done. */
export const mergeDecisions = {
  approve: { from: ['pending', 'rejected', 'undone'], to: 'applied' },
  reject: { from: ['pending'], to: 'rejected' },
  undo: { from: ['applied'], to: 'undone' },
} as const satisfies Record<string, { from: readonly MergeState[]; to: MergeState }>;
export type MergeDecision = keyof typeof mergeDecisions;

/** What a decision comes to: it is carried out, it was already, or it can't be. */
export function judgeMerge(decision: MergeDecision, state: MergeState): 'carry_out' | 'done_already' | 'not_possible' {
  const { from, to } = mergeDecisions[decision];
  if (state === to) return 'done_already';
  return (from as readonly MergeState[]).includes(state) ? 'carry_out' : 'not_possible';
}

/** What tells how well an artist is known. */
export interface MergeCandidate {
  id: string;
  /** Ids at providers. */
  ids: number;
  /** Tracks and albums. */
  credits: number;
  createdAt: Date;
}

/** Which of two is kept: who has more ids, then more credits, then who was there first. */
export function chooseKept<T extends MergeCandidate>(one: T, other: T): { kept: T; merged: T } {
  const lead =
    one.ids - other.ids ||
    one.credits - other.credits ||
    other.createdAt.getTime() - one.createdAt.getTime() ||
    (one.id < other.id ? 1 : -1);
  return lead > 0 ? { kept: one, merged: other } : { kept: other, merged: one };
}
