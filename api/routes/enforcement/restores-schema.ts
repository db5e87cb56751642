import { z } from 'zod';
import { artistRestorePreviewSchema } from '../blocks/restore-schema';
import { moment } from '../auth/schema';
import { startedRunSchema } from './plan-schema';

export const sourceRestorePreviewSchema = artistRestorePreviewSchema
  .extend({
    id: z.uuid(),
    source: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('list'), listId: z.uuid() }),
      z.object({ kind: z.literal('category'), category: z.string(), offenseId: z.uuid() }),
    ]),
    artists: z
      .array(z.object({ id: z.uuid(), name: z.string() }))
      .meta({ description: 'Of whom it does not hold any more; at most 100.' }),
    decisionId: z.uuid().nullable().meta({ description: 'Null where the list’s owner took them off.' }),
    withdrawnAt: moment,
  })
  .meta({ id: 'SourceRestorePreview' });

export const startedSourceRestoreSchema = z
  .object({
    runs: z
      .array(startedRunSchema.extend({ connectionId: z.uuid(), actions: z.int() }))
      .meta({ description: 'One rollback for each connection.' }),
    skipped: z.int().meta({ description: 'What stays out, since something else blocks it; the preview says what.' }),
  })
  .meta({ id: 'StartedSourceRestore' });
