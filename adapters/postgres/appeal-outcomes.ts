import {
  type AppealOutcome,
  closedStates,
  endsWhenModified,
  modifications,
  reversalOf,
  supersedes,
} from '../../domain/appeals';
import type { ErrorCode } from '../../domain/errors';
import type { Measure } from '../../domain/moderation';
import { announce } from './announcements';
import { closeAppeal } from './appeal-closing';
import { type AppealedDecision, contest } from './appealed-decisions';
import { type ConcernedPerson, decidedSubject } from './decided-subjects';
import { takeDecision } from './decisions';
import type { EntityManager } from './orm';

/** What a reviewer has saved to decide by. */
export interface StoredDraft {
  id: string;
  userId: string | null;
  outcome: AppealOutcome;
  measure: Measure | null;
  until: string | null;
  facts: string;
  automated: boolean;
  policyVersion: string;
  rule: string;
  internalNote: string | null;
  createdAt: string;
}

const columns = `id, user_id as "userId", outcome, measure, until, facts, automated, policy_version as "policyVersion", rule,
  internal_note as "internalNote", created_at as "createdAt"`;

/** What an appeal was decided by, which may have been saved for another one on the same decision. */
export async function usedDraft(em: EntityManager, draftId: string): Promise<StoredDraft | null> {
  const [draft] = await em.execute<StoredDraft[]>(`select ${columns} from decision_drafts where id = ?`, [draftId]);
  return draft ?? null;
}

/** A draft for an appeal; null where there is none by that id. */
export async function draftOf(
  em: EntityManager,
  { appealId, draftId }: { appealId: string; draftId: string | null },
): Promise<StoredDraft | null> {
  const [draft] = await em.execute<StoredDraft[]>(
    `select ${columns} from decision_drafts where id = ? and appeal_id = ?`,
    [draftId, appealId],
  );
  return draft ?? null;
}

/**
 * Why a draft can't decide: somebody has appealed or answered since it was saved, whose words would be passed over, or what it modifies
 * has been decided anew, or its measure would end before it begins.
 */
export async function draftDenial(
  tx: EntityManager,
  draftId: string,
  decision: AppealedDecision,
): Promise<ErrorCode | null> {
  const [draft] = await tx.execute<{ passesOver: boolean; outcome: AppealOutcome; over: boolean }[]>(
    `select outcome, coalesce(until <= now(), false) as over,
       exists (select from appeals a where a.decision_id = ? and a.closed_at is null and (a.created_at > d.created_at
         or exists (select from appeal_messages m where m.appeal_id = a.id and m.kind = 'answer' and m.sent_at > d.created_at))) as "passesOver"
     from decision_drafts d where id = ?`,
    [decision.id, draftId],
  );
  if (!draft) return 'not_found';
  if (draft.passesOver) return 'version_conflict';
  if (draft.outcome !== 'modified') return null;
  return draft.over || (await isSuperseded(tx, decision)) ? 'decision_superseded' : null;
}

/** What a decision can be modified to: what fits its measure, and its subject. */
export function modificationsOf({ measure, subjectType }: AppealedDecision): Measure[] {
  const { measures } = decidedSubject(subjectType);
  return modifications[measure].filter((other) => measures.includes(other));
}

async function isSuperseded(em: EntityManager, decision: AppealedDecision): Promise<boolean> {
  const later = await em.execute<{ measure: Measure }[]>(
    `select measure from decisions where subject_type = ? and subject_id = ? and reversed_at is null and id > ?`,
    [decision.subjectType, decision.subjectId, decision.id],
  );
  return later.some(({ measure }) => supersedes(measure, decision.measure));
}

/**
 * Decides every open appeal on a decision by one draft: the decision stands, is taken back, or is changed at its subject, and whoever
 * appealed is told. The caller holds the decision, and has looked at who may.
 */
export async function decideTogether(
  tx: EntityManager,
  { draftId, reviewerId, decision }: { draftId: string; reviewerId: string; decision: AppealedDecision },
): Promise<void> {
  const [draft] = await tx.execute<StoredDraft[]>(
    `update decision_drafts set used_at = now() where id = ? returning ${columns}`,
    [draftId],
  );
  if (!draft) throw new Error('The draft was there a moment ago.');
  const { outcome } = draft;
  const outcomeDecisionId = outcome === 'stands' ? null : await replace(tx, { draft, reviewerId, decision });
  const open = await tx.execute<{ id: string; user_id: string | null }[]>(
    `select id, user_id from appeals where decision_id = ? and closed_at is null order by id for update`,
    [decision.id],
  );
  for (const { id } of open) await closeAppeal(tx, id, { state: closedStates[outcome], draftId, outcomeDecisionId });
  await contest(tx, decision);
  // In one order: telling holds off others.
  const appellants = open.flatMap(({ id, user_id: userId }) => (userId === null ? [] : [{ id, userId }]));
  for (const { id: appealId, userId } of appellants.sort((a, b) => (a.userId < b.userId ? -1 : 1)))
    await announce(tx, userId, { type: 'appeal.decided', params: { appealId, decisionId: decision.id, outcome } });
}

/** @returns the new decision's id; null where its subject is gone */
async function replace(
  tx: EntityManager,
  { draft, reviewerId, decision }: { draft: StoredDraft; reviewerId: string; decision: AppealedDecision },
): Promise<string | null> {
  const { measure, until, previous, subjectId } = decision;
  const reversed = draft.outcome === 'reversed';
  const superseded = await isSuperseded(tx, decision);
  const subject = { type: decision.subjectType, id: subjectId };
  await tx.execute(`update decisions set reversed_at = now() where id = ?`, [decision.id]);
  const there = await decidedSubject(subject.type).hold(tx, subjectId);
  if (!there || superseded) return null;
  const takesBack = { measure, until, previous };
  if (!reversed && endsWhenModified(measure))
    await decidedSubject(subject.type).takeBack(tx, {
      decisionId: decision.id,
      subjectId,
      actorId: reviewerId,
      ...takesBack,
    });
  return takeDecision(tx, {
    subject,
    caseId: decision.caseId,
    replacesId: decision.id,
    deciderId: reviewerId,
    statement: {
      measure: draft.measure ?? reversalOf(measure),
      until: draft.until === null ? null : new Date(draft.until),
      facts: draft.facts,
      automated: draft.automated,
      policyVersion: draft.policyVersion,
      rule: draft.rule,
    },
    internalNote: draft.internalNote,
    alsoConcerned: await concernedBy(tx, decision.id),
    requestId: null,
    ...(reversed ? { takesBack } : {}),
  });
}

async function concernedBy(em: EntityManager, decisionId: string): Promise<ConcernedPerson[]> {
  return em.execute<ConcernedPerson[]>(
    `select user_id as "userId", capacity from decision_notices where decision_id = ? order by user_id`,
    [decisionId],
  );
}
