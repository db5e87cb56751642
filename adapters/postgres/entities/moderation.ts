import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type {
  CaseOrigin,
  CaseState,
  CaseSubjectType,
  DecisionSubjectType,
  Measure,
  NoticeCapacity,
} from '../../../domain/moderation';
import { counter, madeAt, moment } from './columns';
import { User } from './people';

/** Something that a moderator has to decide about; one at a time for each subject. Deciders are kept without a reference: they may leave. */
export const ModerationCase = defineEntity({
  name: 'ModerationCase',
  tableName: 'moderation_cases',
  properties: {
    id: p.uuid().primary(),
    subjectType: p.string().length(20).$type<CaseSubjectType>(),
    subjectId: p.uuid(),
    origin: p.string().length(20).$type<CaseOrigin>(),
    state: p.string().length(20).$type<CaseState>().default('open'),
    /** Higher comes first. */
    priority: p.integer(),
    reports: p.integer().default(0),
    holderId: p.uuid().nullable(),
    /** When it is released unless its holder does something with it. */
    heldUntil: moment().nullable(),
    decisionId: p.uuid().nullable(),
    version: counter(),
    openedAt: madeAt(),
    decidedAt: moment().nullable(),
  },
  indexes: [
    {
      name: 'moderation_cases_queue',
      expression: `create index moderation_cases_queue on moderation_cases (priority desc, id) where state <> 'decided'`,
    },
    { properties: ['subjectId'] },
    {
      name: 'moderation_cases_one_open',
      expression: `create unique index moderation_cases_one_open on moderation_cases (subject_type, subject_id) where state <> 'decided'`,
    },
  ],
});
export type ModerationCase = InferEntity<typeof ModerationCase>;

/** A decision with its statement of reasons. */
export const Decision = defineEntity({
  name: 'Decision',
  tableName: 'decisions',
  properties: {
    id: p.uuid().primary(),
    caseId: p.manyToOne(ModerationCase).mapToPk().fieldName('case_id').deleteRule('set null').nullable().index(),
    /** The decision that this one takes the place of, after an appeal against it. */
    replacesId: p.uuid().nullable().unique(),
    subjectType: p.string().length(20).$type<DecisionSubjectType>(),
    subjectId: p.uuid(),
    deciderId: p.uuid(),
    measure: p.string().length(20).$type<Measure>(),
    until: moment().nullable(),
    facts: p.text(),
    automated: p.boolean(),
    policyVersion: p.string().length(20),
    rule: p.string().length(60),
    /** What moderators note for each other. */
    internalNote: p.text().nullable(),
    /** How its subject was before, to be that again. */
    previous: p.json<Record<string, string | null>>().defaultRaw("'{}'"),
    decidedAt: madeAt(),
    /** When its measure ended by its time. */
    endedAt: moment().nullable(),
    /** When an appeal took it back. */
    reversedAt: moment().nullable(),
  },
  indexes: [
    { properties: ['subjectId', 'id'] },
    { properties: ['decidedAt'] },
    {
      name: 'decisions_due',
      expression: `create index decisions_due on decisions (until) where ended_at is null and reversed_at is null`,
    },
  ],
});
export type Decision = InferEntity<typeof Decision>;

/** That a person was told of a decision, as whom and when: from then on they have their time to appeal. */
export const DecisionNotice = defineEntity({
  name: 'DecisionNotice',
  tableName: 'decision_notices',
  properties: {
    id: p.uuid().primary(),
    decisionId: p.manyToOne(Decision).mapToPk().fieldName('decision_id').deleteRule('cascade'),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    capacity: p.string().length(20).$type<NoticeCapacity>(),
    toldAt: madeAt(),
  },
  uniques: [{ properties: ['decisionId', 'userId'] }],
});
export type DecisionNotice = InferEntity<typeof DecisionNotice>;

/** What the operator has switched on and off, as the processes were last started. */
export const OperatorSwitch = defineEntity({
  name: 'OperatorSwitch',
  tableName: 'operator_switches',
  properties: {
    name: p.string().length(40).primary(),
    enabled: p.boolean(),
    changedAt: madeAt(),
  },
});
export type OperatorSwitch = InferEntity<typeof OperatorSwitch>;
