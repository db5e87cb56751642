/** What a case can be about. An entry is one artist on one list, in whatever versions. */
export const caseSubjectTypes = ['offense', 'list', 'list_version', 'list_entry'] as const;
export type CaseSubjectType = (typeof caseSubjectTypes)[number];

/** What a decision can be about: also a person, who is suspended. */
export const decisionSubjectTypes = [...caseSubjectTypes, 'user'] as const;
export type DecisionSubjectType = (typeof decisionSubjectTypes)[number];

export interface DecisionSubject {
  type: DecisionSubjectType;
  id: string;
}

/** What opened a case; others join while it is open. */
export const caseOrigins = ['submission', 'flagged_version', 'report'] as const;
export type CaseOrigin = (typeof caseOrigins)[number];

export const caseStates = ['open', 'in_review', 'changes_requested', 'decided'] as const;
export type CaseState = (typeof caseStates)[number];

/**
 * What a decision does. `approve`: what is asked about stands. `reject`: it does not, and blocks nobody. `request_changes`: its author
 * is asked to mend it. `restrict`: it is kept from taking effect until a date. `suspend`: its person is.
 */
export const measures = ['approve', 'reject', 'request_changes', 'restrict', 'suspend'] as const;
export type Measure = (typeof measures)[number];

/** As whom somebody is told of a decision, and may appeal against it. */
export const noticeCapacities = ['submitter', 'owner', 'reporter', 'suspended'] as const;
export type NoticeCapacity = (typeof noticeCapacities)[number];

/** Why a decision was taken, for everybody whom it concerns; what moderators note for each other is apart. */
export interface StatementOfReasons {
  measure: Measure;
  /** When it ends by itself; null: it does not. */
  until: Date | null;
  facts: string;
  /** Whether automated means helped to find or to decide it. */
  automated: boolean;
  policyVersion: string;
  /** The rule that it rests on, of that version. */
  rule: string;
}

/** What is waited for longest among equals comes first; what takes effect already comes before what waits to. */
export function casePriority({ origin, reports }: { origin: CaseOrigin; reports: number }): number {
  const base = { report: 20, flagged_version: 10, submission: 0 }[origin];
  return base + Math.min(reports, 20);
}
