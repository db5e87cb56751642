import type { AppealState, AppealSituation, OpenAppeal } from '../../domain/appeals';
import type { DecisionSubjectType, Measure } from '../../domain/moderation';
import { decidedSubject, type PreviousState } from './decided-subjects';
import type { EntityManager } from './orm';
import { mayReview } from './reviewers';

/** A decision that can be appealed against. */
export interface AppealedDecision {
  id: string;
  caseId: string | null;
  subjectType: DecisionSubjectType;
  subjectId: string;
  deciderId: string;
  measure: Measure;
  until: Date | null;
  previous: PreviousState;
  decidedAt: Date;
  reversedAt: Date | null;
}

/** Reads a decision; with `hold`, nobody else appeals against it or decides about that until the transaction ends. */
export async function appealedDecision(
  em: EntityManager,
  decisionId: string,
  { hold }: { hold: boolean },
): Promise<AppealedDecision | null> {
  type Raw = Omit<AppealedDecision, 'until' | 'decidedAt' | 'reversedAt'> &
    Record<'until' | 'reversedAt', string | null>;
  const [row] = await em.execute<(Raw & { decidedAt: string })[]>(
    `select id, case_id as "caseId", subject_type as "subjectType", subject_id as "subjectId", decider_id as "deciderId", measure, until,
       previous, decided_at as "decidedAt", reversed_at as "reversedAt"
     from decisions where id = ?${hold ? ' for update' : ''}`,
    [decisionId],
  );
  if (!row) return null;
  return {
    ...row,
    until: row.until === null ? null : new Date(row.until),
    decidedAt: new Date(row.decidedAt),
    reversedAt: row.reversedAt === null ? null : new Date(row.reversedAt),
  };
}

/** Who decided, and everybody who was told that the decision concerns them. */
export async function involvedIn(em: EntityManager, { id, deciderId }: AppealedDecision): Promise<string[]> {
  const told = await em.execute<{ user_id: string }[]>(`select user_id from decision_notices where decision_id = ?`, [
    id,
  ]);
  return [deciderId, ...told.map(({ user_id: userId }) => userId)];
}

/** An appeal, and every one that is open on the same decision. */
export async function appealsTogether(
  em: EntityManager,
  appealId: string,
  decisionId: string,
): Promise<Pick<AppealSituation, 'appeal' | 'together'>> {
  type Raw = Omit<OpenAppeal, 'claimedAt' | 'escalatedAt'> & {
    state: AppealState;
    version: number;
    open: boolean;
    claimedAt: string | null;
    escalatedAt: string | null;
  };
  const rows = await em.execute<Raw[]>(
    `select a.id, a.user_id as "appellantId", a.holder_id as "holderId", ${mayReview('a.holder_id')} as "holderMayReview",
       a.claimed_at as "claimedAt", a.escalated_at as "escalatedAt", a.state, a.version, a.closed_at is null as open
     from appeals a where a.decision_id = ? and (a.closed_at is null or a.id = ?) order by a.id`,
    [decisionId, appealId],
  );
  const appeals = rows.map(({ claimedAt, escalatedAt, ...row }) => ({
    ...row,
    claimedAt: claimedAt === null ? null : new Date(claimedAt),
    escalatedAt: escalatedAt === null ? null : new Date(escalatedAt),
  }));
  const appeal = appeals.find(({ id }) => id === appealId);
  if (!appeal) throw new Error('The appeal was there a moment ago.');
  return { appeal, together: appeals.filter(({ open }) => open) };
}

/** Marks a subject as contested, or as that no more once no appeal is open on any decision about it. */
export async function contest(
  tx: EntityManager,
  { subjectType, subjectId }: Pick<AppealedDecision, 'subjectType' | 'subjectId'>,
): Promise<void> {
  const subject = decidedSubject(subjectType);
  if (!subject.contest || !(await subject.hold(tx, subjectId))) return;
  const open = await tx.execute<{ id: string }[]>(
    `select a.id from appeals a join decisions d on d.id = a.decision_id
     where d.subject_type = ? and d.subject_id = ? and a.closed_at is null limit 1`,
    [subjectType, subjectId],
  );
  await subject.contest(tx, subjectId, open.length > 0);
}
