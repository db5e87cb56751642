import { appealDenial } from '../../domain/appeals';
import type { ErrorCode } from '../../domain/errors';
import { appealedDecision, contest } from './appealed-decisions';
import { audit } from './audit';
import { databaseNow } from './clock';
import { givenIds, idsOfPerson } from './erasure';
import { newId } from './ids';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

export interface AppealRules {
  windowDays: number;
  /** Until an undecided one is escalated. */
  decisionHours: number;
}

export type Submitted =
  { appealId: string; jobId: string; outboxId: string } | { denied: ErrorCode; appealId?: string };

/**
 * Appeals against a decision: what it is about is contested from here on, and a workflow sees to it that somebody decides. A refusal
 * is on record too, but for a decision that is not there for this person.
 */
export async function submitAppeal(
  tx: EntityManager,
  {
    userId,
    decisionId,
    grounds,
    requestId,
  }: { userId: string; decisionId: string; grounds: string; requestId: string | null },
  { windowDays, decisionHours }: AppealRules,
): Promise<Submitted> {
  const decision = await appealedDecision(tx, decisionId, { hold: true });
  if (!decision) return { denied: 'not_found' };
  const personIds = await idsOfPerson(tx, userId);
  const [notice] = await tx.execute<{ told_at: string }[]>(
    `select told_at from decision_notices where decision_id = ? and user_id in ${givenIds} order by told_at limit 1`,
    [decisionId, JSON.stringify(personIds)],
  );
  const [earlier] = await tx.execute<{ id: string }[]>(
    `select id from appeals where decision_id = ? and user_id in ${givenIds} order by id limit 1`,
    [decisionId, JSON.stringify(personIds)],
  );
  const toldAt = notice ? new Date(notice.told_at) : null;
  const about = { ...decision, toldAt, reversed: decision.reversedAt !== null };
  const denied = earlier
    ? 'already_appealed'
    : appealDenial(about, { personIds, now: await databaseNow(tx), windowDays });
  if (denied) {
    if (denied !== 'not_found')
      audit(tx, {
        actorId: userId,
        event: 'appeal.submit',
        outcome: 'denied',
        subjectType: 'decision',
        subjectId: decisionId,
        details: { code: denied },
        requestId,
      });
    return { denied, ...(earlier ? { appealId: earlier.id } : {}) };
  }
  const appealId = newId();
  await tx.execute(
    `insert into appeals (id, decision_id, user_id, grounds, deadline_at, escalates_at)
     values (?, ?, ?, ?, now() + ? * interval '1 hour', now() + ? * interval '1 hour')`,
    [appealId, decisionId, userId, grounds, decisionHours, decisionHours],
  );
  const started = createJob(tx, {
    type: 'appeal',
    userId,
    subjectType: 'appeal',
    subjectId: appealId,
    provider: null,
    workflowType: 'appeal',
    workflowId: () => `appeal:${appealId}`,
    input: (jobId) => ({ appealId, jobId }),
    requestId,
  });
  audit(tx, {
    actorId: userId,
    event: 'appeal.submitted',
    outcome: 'done',
    subjectType: 'appeal',
    subjectId: appealId,
    details: { decisionId, about: decision.subjectType, aboutId: decision.subjectId },
    requestId,
  });
  await contest(tx, decision);
  return { appealId, ...started };
}
