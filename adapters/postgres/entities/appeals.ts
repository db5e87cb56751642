import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { AppealOutcome, AppealState, AppealStep } from '../../../domain/appeals';
import type { Measure } from '../../../domain/moderation';
import { counter, madeAt, moment } from './columns';
import { Decision } from './moderation';
import { User } from './people';

/** That a person asks for a decision to be looked at again. Holders are kept without a reference: they may leave. */
export const Appeal = defineEntity({
  name: 'Appeal',
  tableName: 'appeals',
  properties: {
    id: p.uuid().primary(),
    decisionId: p.manyToOne(Decision).mapToPk().fieldName('decision_id').deleteRule('cascade'),
    /** Who appeals; null once they have left, and then without their words. */
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('set null').nullable().index(),
    grounds: p.text().nullable(),
    state: p.string().length(20).$type<AppealState>().default('submitted'),
    holderId: p.uuid().nullable(),
    claimedAt: moment().nullable(),
    deadlineAt: moment(),
    /** When it is escalated next, while it is open. */
    escalatesAt: moment(),
    escalationLevel: p.integer().default(0),
    escalatedAt: moment().nullable(),
    /** The draft that it was decided by. */
    draftId: p.uuid().nullable(),
    /** The decision that took the place of the one appealed against. */
    outcomeDecisionId: p.uuid().nullable(),
    version: counter(),
    createdAt: madeAt(),
    closedAt: moment().nullable(),
  },
  uniques: [{ properties: ['decisionId', 'userId'] }],
  indexes: [
    { properties: ['state', 'id'] },
    {
      name: 'appeals_open',
      expression: `create index appeals_open on appeals (decision_id) where closed_at is null`,
    },
  ],
});
export type Appeal = InferEntity<typeof Appeal>;

/** A reviewer's question, or an answer to it. It counts, and is shown, once it is sent. */
export const AppealMessage = defineEntity({
  name: 'AppealMessage',
  tableName: 'appeal_messages',
  properties: {
    id: p.uuid().primary(),
    appealId: p.manyToOne(Appeal).mapToPk().fieldName('appeal_id').deleteRule('cascade').index(),
    kind: p.string().length(10).$type<'question' | 'answer'>(),
    authorId: p.uuid(),
    text: p.text(),
    createdAt: madeAt(),
    sentAt: moment().nullable(),
  },
});
export type AppealMessage = InferEntity<typeof AppealMessage>;

/** What a reviewer would decide, and why; it never changes, and counts once an appeal is decided by it. */
export const DecisionDraft = defineEntity({
  name: 'DecisionDraft',
  tableName: 'decision_drafts',
  properties: {
    id: p.uuid().primary(),
    appealId: p.manyToOne(Appeal).mapToPk().fieldName('appeal_id').deleteRule('cascade').index(),
    /** The reviewer, under whose name it decides; null once they have left. */
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('set null').nullable().index(),
    outcome: p.string().length(10).$type<AppealOutcome>(),
    /** Where the decision is modified: to what, and until when. */
    measure: p.string().length(20).$type<Measure>().nullable(),
    until: moment().nullable(),
    facts: p.text(),
    automated: p.boolean(),
    policyVersion: p.string().length(20),
    rule: p.string().length(60),
    internalNote: p.text().nullable(),
    createdAt: madeAt(),
    usedAt: moment().nullable(),
  },
});
export type DecisionDraft = InferEntity<typeof DecisionDraft>;

/** What an update of an appeal's workflow has come to, by the update's id: repeated, it comes to the same. */
export const AppealAct = defineEntity({
  name: 'AppealAct',
  tableName: 'appeal_acts',
  properties: {
    appealId: p.manyToOne(Appeal).mapToPk().primary().fieldName('appeal_id').deleteRule('cascade'),
    updateId: p.string().length(200).primary(),
    step: p.string().length(20).$type<AppealStep>(),
    actorId: p.uuid().nullable(),
    /** The code that it was denied with. */
    denied: p.string().length(40).nullable(),
    doneAt: madeAt(),
  },
});
export type AppealAct = InferEntity<typeof AppealAct>;
