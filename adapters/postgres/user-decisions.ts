import { announce } from './announcements';
import { audit } from './audit';
import type { DecidedSubject } from './decided-subjects';
import { newId } from './ids';
import { lockPerson } from './people';

/** Decisions about a person: they are suspended, and read why in the decision's facts. */
export const userSubject: DecidedSubject = {
  measures: ['suspend'],

  async hold(tx, subjectId) {
    return (await lockPerson(tx, subjectId)) ? { concerned: [{ userId: subjectId, capacity: 'suspended' }] } : null;
  },

  async carryOut(tx, { decisionId, subjectId, until }) {
    const suspensionId = newId();
    await tx.execute(
      `insert into user_suspensions (id, user_id, reason, suspended_by, until, decision_id)
       select ?, subject_id, facts, decider_id, until, id from decisions where id = ?`,
      [suspensionId, decisionId],
    );
    const end = until ? { until: until.toISOString() } : {};
    await announce(tx, subjectId, { type: 'account.suspended', params: { suspensionId, ...end } });
    return {};
  },

  async takeBack(tx, { subjectId, actorId }) {
    const lifted = await tx.execute<{ id: string }[]>(
      `update user_suspensions set ended_at = now(), ending = 'lifted', lifted_by = ?
       where user_id = ? and ended_at is null and (until is null or until > now()) returning id`,
      [actorId, subjectId],
    );
    for (const { id: suspensionId } of lifted) {
      const details = { suspensionId };
      audit(tx, { actorId, event: 'user.unsuspended', outcome: 'done', subjectType: 'user', subjectId, details });
      await announce(tx, subjectId, { type: 'account.unsuspended', params: { suspensionId, ending: 'lifted' } });
    }
  },
};
