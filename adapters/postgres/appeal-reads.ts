import type { AppealState } from '../../domain/appeals';
import type { DecisionSubjectType, Measure } from '../../domain/moderation';
import type { EntityManager } from './orm';

/** An appeal as it is listed. */
export interface AppealRow {
  id: string;
  decisionId: string;
  about: DecisionSubjectType;
  aboutId: string;
  measure: Measure;
  userId: string | null;
  jobId: string | null;
  grounds: string | null;
  state: AppealState;
  holderId: string | null;
  deadlineAt: string;
  escalationLevel: number;
  escalatedAt: string | null;
  draftId: string | null;
  outcomeDecisionId: string | null;
  version: number;
  createdAt: string;
  closedAt: string | null;
}

export interface AppealFilter {
  /** Whose appeals; null for everybody's. */
  userId: string | null;
  state: AppealState | null;
  decisionId: string | null;
  /** Whose claims. */
  holderId: string | null;
  escalated: boolean | null;
}

const columns = `a.id, a.decision_id as "decisionId", d.subject_type as about, d.subject_id as "aboutId", d.measure, a.user_id as "userId",
  (select j.id from jobs j where j.subject_type = 'appeal' and j.subject_id = a.id limit 1) as "jobId",
  a.grounds, a.state, a.holder_id as "holderId", a.deadline_at as "deadlineAt", a.escalation_level as "escalationLevel",
  a.escalated_at as "escalatedAt", a.draft_id as "draftId", a.outcome_decision_id as "outcomeDecisionId", a.version,
  a.created_at as "createdAt", a.closed_at as "closedAt"`;

/** Appeals, newest first. */
export async function listAppeals(
  em: EntityManager,
  { userId, state, decisionId, holderId, escalated }: AppealFilter,
  { limit, after }: { limit: number; after: string | null },
): Promise<AppealRow[]> {
  return em.execute<AppealRow[]>(
    `select ${columns} from appeals a join decisions d on d.id = a.decision_id
     where (?::uuid is null or a.user_id = ?::uuid) and (?::text is null or a.state = ?::text)
       and (?::uuid is null or a.decision_id = ?::uuid) and (?::uuid is null or a.holder_id = ?::uuid)
       and (?::boolean is null or (a.escalation_level > 0) = ?::boolean) and (?::uuid is null or a.id < ?::uuid)
     order by a.id desc limit ?`,
    [
      ...[userId, userId, state, state, decisionId, decisionId, holderId, holderId, escalated, escalated, after, after],
      limit,
    ],
  );
}

/** One appeal; with `userId` only where it is theirs. */
export async function findAppeal(
  em: EntityManager,
  { id, userId }: { id: string; userId: string | null },
): Promise<AppealRow | null> {
  const [row] = await em.execute<AppealRow[]>(
    `select ${columns} from appeals a join decisions d on d.id = a.decision_id
     where a.id = ? and (?::uuid is null or a.user_id = ?::uuid)`,
    [id, userId, userId],
  );
  return row ?? null;
}

export interface AppealMessageRow {
  id: string;
  kind: 'question' | 'answer';
  text: string;
  sentAt: string;
}

/** What was asked and answered, in order. */
export async function appealMessages(em: EntityManager, appealId: string): Promise<AppealMessageRow[]> {
  return em.execute<AppealMessageRow[]>(
    `select id, kind, text, sent_at as "sentAt" from appeal_messages
     where appeal_id = ? and sent_at is not null order by sent_at, id`,
    [appealId],
  );
}

/** The other appeals that were decided with this one. */
export async function decidedWith(em: EntityManager, appealId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select other.id from appeals a join appeals other on other.decision_id = a.decision_id and other.draft_id = a.draft_id
     where a.id = ? and other.id <> a.id order by other.id`,
    [appealId],
  );
  return rows.map(({ id }) => id);
}
