import { z } from 'zod';
import { auditFaultKinds } from '../../../domain/audit-chain';
import { momentParameter, momentQuery } from '../../moment-query';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';

export const auditQuery = pageQuery.extend({
  actor: z.uuid().optional().meta({ description: 'Who did it.' }),
  event: z
    .string()
    .regex(/^[a-z0-9_.]{1,60}$/)
    .optional()
    .meta({ description: 'What was done, e.g. `connection.created`.' }),
  outcome: z.enum(['done', 'denied', 'failed']).optional(),
  subject: z.uuid().optional().meta({ description: 'What it was done to.' }),
  ...momentQuery,
});
export const auditPosition = z.object({ createdAt: momentParameter, id: z.uuid() });

export const auditEntrySchema = z
  .object({
    id: z.uuid(),
    actorId: z.uuid().nullable().meta({ description: 'Null where nobody was signed in, or an operator did it.' }),
    event: z.string(),
    outcome: z.string().meta({ description: '`done`, `denied` or `failed`.' }),
    subject: z.object({ type: z.string(), id: z.uuid().nullable() }).nullable(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    requestId: z.string().nullable(),
    createdAt: moment,
    sequence: z.int().nullable().meta({ description: 'Its place in the chain of seals; null until it is sealed.' }),
  })
  .meta({ id: 'AuditEntry' });

export const verifyQuery = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta({ description: 'Goes on after this place: the `next` of the answer before.' }),
  limit: z.coerce.number().int().min(1).max(100_000).default(50_000).meta({ description: 'At most this many rows.' }),
});

export const auditCheckSchema = z
  .object({
    intact: z.boolean().meta({ description: 'Whether nothing is wrong, as far as was looked.' }),
    complete: z.boolean().meta({ description: 'Whether that was to the end.' }),
    checked: z.int().meta({ description: 'Rows looked at.' }),
    upTo: z.int().meta({ description: 'The place up to which every row is there, as it was sealed.' }),
    next: z
      .int()
      .nullable()
      .meta({ description: 'Where to go on, as `after`; null when there is nothing more to look at.' }),
    fault: z
      .object({
        kind: z.enum(auditFaultKinds),
        sequence: z.int().nullable().meta({ description: 'Its place in the chain.' }),
        entryId: z.uuid().nullable().meta({ description: 'The row, where its id is still known.' }),
      })
      .nullable()
      .meta({
        description:
          'What is wrong first: a row or its seal was `changed`; a row is gone (`entry_missing`), or its seal is, with or without the row (`seal_missing`); the end was cut off (`tail_missing`); the latest seal is another one than was kept outside of the database (`head_differs`), or none was kept there (`head_missing`); a row was put in past the application (`never_sealed`); the key is not in the ring (`key_missing`); sealing has stopped (`sealing_late`).',
      }),
    head: z
      .object({ sequence: z.int(), sealedAt: moment })
      .nullable()
      .meta({ description: 'The latest seal as it is kept outside of the database.' }),
    sealedSince: moment
      .nullable()
      .meta({ description: 'When the first seal was made; rows from before were sealed then, as they were.' }),
    unsealed: z
      .object({ count: z.int(), since: moment.nullable() })
      .meta({ description: 'Rows that wait for their seals, which come within a minute or so.' }),
  })
  .meta({ id: 'AuditCheck' });
