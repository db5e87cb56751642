import { z } from 'zod';
import { appealOutcomes, appealStates } from '../../../domain/appeals';
import { decisionSubjectTypes, measures } from '../../../domain/moderation';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';
import { statementSchema } from '../moderation/decision-schema';
import { statementBody } from '../moderation/statement-schema';

const text = (least: number) => z.string().trim().min(least).max(5_000);
const version = z.int().min(1).optional().meta({ description: 'The version that you have seen.' });

/** What a reviewer says; `measure` is what a decision is modified to, else null. */
const outcomeStatement = statementSchema.extend({ measure: z.enum(measures).nullable() });

export const submitSchema = z
  .strictObject({
    decisionId: z.uuid(),
    grounds: text(20).meta({ description: 'Why the decision should be looked at again.' }),
  })
  .meta({ id: 'SubmitAppeal' });

export const submittedSchema = z.object({ appealId: z.uuid(), jobId: z.uuid() }).meta({ id: 'SubmittedAppeal' });

export const appealSchema = z
  .object({
    id: z.uuid(),
    decision: z.object({
      id: z.uuid(),
      measure: z.enum(measures),
      subject: z.object({ type: z.enum(decisionSubjectTypes), id: z.uuid() }),
    }),
    mine: z.boolean(),
    state: z.enum(appealStates),
    grounds: z.string().nullable().meta({ description: 'Null once whoever appealed has left.' }),
    holderId: z.uuid().nullable().meta({ description: 'The reviewer who has claimed it; for staff.' }),
    deadlineAt: moment.meta({
      description: 'When it is escalated unless it is decided. Waiting for an answer doesn’t stop it.',
    }),
    escalation: z.object({ level: z.int(), at: moment }).nullable(),
    jobId: z.uuid().nullable(),
    version: z.int(),
    createdAt: moment,
    closedAt: moment.nullable(),
  })
  .meta({ id: 'Appeal' });

export const appealDetailSchema = appealSchema
  .extend({
    messages: z.array(
      z.object({ id: z.uuid(), kind: z.enum(['question', 'answer']), text: z.string(), sentAt: moment }),
    ),
    outcome: z
      .object({
        outcome: z.enum(appealOutcomes),
        statement: outcomeStatement,
        decisionId: z.uuid().nullable().meta({
          description:
            'The decision that took its place; null where it stands, or its subject is gone or was decided anew since.',
        }),
        internalNote: z.string().nullable().optional().meta({ description: 'For staff.' }),
      })
      .nullable(),
  })
  .meta({ id: 'AppealDetail' });

export const appealsQuery = pageQuery.extend({
  state: z.enum(appealStates).optional(),
  decisionId: z.uuid().optional(),
  whose: z
    .enum(['mine', 'held_by_me', 'all'])
    .optional()
    .meta({ description: 'For staff, who see `all` unless they say otherwise; everybody else sees `mine`.' }),
  escalated: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
});

export const draftSchema = z
  .object({
    id: z.uuid(),
    outcome: z.enum(appealOutcomes),
    statement: outcomeStatement.omit({ redress: true }),
    internalNote: z.string().nullable(),
    createdAt: moment,
  })
  .meta({ id: 'AppealDraft' });

export const newDraftSchema = z
  .strictObject({
    outcome: z.enum(appealOutcomes),
    statement: statementBody
      .extend({
        measure: z.enum(measures).optional().meta({ description: 'What it is modified to; with `modified` only.' }),
      })
      .meta({ id: 'AppealStatementInput' }),
    internalNote: text(1).optional().meta({ description: 'For staff only.' }),
  })
  .meta({ id: 'NewAppealDraft' });

export const versionSchema = z.strictObject({ version }).meta({ id: 'AppealVersion' });
export const decideSchema = z.strictObject({ draftId: z.uuid(), version }).meta({ id: 'DecideAppeal' });
export const messageSchema = z.strictObject({ text: text(1), version }).meta({ id: 'AppealMessage' });
