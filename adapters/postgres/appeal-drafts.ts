import { type AppealOutcome, isAppealOpen, reviewDenial } from '../../domain/appeals';
import type { ErrorCode } from '../../domain/errors';
import type { Measure } from '../../domain/moderation';
import { modificationsOf, type StoredDraft } from './appeal-outcomes';
import { appealedDecision, appealsTogether, involvedIn } from './appealed-decisions';
import { audit } from './audit';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { holdReviewer } from './reviewers';

export interface NewDraft {
  appealId: string;
  userId: string;
  outcome: AppealOutcome;
  /** Of a decision that is modified; null otherwise. */
  measure: Measure | null;
  until: Date | null;
  facts: string;
  automated: boolean;
  policyVersion: string;
  rule: string;
  internalNote: string | null;
  requestId: string | null;
}

/** A draft is saved, or why not; null where there is no such appeal. `measures`: what the decision can be modified to. */
export type SavedDraft = { draftId: string } | { denied: ErrorCode } | { measures: Measure[] };

/** Saves what a reviewer would decide, under their name. Whoever may not decide may not save either; that is on record. */
export async function saveDraft(tx: EntityManager, draft: NewDraft): Promise<SavedDraft | null> {
  const { appealId, userId, outcome, measure } = draft;
  const [row] = await tx.execute<{ decision_id: string }[]>(`select decision_id from appeals where id = ?`, [appealId]);
  const decision = row ? await appealedDecision(tx, row.decision_id, { hold: false }) : null;
  if (!decision) return null;
  const { appeal, together } = await appealsTogether(tx, appealId, decision.id);
  const involvedIds = await involvedIn(tx, decision);
  const denied =
    reviewDenial({ appeal, together, involvedIds, actor: await holdReviewer(tx, userId) }) ??
    (isAppealOpen(appeal.state) ? null : 'already_decided');
  const about = { actorId: userId, subjectType: 'appeal', subjectId: appealId, requestId: draft.requestId };
  if (denied) {
    audit(tx, { ...about, event: 'appeal.draft', outcome: 'denied', details: { code: denied } });
    return { denied };
  }
  const measures = modificationsOf(decision);
  if (outcome === 'modified' && (measure === null || !measures.includes(measure))) return { measures };
  const draftId = newId();
  await tx.execute(
    `insert into decision_drafts (id, appeal_id, user_id, outcome, measure, until, facts, automated, policy_version, rule, internal_note)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      draftId,
      appealId,
      userId,
      outcome,
      measure,
      draft.until,
      draft.facts,
      draft.automated,
      draft.policyVersion,
      draft.rule,
      draft.internalNote,
    ],
  );
  audit(tx, { ...about, event: 'appeal.draft_saved', outcome: 'done', details: { draftId, outcome } });
  return { draftId };
}

/** What a reviewer has saved for an appeal, newest first. */
export async function listDrafts(
  em: EntityManager,
  { appealId, userId }: { appealId: string; userId: string },
): Promise<StoredDraft[]> {
  return em.execute<StoredDraft[]>(
    `select id, user_id as "userId", outcome, measure, until, facts, automated, policy_version as "policyVersion", rule,
       internal_note as "internalNote", created_at as "createdAt"
     from decision_drafts where appeal_id = ? and user_id = ? order by id desc`,
    [appealId, userId],
  );
}
