import type { ErrorCode } from './errors';
import type { DecisionSubjectType, Measure } from './moderation';
import { appealUntil } from './redress';

/** Where an appeal stands. The last four are its ends. */
export const appealStates = [
  'submitted',
  'in_review',
  'waiting_for_answer',
  'decision_stands',
  'decision_reversed',
  'decision_modified',
  'withdrawn',
] as const;
export type AppealState = (typeof appealStates)[number];

export const openAppealStates = [
  'submitted',
  'in_review',
  'waiting_for_answer',
] as const satisfies readonly AppealState[];

export function isAppealOpen(state: AppealState): boolean {
  return (openAppealStates as readonly AppealState[]).includes(state);
}

/** What a reviewer makes of the decision that is appealed against. */
export const appealOutcomes = ['stands', 'reversed', 'modified'] as const;
export type AppealOutcome = (typeof appealOutcomes)[number];

/** What somebody does with an open appeal; each is an update of its workflow, by this name. */
export const appealSteps = ['claim', 'release', 'decide', 'requestInformation', 'answer', 'withdraw'] as const;
export type AppealStep = (typeof appealSteps)[number];

/** What a step is given: ids only. Where a draft or a message is named, its author acts, whoever is named beside it. */
export interface AppealStepInput {
  actorId?: string;
  draftId?: string;
  messageId?: string;
  /** The version that was seen; without it any will do. */
  version?: number;
  /** Of the HTTP request that asks. */
  requestId?: string;
}

/** Those of whoever appeals; the others are a reviewer's. */
const appellantSteps: readonly AppealStep[] = ['answer', 'withdraw'];

/** An appeal that is open on the same decision, this one or another. */
export interface OpenAppeal {
  id: string;
  /** Who appeals; null once they have left. */
  appellantId: string | null;
  holderId: string | null;
  /** Whether its holder has the role still, and isn't suspended. */
  holderMayReview: boolean;
  claimedAt: Date | null;
  escalatedAt: Date | null;
}

/** Everything that decides whether a step may be done. */
export interface AppealSituation {
  appeal: OpenAppeal & { state: AppealState; version: number };
  /** Every open appeal on the decision. */
  together: readonly OpenAppeal[];
  /** Who decided, and everybody whom the decision concerns. */
  involvedIds: readonly string[];
  actor: {
    /** The person, and whoever was merged into them. */
    ids: readonly string[];
    /** Whether they have the role now, and aren't suspended. */
    mayReview: boolean;
  };
  /** The version that they have seen; null where they did not say. */
  version: number | null;
}

/** Why a step is not done; null where it is. Rights come first: who has none learns nothing more. */
export function stepDenial(step: AppealStep, situation: AppealSituation): ErrorCode | null {
  const { appeal, actor, version } = situation;
  const mine = (id: string | null) => id !== null && actor.ids.includes(id);
  if (appellantSteps.includes(step)) {
    if (!mine(appeal.appellantId)) return 'not_found';
  } else {
    const denial = reviewDenial(situation);
    if (denial) return denial;
  }
  if (!isAppealOpen(appeal.state)) return 'already_decided';
  if (version !== null && version !== appeal.version) return 'version_conflict';
  if (step === 'claim')
    return situation.together.some((other) => isFirmlyHeld(other) && !mine(other.holderId))
      ? 'case_held_by_another'
      : null;
  if (step === 'answer') return appeal.state === 'waiting_for_answer' ? null : 'nothing_asked';
  if (step === 'withdraw') return null;
  if (!mine(appeal.holderId)) return appeal.holderId === null ? 'not_claimed' : 'case_held_by_another';
  return step === 'requestInformation' && appeal.state === 'waiting_for_answer' ? 'answer_awaited' : null;
}

/** Why somebody may review no appeal on a decision, this one included: never their own decision, nor what concerns them. */
export function reviewDenial({
  appeal,
  together,
  involvedIds,
  actor,
}: Omit<AppealSituation, 'version'>): 'role_missing' | 'own_case' | null {
  if (!actor.mayReview) return 'role_missing';
  const involved = [...involvedIds, appeal.appellantId, ...together.map(({ appellantId }) => appellantId)];
  return involved.some((id) => id !== null && actor.ids.includes(id)) ? 'own_case' : null;
}

/**
 * Whether nobody else can take an appeal over: its holder has their rights still, and has not let a deadline pass since they claimed
 * it.
 */
export function isFirmlyHeld({ holderId, holderMayReview, claimedAt, escalatedAt }: OpenAppeal): boolean {
  if (holderId === null || !holderMayReview) return false;
  return escalatedAt === null || (claimedAt !== null && claimedAt >= escalatedAt);
}

/** Where an open appeal stands: an answer that is waited for comes first, then whether somebody has it. */
export function openState(held: boolean, awaitsAnswer: boolean): AppealState {
  if (awaitsAnswer) return 'waiting_for_answer';
  return held ? 'in_review' : 'submitted';
}

export const closedStates: Readonly<Record<AppealOutcome, AppealState>> = {
  stands: 'decision_stands',
  reversed: 'decision_reversed',
  modified: 'decision_modified',
};

/** A decision as somebody sees it who wants to appeal. */
export interface AppealableDecision {
  measure: Measure;
  subjectType: DecisionSubjectType;
  deciderId: string;
  decidedAt: Date;
  /** Whether an appeal has taken it back. */
  reversed: boolean;
  /** When they were told of it; null where it does not concern them. */
  toldAt: Date | null;
}

/**
 * Why somebody can't appeal against a decision; null where they can. What concerns somebody else does not exist for them, but for what
 * is said of an artist in public, which anybody may doubt. A request for changes is no decision yet: what is decided after it is.
 */
export function appealDenial(
  decision: AppealableDecision,
  { personIds, now, windowDays }: { personIds: readonly string[]; now: Date; windowDays: number },
): ErrorCode | null {
  if (personIds.includes(decision.deciderId)) return 'own_case';
  if (decision.toldAt === null && decision.subjectType !== 'offense') return 'not_found';
  if (decision.measure === 'request_changes' || decision.reversed) return 'decision_not_appealable';
  const from = decision.toldAt ?? decision.decidedAt;
  return now > appealUntil(from, windowDays) ? 'appeal_window_closed' : null;
}

/** What is said once a decision is reversed. */
export function reversalOf(measure: Measure): Measure {
  return measure === 'approve' ? 'reject' : 'approve';
}

/** What a decision can become short of being reversed, or where that would go too far. */
export const modifications: Readonly<Record<Measure, readonly Measure[]>> = {
  approve: ['restrict'],
  reject: ['restrict'],
  restrict: ['restrict', 'reject'],
  suspend: ['suspend'],
  request_changes: [],
};

/** Whether a measure must end before what it is modified to begins. What was approved goes on under a restriction. */
export function endsWhenModified(measure: Measure): boolean {
  return measure !== 'approve';
}

/** Whether a later decision about the same subject has taken the place of an earlier one. */
export function supersedes(later: Measure, earlier: Measure): boolean {
  if (later === 'request_changes') return false;
  return later === earlier || (later !== 'restrict' && later !== 'suspend');
}
