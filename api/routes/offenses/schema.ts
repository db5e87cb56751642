import { z } from 'zod';
import { caseStates } from '../../../domain/moderation';
import {
  offenseCategoryCodes,
  offenseSeverities,
  offenseSeverityMeanings,
  offenseStatuses,
  offenseStatusMeanings,
  verifiedMeaning,
} from '../../../domain/offenses';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';

const listed = (meanings: Readonly<Record<string, string>>): string =>
  Object.entries(meanings)
    .map(([code, meaning]) => `\`${code}\`: ${meaning}`)
    .join(' · ');

const category = z.enum(offenseCategoryCodes).meta({ description: 'A code of `GET offense-categories`.' });
const severity = z.enum(offenseSeverities).meta({ description: listed(offenseSeverityMeanings) });
const status = z.enum(offenseStatuses).meta({ description: listed(offenseStatusMeanings) });
const day = z.iso.date();

export const categorySchema = z
  .object({
    code: category,
    title: z.string(),
    description: z.string().meta({ description: 'What belongs to it. Of several that fit, the first one counts.' }),
    verified: z.int().meta({ description: `Entries that count now. ${verifiedMeaning}` }),
    contested: z.int().meta({ description: 'Those of which an appeal is open beside them.' }),
  })
  .meta({ id: 'OffenseCategory' });

export const categoriesSchema = z
  .object({ items: z.array(categorySchema), nextCursor: z.null() })
  .meta({ id: 'OffenseCategories' });

export const evidenceSchema = z
  .object({
    id: z.uuid(),
    url: z.string().meta({ description: 'For people to open; nothing here ever does.' }),
    title: z.string(),
    source: z.string(),
    excerpt: z.string(),
    publishedOn: day.nullable(),
    archivedUrl: z.string().nullable(),
    retrievedAt: moment,
    hash: z.string().meta({ description: 'SHA-256 of what was retrieved, or else of the excerpt; hexadecimal.' }),
    reviewed: z.boolean().meta({
      description:
        'Whether a moderator approved the entry with it. Until then it is seen by who added it, by who submitted the entry and by staff.',
    }),
    submitterId: z.uuid().nullable().meta({ description: 'For staff, and whoever it is.' }),
    createdAt: moment,
  })
  .meta({ id: 'OffenseEvidence' });

export const offenseSchema = z
  .object({
    id: z.uuid(),
    artist: z.object({ id: z.uuid(), name: z.string() }),
    category,
    severity,
    title: z.string(),
    description: z.string().nullable(),
    occurredFrom: day.nullable(),
    occurredUntil: day.nullable(),
    status,
    statusMeaning: z.string().meta({ description: 'What the status says, and what it does not.' }),
    restrictedUntil: moment.nullable().meta({ description: 'Until when moderation keeps it from taking effect.' }),
    mine: z.boolean(),
    submitterId: z.uuid().nullable().meta({ description: 'For staff, and whoever it is.' }),
    caseState: z.enum(caseStates).exclude(['decided']).nullable().meta({
      description:
        'Where the case about it stands, for staff and whoever submitted it. `changes_requested`: change it by `PATCH`, or add sources.',
    }),
    version: z.int(),
    createdAt: moment,
    decidedAt: moment.nullable().meta({ description: 'When its status last changed.' }),
  })
  .meta({ id: 'Offense' });

export const offenseWithEvidenceSchema = offenseSchema
  .extend({ evidence: z.array(evidenceSchema) })
  .meta({ id: 'OffenseWithEvidence' });

export const offensesQuery = pageQuery.extend({
  artist: z.uuid().optional().meta({ description: 'An artist’s id, also one that was merged.' }),
  category: category.optional(),
  status: status.optional(),
  mine: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(false)
    .meta({ description: 'Only what you submitted.' }),
});

const text = (most: number) => z.string().trim().min(1).max(most);

export const evidenceBody = z
  .strictObject({
    url: z.string().trim().max(2_000).meta({ description: 'https, on the public internet.' }),
    title: text(300),
    source: text(200).meta({ description: 'Who published it: a newspaper, a court, an authority.' }),
    excerpt: text(5_000).meta({ description: 'The words of the source that the entry rests on.' }),
    publishedOn: day.nullable().default(null),
    archivedUrl: z
      .string()
      .trim()
      .max(4_000)
      .nullable()
      .default(null)
      .meta({ description: 'A copy that lasts, such as the Internet Archive’s.' }),
    retrievedAt: z.iso
      .datetime({ offset: true })
      .nullable()
      .default(null)
      .meta({ description: 'When you read it; now where you don’t say.' }),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .nullable()
      .default(null)
      .meta({ description: 'SHA-256 of what you retrieved; the excerpt’s where you don’t say.' }),
  })
  .meta({ id: 'NewOffenseEvidence' });

const content = {
  artistId: z.uuid(),
  category,
  severity,
  title: text(200).meta({ description: 'What the sources report, in neutral words.' }),
  description: text(5_000).nullable(),
  occurredFrom: day.nullable().meta({ description: 'The day, or the first one that is known.' }),
  occurredUntil: day.nullable(),
};

export const submitBody = z
  .strictObject({
    ...content,
    description: content.description.default(null),
    occurredFrom: content.occurredFrom.default(null),
    occurredUntil: content.occurredUntil.default(null),
    evidence: z.array(evidenceBody).min(1).max(20),
  })
  .meta({ id: 'NewOffense' });

export const changeBody = z
  .strictObject({ version: z.int().meta({ description: 'The version that the change is made to.' }) })
  .extend(z.object(content).partial().shape)
  .meta({ id: 'ChangeOffense' });
