import { z } from 'zod';
import { indexStates, tableModes, tableReasons } from '../../../domain/index-tables';
import { moment } from '../auth/schema';

const count = z.int().nonnegative();

export const indexRunSchema = z
  .object({
    id: z.uuid(),
    jobId: z.uuid().nullable().meta({ description: 'Of whoever asked for it; null where it came by the clock.' }),
    status: z.enum(['running', 'completed', 'failed']),
    tables: z
      .array(z.object({ table: z.string(), mode: z.enum(tableModes), reason: z.enum(tableReasons) }))
      .meta({ description: 'What was done to each table, and why: `anew`, `full`, or `incremental` by what changed.' }),
    counts: z.object({ written: count, removed: count, merged: count, queued: count }).meta({
      description: 'Rows written and taken out; artists merged, and pairs that wait for review; 0 while it runs.',
    }),
    failure: z.object({ code: z.string() }).nullable(),
    startedAt: moment,
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'ArtistIndexRun' });

export const indexHealthSchema = z
  .object({
    state: z.enum(indexStates),
    tables: z
      .array(
        z.object({
          table: z.string(),
          rows: count.nullable().meta({ description: 'Null where they cannot be counted.' }),
          expected: count.meta({ description: 'Rows that the catalog would make now.' }),
          difference: z.int().nullable(),
          pending: count.meta({ description: 'Changes that wait for the next run.' }),
          syncedAt: moment.nullable(),
          rebuilt: z
            .object({ at: moment, reason: z.enum(tableReasons) })
            .nullable()
            .meta({ description: 'When, and why, it was last made or written over whole.' }),
          failure: z.object({ code: z.string() }).nullable().meta({
            description:
              'Why its rows could not be made when that was tried last (`style_model_…`); the other tables go on. By the clock it is tried again after ten minutes.',
          }),
        }),
      )
      .nullable()
      .meta({ description: 'Null while the index is away.' }),
    lastRun: indexRunSchema.nullable(),
  })
  .meta({ id: 'ArtistIndexHealth' });
