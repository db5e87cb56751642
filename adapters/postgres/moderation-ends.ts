import type { DecisionSubjectType } from '../../domain/moderation';
import { announce } from './announcements';
import { audit } from './audit';
import type { EntityManager } from './orm';

/** Measures and claims looked at in one sweep; the next one comes a minute later. */
const atMost = 200;

const over = `measure = 'restrict' and ended_at is null and reversed_at is null and until <= now()`;

/**
 * Notes the end of restrictions whose time is over, each once, and tells those whom they concern. What was restricted has been free since
 * the moment itself. Runs with every sweep.
 */
export async function endMeasures(em: EntityManager): Promise<void> {
  const due = await em.execute<{ id: string }[]>(`select id from decisions where ${over} order by until limit ?`, [
    atMost,
  ]);
  for (const { id } of due) await em.fork().transactional((tx) => endMeasure(tx, id));
}

async function endMeasure(tx: EntityManager, decisionId: string): Promise<void> {
  const [ended] = await tx.execute<{ about: DecisionSubjectType; aboutId: string }[]>(
    `update decisions set ended_at = until where id = ? and ${over} returning subject_type as about, subject_id as "aboutId"`,
    [decisionId],
  );
  if (!ended) return;
  audit(tx, {
    actorId: null,
    event: 'decision.ended',
    outcome: 'done',
    subjectType: 'decision',
    subjectId: decisionId,
    details: { ...ended },
  });
  const people = await tx.execute<{ userId: string }[]>(
    `select user_id as "userId" from decision_notices where decision_id = ? order by user_id`,
    [decisionId],
  );
  for (const { userId } of people)
    await announce(tx, userId, { type: 'decision.ended', params: { decisionId, ...ended } });
}

/** Puts cases back whose holders let them lie. They are free since the moment itself. Runs with every sweep. */
export async function releaseIdleClaims(em: EntityManager): Promise<void> {
  await em.fork().transactional(async (tx) => {
    const released = await tx.execute<{ id: string }[]>(
      `update moderation_cases set state = 'open', holder_id = null, held_until = null, version = version + 1
       where id in (select id from moderation_cases where state = 'in_review' and held_until <= now() order by id limit ? for update skip locked)
       returning id`,
      [atMost],
    );
    for (const { id } of released)
      audit(tx, {
        actorId: null,
        event: 'case.released',
        outcome: 'done',
        subjectType: 'case',
        subjectId: id,
        details: { idle: true },
      });
  });
}
