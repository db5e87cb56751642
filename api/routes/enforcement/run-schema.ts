import { z } from 'zod';
import { itemTypes } from '../../../domain/capabilities';
import { repairs } from '../../../domain/repairs';
import { actionStatuses, runStarters, runStatuses, runTypes } from '../../../domain/runs';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';

export const waitingSchema = z
  .object({ reason: z.string(), until: moment.nullable() })
  .nullable()
  .meta({ description: 'What it waits for, and until when.' });

export const runSchema = z
  .object({
    id: z.uuid(),
    runType: z.enum(runTypes),
    startedBy: z.enum(runStarters).meta({
      description:
        'You, your schedule, a run that failed in part and was to be undone then, or the end of a block that was to bring back what it took out.',
    }),
    status: z.enum(runStatuses),
    undone: z
      .enum(['none', 'partly', 'fully'])
      .meta({ description: 'How much of what it applied a rollback has taken back.' }),
    connectionId: z.uuid(),
    jobId: z.uuid(),
    planId: z.uuid().nullable(),
    rollbackOf: z.array(z.uuid()),
    rolledBackBy: z.array(z.uuid()),
    onFailure: z.enum(['keep', 'rollback']),
    counts: z.object({
      included: z.int(),
      pending: z.int(),
      applied: z.int(),
      skipped: z.int(),
      failed: z.int(),
    }),
    receipt: z
      .object({
        untouched: z.int(),
        removed: z.int(),
        restored: z.int(),
        unexplained: z.int(),
        rated: z
          .int()
          .optional()
          .meta({ description: 'At Apple Music: rated “Suggest Less”, and neither hidden nor removed.' }),
      })
      .nullable()
      .meta({ description: 'What the last look at the touched parts found; null until the end.' }),
    waiting: waitingSchema,
    failureCode: z.string().nullable(),
    providerCalls: z.int(),
    createdAt: moment,
    startedAt: moment.nullable(),
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'Run' });

export const runsQuery = pageQuery.extend({
  connectionId: z.uuid().optional(),
  runType: z.enum(runTypes).optional(),
});
export const actionsQuery = pageQuery.extend({ status: z.enum(actionStatuses).optional() });

export const actionSchema = z
  .object({
    id: z.uuid(),
    actionType: z.string(),
    itemType: z.string(),
    status: z.enum(actionStatuses),
    outcomeCode: z.string().nullable(),
    repair: z
      .enum(repairs)
      .nullable()
      .meta({ description: 'What helps with one that failed: `POST …/retry-failed`, reconnecting, doing it by hand.' }),
    losses: z.array(z.string()),
    approximate: z.boolean().meta({ description: 'Whether a place in a playlist could only be guessed.' }),
    name: z.string(),
    uri: z.string(),
    url: z.string().nullable(),
    playlist: z.object({ id: z.string(), name: z.string().nullable() }).optional(),
    artistIds: z.array(z.uuid()),
    undoes: z.uuid().nullable().meta({ description: 'In a rollback: the action it takes back.' }),
    appliedAt: moment.nullable(),
  })
  .meta({ id: 'Action' });

export const cancelSchema = z
  .strictObject({
    rollback: z.boolean().default(false).meta({ description: 'Whether to undo what was done so far.' }),
  })
  .meta({ id: 'CancelRun' });

const selection = {
  actionIds: z.array(z.uuid()).min(1).max(10_000).optional(),
  filter: z
    .strictObject({
      itemType: z.enum(itemTypes).optional(),
      playlistId: z.string().min(1).max(100).optional(),
      artistId: z.uuid().optional(),
    })
    .optional(),
};

const oneOf = ({ actionIds, filter }: { actionIds?: unknown; filter?: unknown }) =>
  actionIds === undefined || filter === undefined;
const notBoth = { message: 'Either actionIds or filter', path: ['actionIds'] };

export const selectionSchema = z
  .strictObject(selection)
  .refine(oneOf, notBoth)
  .meta({ id: 'ActionSelection', description: 'Which applied actions; without any condition, all of them.' });

export const rollbackSchema = z
  .strictObject({
    ...selection,
    keep: z.boolean().default(false).meta({
      description:
        'The block still stands: make exceptions for the tracks and albums that are brought back, so that no later run takes them out again.',
    }),
  })
  .refine(oneOf, notBoth)
  .meta({ id: 'Rollback', description: 'Which applied actions; without any condition, all of them.' });

export const purgeBody = z
  .object({
    confirm: z
      .boolean()
      .optional()
      .meta({ description: 'Needed where something could still be undone; without it the answer says how much.' }),
  })
  .meta({ id: 'PurgeRun' });

export const purgeQuery = z.object({
  confirm: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'The same as in the body, for clients that send none with a DELETE.' }),
});

export const previewSchema = z
  .object({
    total: z.int(),
    exact: z.int().meta({ description: 'Of these, how many come back without any loss.' }),
    byLoss: z.record(z.string(), z.int()),
    items: z.array(
      z.object({
        actionId: z.uuid(),
        actionType: z.string().meta({ description: 'What the rollback would do.' }),
        itemType: z.string(),
        name: z.string(),
        playlistId: z.string().nullable(),
        losses: z.array(z.string()),
        approximate: z.boolean(),
      }),
    ),
    itemsShown: z.int().meta({ description: 'At most 500 items are listed; the counts take in all.' }),
  })
  .meta({ id: 'RollbackPreview' });
