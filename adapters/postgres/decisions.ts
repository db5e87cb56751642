import type { DecisionSubject, Measure, StatementOfReasons } from '../../domain/moderation';
import { announce } from './announcements';
import { audit } from './audit';
import { type ConcernedPerson, decidedSubject, type PreviousState } from './decided-subjects';
import { newId } from './ids';
import type { EntityManager } from './orm';

/** A decision to be taken, by somebody who has the right to. */
export interface NewDecision {
  subject: DecisionSubject;
  /** The case that it ends; null where there is none. */
  caseId: string | null;
  /** The decision that it takes the place of. */
  replacesId: string | null;
  deciderId: string;
  statement: StatementOfReasons;
  internalNote: string | null;
  /** Those it concerns, beside those whom its subject names: who reported it. */
  alsoConcerned: readonly ConcernedPerson[];
  /** What is taken back at its subject: then nothing else is done there. */
  takesBack?: { measure: Measure; until: Date | null; previous: PreviousState };
  requestId: string | null;
}

/**
 * Takes a decision and carries its measure out at its subject, in the caller's transaction: whoever it concerns is told, with where to
 * appeal, and it is on record. The caller has looked at who may.
 * @returns the decision's id; null where its subject is gone
 */
export async function takeDecision(tx: EntityManager, decision: NewDecision): Promise<string | null> {
  const { subject, statement, deciderId } = decision;
  const rules = decidedSubject(subject.type);
  const held = await rules.hold(tx, subject.id);
  if (!held) return null;
  const id = newId();
  await tx.execute(
    `insert into decisions (id, case_id, replaces_id, subject_type, subject_id, decider_id, measure, until, facts, automated, policy_version, rule, internal_note)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      decision.caseId,
      decision.replacesId,
      subject.type,
      subject.id,
      deciderId,
      statement.measure,
      statement.until,
      statement.facts,
      statement.automated,
      statement.policyVersion,
      statement.rule,
      decision.internalNote,
    ],
  );
  const { measure, until } = statement;
  const at = { decisionId: id, subjectId: subject.id, actorId: deciderId };
  const previous = decision.takesBack ? {} : await rules.carryOut(tx, { ...at, measure, until });
  if (decision.takesBack) await rules.takeBack(tx, { ...at, ...decision.takesBack });
  await tx.execute(`update decisions set previous = ?::jsonb where id = ?`, [JSON.stringify(previous), id]);
  audit(tx, {
    actorId: deciderId,
    event: 'decision.taken',
    outcome: 'done',
    subjectType: 'decision',
    subjectId: id,
    details: { about: subject.type, aboutId: subject.id, caseId: decision.caseId, measure, rule: statement.rule },
    requestId: decision.requestId,
  });
  await tellConcerned(tx, id, subject, statement, [...held.concerned, ...decision.alsoConcerned]);
  return id;
}

/** Each person once, in whatever capacity comes first; in one order, since telling holds off others. */
async function tellConcerned(
  tx: EntityManager,
  decisionId: string,
  subject: DecisionSubject,
  { measure, until }: StatementOfReasons,
  concerned: readonly ConcernedPerson[],
): Promise<void> {
  const people = new Map([...concerned].reverse().map((person) => [person.userId, person]));
  for (const { userId, capacity } of [...people.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1))) {
    await tx.execute(`insert into decision_notices (id, decision_id, user_id, capacity) values (?, ?, ?, ?)`, [
      newId(),
      decisionId,
      userId,
      capacity,
    ]);
    await announce(tx, userId, {
      type: 'decision.taken',
      params: {
        decisionId,
        about: subject.type,
        aboutId: subject.id,
        measure,
        capacity,
        ...(until ? { until: until.toISOString() } : {}),
      },
    });
  }
}
