import { z } from 'zod';
import { caseSorts } from '../../../adapters/postgres/case-reads';
import { caseOrigins, caseStates, caseSubjectTypes } from '../../../domain/moderation';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';
import { decisionSchema } from './decision-schema';
import { statementBody } from './statement-schema';
import { subjectSchema } from './subject-presenter';

/** A moment that PostgreSQL has as well. */
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString())
  .refine((text) => text >= '1970', { message: 'must be between 1970 and 9999' });

export const casesQuery = pageQuery.extend({
  state: z
    .enum([...caseStates, 'any'])
    .optional()
    .meta({ description: 'Without it, all that wait for a decision.' }),
  subjectType: z.enum(caseSubjectTypes).optional(),
  origin: z.enum(caseOrigins).optional(),
  holder: z
    .union([z.enum(['me', 'none']), z.uuid()])
    .optional()
    .meta({ description: '`me`, `none` or the id of a moderator.' }),
  from: time.optional().meta({ description: 'Opened at this moment or later.' }),
  to: time.optional().meta({ description: 'Opened before this moment.' }),
  sort: z
    .enum(caseSorts)
    .default('priority')
    .meta({ description: '`priority`: most urgent first, and among equals what has waited longest.' }),
});

export const caseSchema = z
  .object({
    id: z.uuid(),
    subject: subjectSchema,
    origin: z.enum(caseOrigins),
    state: z.enum(caseStates),
    priority: z.int(),
    reports: z.int().meta({ description: 'How many reported it; a person who is signed in counts once.' }),
    ageSeconds: z.int().meta({ description: 'Since it was opened, up to its decision.' }),
    holder: z
      .object({ id: z.uuid(), me: z.boolean(), until: moment })
      .nullable()
      .meta({ description: 'Who decides it; free again at `until` unless they claim it for longer.' }),
    decision: z.string().nullable().meta({ description: 'Where the decision is that ended it.' }),
    version: z.int(),
    openedAt: moment,
    decidedAt: moment.nullable(),
  })
  .meta({ id: 'ModerationCase' });

const reportOfCase = z.object({
  id: z.uuid(),
  category: z.string(),
  rule: z.string().nullable(),
  withAccount: z.boolean(),
  explanation: z.string().nullable(),
  contact: z.string().nullable(),
  createdAt: moment,
});

export const caseDetailSchema = caseSchema
  .extend({
    ownCase: z.boolean().meta({ description: 'Whether the reader has a part in it, and so does not decide it.' }),
    measures: z.array(z.string()).meta({ description: 'What can be decided.' }),
    content: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'The subject in full, as its own address shows it; null where it is gone.' }),
    reportList: z.array(reportOfCase).meta({
      description:
        'Newest first, the latest hundred; what was written, and how to reach them, for moderators who have no part in the case.',
    }),
    earlierDecisions: z.array(decisionSchema).meta({ description: 'About the same subject, newest first.' }),
  })
  .meta({ id: 'ModerationCaseDetail' });

export const decideBody = z
  .strictObject({
    version: z.int().meta({ description: 'Of the case, as it was looked at.' }),
    statement: statementBody,
    internalNote: z
      .string()
      .trim()
      .min(1)
      .max(5_000)
      .optional()
      .meta({ description: 'For other moderators; nobody whom it concerns reads it.' }),
  })
  .meta({ id: 'CaseDecisionInput' });

export const decidedSchema = z.object({ case: caseSchema, decision: decisionSchema }).meta({ id: 'CaseDecision' });
