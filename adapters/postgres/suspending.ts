import { currentPolicy } from '../../domain/policies';
import { suspensionDenial } from '../../domain/roles';
import { holdAdmins } from './admins';
import { announce } from './announcements';
import { audit } from './audit';
import { takeDecision } from './decisions';
import type { EntityManager } from './orm';
import { lockPerson } from './people';
import { findSuspension, type Suspension } from './suspensions';

interface Decider {
  userId: string;
  actorId: string;
  requestId: string | null;
}
type Refusal = 'role_missing' | 'own_case' | 'already_suspended' | 'not_suspended';

/**
 * Suspends a person by a decision, which they are told of and may appeal against, or says why not; the denial is recorded beside it. Null
 * where there is no such person. What runs goes on to its end: they can undo it.
 */
export async function suspend(
  tx: EntityManager,
  { reason, rule, until, ...decider }: Decider & { reason: string; rule: string; until: Date | null },
): Promise<{ denied: Refusal } | { suspensionId: string } | null> {
  const { userId, actorId, requestId } = decider;
  const before = await beginDecision(tx, decider);
  if (before === 'nobody') return null;
  if (before.denied) return refuse(tx, decider, 'suspend', before.denied);
  if (before.suspension) return refuse(tx, decider, 'suspend', 'already_suspended');
  await endWhatIsOver(tx, userId);
  const decisionId = await takeDecision(tx, {
    subject: { type: 'user', id: userId },
    caseId: null,
    replacesId: null,
    deciderId: actorId,
    statement: {
      measure: 'suspend',
      until,
      facts: reason,
      automated: false,
      policyVersion: currentPolicy.version,
      rule,
    },
    internalNote: null,
    alsoConcerned: [],
    requestId,
  });
  const made = await findSuspension(tx, userId);
  if (decisionId === null || !made) throw new Error('The person was there a moment ago.');
  audit(tx, {
    ...about(decider),
    event: 'user.suspended',
    outcome: 'done',
    details: { suspensionId: made.id, decisionId, ...end(until) },
  });
  return { suspensionId: made.id };
}

/** Ends a person's suspension before its time and tells them, or says why not, as above. */
export async function unsuspend(
  tx: EntityManager,
  { reason, ...decider }: Decider & { reason: string | null },
): Promise<{ denied: Refusal } | { suspensionId: string } | null> {
  const { userId, actorId } = decider;
  const before = await beginDecision(tx, decider);
  if (before === 'nobody') return null;
  if (before.denied) return refuse(tx, decider, 'unsuspend', before.denied);
  if (!before.suspension) return refuse(tx, decider, 'unsuspend', 'not_suspended');
  const { id } = before.suspension;
  await tx.execute(
    `update user_suspensions set ended_at = now(), ending = 'lifted', lifted_by = ?, lift_reason = ? where id = ?`,
    [actorId, reason, id],
  );
  await endDecision(tx, id);
  audit(tx, { ...about(decider), event: 'user.unsuspended', outcome: 'done', details: { suspensionId: id } });
  await announce(tx, userId, { type: 'account.unsuspended', params: { suspensionId: id, ending: 'lifted' } });
  return { suspensionId: id };
}

/** Suspensions looked at in one sweep; the next one comes a minute later. */
const atMost = 200;

/** Notes the end of suspensions whose time is over, each once, and tells their people. Runs with every sweep. */
export async function endSuspensions(em: EntityManager): Promise<void> {
  const due = await em.execute<{ user_id: string }[]>(
    `select user_id from user_suspensions where ended_at is null and until <= now() order by until limit ?`,
    [atMost],
  );
  for (const { user_id: userId } of due)
    await em.fork().transactional(async (tx) => {
      const id = await endWhatIsOver(tx, userId);
      if (id !== null)
        await announce(tx, userId, { type: 'account.unsuspended', params: { suspensionId: id, ending: 'expired' } });
    });
}

/** @returns the id of the suspension that has ended, if one has */
async function endWhatIsOver(tx: EntityManager, userId: string): Promise<string | null> {
  const [ended] = await tx.execute<{ id: string }[]>(
    `update user_suspensions set ended_at = until, ending = 'expired'
     where user_id = ? and ended_at is null and until <= now() returning id`,
    [userId],
  );
  if (!ended) return null;
  await endDecision(tx, ended.id);
  const subject = { subjectType: 'user', subjectId: userId, details: { suspensionId: ended.id } };
  audit(tx, { actorId: null, event: 'user.suspension_expired', outcome: 'done', ...subject });
  return ended.id;
}

/** Its measure is over. */
async function endDecision(tx: EntityManager, suspensionId: string): Promise<void> {
  await tx.execute(
    `update decisions set ended_at = now() where ended_at is null and id = (select decision_id from user_suspensions where id = ?)`,
    [suspensionId],
  );
}

/** Who decides is looked at again, once nobody else changes roles and suspensions: they may have lost the role meanwhile. */
async function beginDecision(
  tx: EntityManager,
  { userId, actorId }: Decider,
): Promise<'nobody' | { denied: ReturnType<typeof suspensionDenial>; suspension: Suspension | null }> {
  const admins = await holdAdmins(tx);
  if (!(await lockPerson(tx, userId))) return 'nobody';
  return {
    denied: suspensionDenial({ actorId, userId }, admins),
    suspension: await findSuspension(tx, userId),
  };
}

function refuse(tx: EntityManager, decider: Decider, verb: string, code: Refusal): { denied: Refusal } {
  audit(tx, { ...about(decider), event: `user.${verb}`, outcome: 'denied', details: { code } });
  return { denied: code };
}

const about = ({ userId, actorId, requestId }: Decider) => ({
  actorId,
  subjectType: 'user',
  subjectId: userId,
  requestId,
});
const end = (until: Date | null): { until: string } | Record<string, never> =>
  until ? { until: until.toISOString() } : {};
