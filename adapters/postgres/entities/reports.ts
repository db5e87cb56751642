import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ReportCategory } from '../../../domain/reports';
import { madeAt } from './columns';
import { ModerationCase } from './moderation';
import { User } from './people';

/** What somebody reported, with or without an account. What they wrote is kept until some time after the decision. */
export const Report = defineEntity({
  name: 'Report',
  tableName: 'reports',
  properties: {
    id: p.uuid().primary(),
    caseId: p.manyToOne(ModerationCase).mapToPk().fieldName('case_id').deleteRule('cascade').index(),
    /** Null where they have no account, or have left. */
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('set null').nullable().index(),
    category: p.string().length(40).$type<ReportCategory>(),
    /** The rule that is broken, as they see it. */
    rule: p.string().length(60).nullable(),
    explanation: p.text().nullable(),
    /** An e-mail address, for questions. */
    contact: p.text().nullable(),
    /** SHA-256 of what its reporter follows it with. */
    receiptHash: p.string().length(64).unique(),
    createdAt: madeAt(),
  },
  indexes: [{ properties: ['createdAt'] }],
});
export type Report = InferEntity<typeof Report>;
