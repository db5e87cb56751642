import type { AppealState } from '../../domain/appeals';
import { announce } from './announcements';
import { appealedDecision, appealsTogether, involvedIn } from './appealed-decisions';
import { audit } from './audit';
import { enterPhase } from './jobs';
import type { EntityManager } from './orm';
import { eligibleReviewers } from './reviewers';

/** Where an appeal stands, when it is looked at again, and whether anybody is left who may decide it. */
export interface AppealWatch {
  open: boolean;
  /** Seconds until it would be escalated next; 0 where it is closed. */
  pauseSeconds: number;
  reviewers: number;
  escalated: boolean;
}

/**
 * Looks after an open appeal in the caller's transaction: where its time is over, it is escalated by one level, and everybody who may
 * decide it is told. By the database's clock, and once for a deadline, however late it is seen.
 */
export async function watchAppeal(
  tx: EntityManager,
  { appealId, jobId }: { appealId: string; jobId: string },
  { decisionHours }: { decisionHours: number },
): Promise<AppealWatch> {
  const closed = { open: false, pauseSeconds: 0, reviewers: 0, escalated: false };
  const [row] = await tx.execute<{ decision_id: string }[]>(`select decision_id from appeals where id = ?`, [appealId]);
  const decision = row ? await appealedDecision(tx, row.decision_id, { hold: true }) : null;
  if (!decision) return closed;
  const [raised] = await tx.execute<{ level: number }[]>(
    `update appeals set escalation_level = escalation_level + 1, escalated_at = now(), escalates_at = now() + ? * interval '1 hour'
     where id = ? and closed_at is null and escalates_at <= now() returning escalation_level as level`,
    [decisionHours, appealId],
  );
  const [now] = await tx.execute<{ state: AppealState; open: boolean; seconds: number }[]>(
    `select state, closed_at is null as open, greatest(extract(epoch from escalates_at - now()), 0)::float as seconds
     from appeals where id = ?`,
    [appealId],
  );
  if (!now?.open) return closed;
  await enterPhase(tx, jobId, now.state, 1);
  const { together } = await appealsTogether(tx, appealId, decision.id);
  const appellants = together.flatMap(({ appellantId }) => appellantId ?? []);
  const reviewers = await eligibleReviewers(tx, [...(await involvedIn(tx, decision)), ...appellants]);
  if (raised) {
    const { level } = raised;
    audit(tx, {
      actorId: null,
      event: 'appeal.escalated',
      outcome: 'done',
      subjectType: 'appeal',
      subjectId: appealId,
      details: { level, reviewers: reviewers.length },
    });
    for (const userId of reviewers)
      await announce(tx, userId, { type: 'appeal.escalated', params: { appealId, level } });
  }
  return { open: true, pauseSeconds: now.seconds, reviewers: reviewers.length, escalated: raised !== undefined };
}
