import type { AppealState } from '../../domain/appeals';
import { contest, type AppealedDecision } from './appealed-decisions';
import { finishJob, addMilestone } from './jobs';
import type { EntityManager } from './orm';

/** An end of an appeal; its job ends with it. Questions and answers that were never sent go. */
export async function closeAppeal(
  tx: EntityManager,
  appealId: string,
  end: { state: AppealState; draftId?: string; outcomeDecisionId?: string | null },
): Promise<void> {
  await tx.execute(
    `update appeals set state = ?, draft_id = ?, outcome_decision_id = ?, closed_at = now(), version = version + 1 where id = ?`,
    [end.state, end.draftId ?? null, end.outcomeDecisionId ?? null, appealId],
  );
  await tx.execute(`delete from appeal_messages where appeal_id = ? and sent_at is null`, [appealId]);
  const jobs = await tx.execute<{ id: string }[]>(
    `select id from jobs where subject_type = 'appeal' and subject_id = ? and finished_at is null`,
    [appealId],
  );
  for (const { id } of jobs) {
    const withdrawn = end.state === 'withdrawn';
    await addMilestone(
      tx,
      id,
      withdrawn ? 'appeal_withdrawn' : 'appeal_decided',
      withdrawn ? {} : { outcome: end.state },
    );
    await finishJob(tx, id, withdrawn ? 'cancelled' : 'completed');
  }
}

/** Ends an open appeal without a decision; when it was the last one about its subject, that is contested no more. */
export async function withdrawAppeal(tx: EntityManager, appealId: string): Promise<void> {
  const [subject] = await tx.execute<Pick<AppealedDecision, 'subjectType' | 'subjectId'>[]>(
    `select d.subject_type as "subjectType", d.subject_id as "subjectId" from decisions d
     where d.id = (select decision_id from appeals where id = ?) for update`,
    [appealId],
  );
  const open = await tx.execute<{ id: string }[]>(
    `select id from appeals where id = ? and closed_at is null for update`,
    [appealId],
  );
  if (!subject || open.length === 0) return;
  await closeAppeal(tx, appealId, { state: 'withdrawn' });
  await contest(tx, subject);
}
