import { z } from 'zod';
import { expiryChoices } from '../../../domain/block-expiry';
import { importModes, importStatuses, rowOutcomes } from '../../../domain/block-imports';
import { pageQuery } from '../../paging';
import { artistSchema } from '../artists/schema';
import { moment } from '../auth/schema';

const yesOrNo = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

export const importQuery = z.object({
  mode: z.enum(importModes).default('merge').meta({
    description:
      '`merge` adds to what is there: tags add up, the later end holds, the file’s note takes the place of yours. `replace` makes your list what the file says; blocks that are not in it are withdrawn at the end.',
  }),
  dryRun: yesOrNo.meta({ description: 'Change nothing, tell what would come of each row.' }),
  confirm: yesOrNo.meta({
    description: 'Withdraw what is not in a replacing file even where some of its rows could not be read.',
  }),
});

export const startedImportSchema = z.object({ jobId: z.uuid(), importId: z.uuid() }).meta({
  id: 'StartedBlockImport',
  description: 'Watch the job; the rows are at `GET blocks/imports/{importId}/rows`.',
});

export const importSchema = z
  .object({
    id: z.uuid(),
    jobId: z.uuid(),
    mode: z.enum(importModes),
    dryRun: z.boolean(),
    status: z.enum(importStatuses).meta({
      description:
        '`needs_confirmation`: done but for withdrawing what is not in the file, since some rows could not be read.',
    }),
    failure: z.object({ code: z.string() }).nullable(),
    total: z.int().meta({ description: 'Rows of the file.' }),
    counts: z.partialRecord(z.enum(rowOutcomes), z.int()),
    action: z.object({ code: z.string(), href: z.string() }).optional(),
    createdAt: moment,
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'BlockImport' });

export const importRowSchema = z
  .object({
    row: z.int().meta({
      description:
        'As a spreadsheet numbers it (the header is 1); in JSON the place in the list, from 1. Withdrawn blocks go on behind.',
    }),
    name: z.string().nullable(),
    artistId: z.uuid().nullable().meta({ description: 'As given.' }),
    providerIds: z.record(z.string(), z.array(z.string())),
    note: z.string().nullable(),
    tags: z.array(z.string()),
    expiresAt: moment.nullable(),
    onExpiry: z.enum(expiryChoices),
    outcome: z.enum(rowOutcomes).meta({
      description:
        '`needs_review` and `unknown` wait for you to say who is meant; `duplicate`: an earlier row names the same artist; `withdrawn`: a block that was not in the file, as it was.',
    }),
    reason: z.string().nullable().meta({ description: 'Why a row is in doubt, or could not be read.' }),
    artist: artistSchema.nullable().meta({ description: 'Whom it means.' }),
    candidates: z.array(artistSchema).meta({ description: 'Whom it may mean.' }),
  })
  .meta({ id: 'BlockImportRow' });

export const importRowsQuery = pageQuery.extend({ outcome: z.enum(rowOutcomes).optional() });
export const importRowParams = z.object({ id: z.uuid(), row: z.coerce.number().int().min(1).max(2_147_483_647) });
export const settleRowSchema = z
  .strictObject({ artistId: z.uuid().nullable().meta({ description: 'Whom the row means; null for nobody.' }) })
  .meta({ id: 'SettleImportRow' });
