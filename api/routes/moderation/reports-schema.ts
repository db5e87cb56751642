import { z } from 'zod';
import { caseSubjectTypes } from '../../../domain/moderation';
import { currentPolicy, findRule } from '../../../domain/policies';
import { type ReportCategory, reportCategories } from '../../../domain/reports';
import { moment } from '../auth/schema';
import { statementSchema } from './decision-schema';

const category = z.enum(Object.keys(reportCategories) as [ReportCategory, ...ReportCategory[]]);
const target = z.object({ type: z.enum(caseSubjectTypes), id: z.uuid() });

export const reportBody = z
  .strictObject({
    target: z.strictObject(target.shape),
    category: category.meta({
      description: Object.entries(reportCategories)
        .map(([code, text]) => `\`${code}\`: ${text}.`)
        .join(' '),
    }),
    rule: z
      .string()
      .max(60)
      .refine((code) => findRule(currentPolicy.version, code) !== null, { message: 'A rule of `GET policies/current`' })
      .optional()
      .meta({ description: 'The rule that it breaks, if you know.' }),
    explanation: z
      .string()
      .trim()
      .min(10)
      .max(5_000)
      .meta({ description: 'What is wrong with it, and why you think so.' }),
    contact: z.email().max(320).optional().meta({
      description: 'An e-mail address for questions. Deleted half a year after the decision, with the explanation.',
    }),
    goodFaith: z
      .literal(true)
      .meta({ description: 'That you believe in good faith that all of this is accurate and complete.' }),
  })
  .meta({ id: 'ReportInput' });

export const filedSchema = z
  .object({
    id: z.uuid(),
    receipt: z.string().meta({ description: 'Shown this once. Who has it can follow the report.' }),
    href: z.string(),
  })
  .meta({ id: 'FiledReport' });

export const reportQuery = z.object({
  receipt: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Or as the header `Report-Receipt`, which no log of a proxy keeps.' }),
});

export const reportSchema = z
  .object({
    id: z.uuid(),
    target,
    category,
    rule: z.string().nullable(),
    state: z.enum(['received', 'in_review', 'decided']),
    createdAt: moment,
    decision: z
      .object({ id: z.uuid(), statement: statementSchema, decidedAt: moment, reversedAt: moment.nullable() })
      .nullable()
      .meta({ description: 'What was decided, after any appeal.' }),
  })
  .meta({ id: 'Report' });
