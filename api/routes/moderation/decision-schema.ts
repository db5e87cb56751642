import { z } from 'zod';
import { measures, noticeCapacities } from '../../../domain/moderation';
import { moment } from '../auth/schema';
import { subjectSchema } from './subject-presenter';

export const redressSchema = z
  .object({
    kind: z.enum(['appeal', 'dispute_settlement', 'court']),
    text: z.string(),
    href: z.string().nullable(),
    until: moment.nullable(),
  })
  .meta({ id: 'Redress' });

/** Why something was decided, as whoever it concerns reads it. */
export const statementSchema = z
  .object({
    measure: z.enum(measures),
    scope: z.object({
      where: z.literal('this_service').meta({ description: 'Nowhere else; here for everybody, wherever they are.' }),
      territory: z.literal('everywhere'),
    }),
    until: moment.nullable().meta({ description: 'When it ends by itself; null: it does not.' }),
    facts: z.string(),
    automated: z.boolean().meta({ description: 'Whether automated means helped to find or to decide it.' }),
    rule: z.object({
      code: z.string(),
      title: z.string().nullable(),
      policyVersion: z.string(),
      href: z.string(),
    }),
    redress: z.array(redressSchema),
  })
  .meta({ id: 'StatementOfReasons' });

export const decisionSchema = z
  .object({
    id: z.uuid(),
    subject: subjectSchema,
    statement: statementSchema,
    decidedAt: moment,
    endedAt: moment.nullable().meta({ description: 'When its time was over.' }),
    reversedAt: moment.nullable().meta({ description: 'When an appeal took it back.' }),
    replaces: z.string().nullable().meta({ description: 'The decision whose place it took.' }),
    replacedBy: z.string().nullable().meta({ description: 'The decision that took its place.' }),
    told: z
      .object({ as: z.enum(noticeCapacities), at: moment })
      .nullable()
      .meta({ description: 'As whom the reader was told of it.' }),
    staff: z
      .object({ caseId: z.uuid().nullable(), deciderId: z.uuid(), internalNote: z.string().nullable() })
      .nullable()
      .meta({ description: 'Only for moderators, reviewers and admins whom it doesn’t concern.' }),
  })
  .meta({ id: 'Decision' });
