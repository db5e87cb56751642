import { z } from 'zod';
import type { Holdings, MergeRow } from '../../../adapters/postgres/account-merges';
import { mergeStatuses } from '../../../domain/account-merges';
import { moment } from '../auth/schema';

const holdingsSchema = z
  .object({
    identities: z.int(),
    connections: z.int(),
    blocks: z.int(),
    plans: z.int(),
    runs: z.int(),
    tokens: z.int().meta({ description: 'Personal tokens; those of the other account end with the merge.' }),
  })
  .meta({ id: 'Holdings' });

export const mergeSchema = z
  .object({
    id: z.uuid(),
    status: z.enum(mergeStatuses),
    yours: holdingsSchema,
    theOther: holdingsSchema.meta({ description: 'What the account that would be taken over holds.' }),
    failure: z.object({ code: z.string() }).nullable(),
    jobId: z.uuid().nullable(),
    undoJobId: z.uuid().nullable(),
    createdAt: moment,
    expiresAt: moment.meta({ description: 'Until when it can be confirmed.' }),
    mergedAt: moment.nullable(),
    undoUntil: moment.nullable().meta({ description: 'Until when it can be undone.' }),
  })
  .meta({ id: 'AccountMerge' });

export const confirmMergeSchema = z
  .object({ confirm: z.boolean().default(false).meta({ description: 'Must be `true`.' }) })
  .meta({ id: 'ConfirmAccountMerge' });

export function presentMerge(
  merge: MergeRow,
  { yours, theOther }: { yours: Holdings; theOther: Holdings },
): z.input<typeof mergeSchema> {
  return {
    id: merge.id,
    status: merge.status,
    yours,
    theOther,
    failure: merge.failureCode === null ? null : { code: merge.failureCode },
    jobId: merge.jobId,
    undoJobId: merge.undoJobId,
    createdAt: merge.createdAt.toISOString(),
    expiresAt: merge.expiresAt.toISOString(),
    mergedAt: merge.mergedAt?.toISOString() ?? null,
    undoUntil: merge.undoUntil?.toISOString() ?? null,
  };
}
