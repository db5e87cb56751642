import type { DecisionSubject, DecisionSubjectType, Measure, NoticeCapacity } from '../../domain/moderation';
import { givenIds } from './erasure';
import { momentOf } from './moment-of';
import type { EntityManager } from './orm';

/** A decision with its statement of reasons, and what became of it. */
export interface ReadDecision {
  id: string;
  caseId: string | null;
  subjectType: DecisionSubjectType;
  subjectId: string;
  deciderId: string;
  measure: Measure;
  until: Date | null;
  facts: string;
  automated: boolean;
  policyVersion: string;
  rule: string;
  internalNote: string | null;
  decidedAt: Date;
  /** When its time was over, whether or not the sweep has noted it. */
  endedAt: Date | null;
  reversedAt: Date | null;
  replacesId: string | null;
  replacedById: string | null;
  /** As whom the reader was told of it, and when; null where they were not. */
  told: { capacity: NoticeCapacity; at: Date } | null;
}

type Moments = 'until' | 'decidedAt' | 'endedAt' | 'reversedAt';
type RawDecision = Omit<ReadDecision, Moments | 'told'> & { decidedAt: string } & Record<
    Exclude<Moments, 'decidedAt'>,
    string | null
  > & { capacity: NoticeCapacity | null; toldAt: string | null };

/** Its one value is the reader's ids. */
const read = `select d.id, d.case_id as "caseId", d.subject_type as "subjectType", d.subject_id as "subjectId", d.decider_id as "deciderId",
    d.measure, d.until, d.facts, d.automated, d.policy_version as "policyVersion", d.rule, d.internal_note as "internalNote",
    d.decided_at as "decidedAt", d.reversed_at as "reversedAt", d.replaces_id as "replacesId", r.id as "replacedById",
    coalesce(d.ended_at, case when d.until <= now() and d.reversed_at is null then d.until end) as "endedAt", n.capacity, n.told_at as "toldAt"
  from decisions d left join decisions r on r.replaces_id = d.id
    left join lateral (select capacity, told_at from decision_notices where decision_id = d.id and user_id in ${givenIds}
      order by told_at limit 1) n on true`;

/** A decision, as somebody reads it; by all of their ids. */
export async function findDecision(
  em: EntityManager,
  id: string,
  readerIds: readonly string[],
): Promise<ReadDecision | null> {
  const [row] = await em.execute<RawDecision[]>(`${read} where d.id = ?`, [JSON.stringify(readerIds), id]);
  return row ? decisionOf(row) : null;
}

/** The decision that holds now: after an appeal, the one that took another's place. */
export async function findLatestDecision(
  em: EntityManager,
  id: string,
  readerIds: readonly string[],
): Promise<ReadDecision | null> {
  const decision = await findDecision(em, id, readerIds);
  return decision?.replacedById ? findLatestDecision(em, decision.replacedById, readerIds) : decision;
}

/** At most so many of a subject's decisions. */
const mostDecisions = 50;

/** What was decided about a subject, newest first. */
export async function decisionsAbout(
  em: EntityManager,
  subject: DecisionSubject,
  readerIds: readonly string[],
): Promise<ReadDecision[]> {
  const rows = await em.execute<RawDecision[]>(
    `${read} where d.subject_type = ? and d.subject_id = ? order by d.id desc limit ?`,
    [JSON.stringify(readerIds), subject.type, subject.id, mostDecisions],
  );
  return rows.map(decisionOf);
}

const decisionOf = ({ capacity, toldAt, ...row }: RawDecision): ReadDecision => ({
  ...row,
  until: momentOf(row.until),
  decidedAt: new Date(row.decidedAt),
  endedAt: momentOf(row.endedAt),
  reversedAt: momentOf(row.reversedAt),
  told: capacity === null || toldAt === null ? null : { capacity, at: new Date(toldAt) },
});
