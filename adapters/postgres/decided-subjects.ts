import type { DecisionSubjectType, Measure, NoticeCapacity } from '../../domain/moderation';
import { listSubject } from './list-decisions';
import { listEntrySubject } from './list-entry-decisions';
import { listVersionSubject } from './list-version-decisions';
import { offenseSubject } from './offense-decisions';
import type { EntityManager } from './orm';
import { userSubject } from './user-decisions';

/** Somebody whom a decision concerns: they are told, and may appeal. */
export interface ConcernedPerson {
  userId: string;
  capacity: NoticeCapacity;
}

/** A measure that was decided, to be carried out or taken back at its subject. */
export interface DecidedMeasure {
  decisionId: string;
  subjectId: string;
  measure: Measure;
  until: Date | null;
  actorId: string;
}

/** How its subject was before a measure: columns with what they said. */
export type PreviousState = Record<string, string | null>;

/** What decisions do to one kind of subject. Each is called in the transaction of the decision. */
export interface DecidedSubject {
  /** Those measures that make sense here. */
  measures: readonly Measure[];
  /** Holds the subject until the commit and says whose it is: they never decide about it. Null where there is no such subject. */
  hold: (tx: EntityManager, subjectId: string) => Promise<{ concerned: ConcernedPerson[] } | null>;
  /** Carries a measure out; blocks that end by it end here, with `withdrawSource`. */
  carryOut: (tx: EntityManager, decided: DecidedMeasure) => Promise<PreviousState>;
  /**
   * Makes its subject what it would be had the decision gone the other way. What was approved ends, what was rejected stands, what
   * was restricted is free.
   */
  takeBack: (tx: EntityManager, decided: DecidedMeasure & { previous: PreviousState }) => Promise<void>;
  /** While somebody appeals against a decision, and when no appeal is open any more. */
  contest?: (tx: EntityManager, subjectId: string, contested: boolean) => Promise<void>;
}

/** Every kind of subject that can be decided about. */
const decidedSubjects: Readonly<Record<DecisionSubjectType, DecidedSubject>> = {
  offense: offenseSubject,
  list: listSubject,
  list_version: listVersionSubject,
  list_entry: listEntrySubject,
  user: userSubject,
};

export const decidedSubject = (type: DecisionSubjectType): DecidedSubject => decidedSubjects[type];
