import { z } from 'zod';
import { previewSchema } from '../enforcement/run-schema';
import { startedRunSchema } from '../enforcement/plan-schema';

export const artistRestoreSchema = z
  .strictObject({
    connectionId: z.uuid().optional().meta({ description: 'At this connection only; else at all of yours.' }),
    unblock: z.boolean().default(false).meta({ description: 'Take your own block of the artist back as well.' }),
    keepException: z.boolean().default(false).meta({
      description:
        'Keep the tracks and albums that come back, whoever is blocked, so that no later run takes them out.',
    }),
  })
  .meta({ id: 'ArtistRestore' });

const ids = { runId: z.uuid(), connectionId: z.uuid() };

const skippedSchema = z.object({
  ...ids,
  actionId: z.uuid(),
  itemType: z.string(),
  name: z.string(),
  playlistId: z.string().nullable(),
  reason: z.enum(['artist_blocked', 'track_blocked']),
  blockedBy: z
    .array(z.object({ artistId: z.uuid(), artistName: z.string() }))
    .meta({ description: 'Artists who are still blocked; empty where the track itself is.' }),
});

export const artistRestorePreviewSchema = previewSchema
  .extend({
    items: z.array(previewSchema.shape.items.element.extend(ids)),
    byConnection: z.array(z.object({ connectionId: z.uuid(), total: z.int() })),
    skippedTotal: z.int(),
    skipped: z.array(skippedSchema).meta({ description: 'What stays out, and why; at most 500.' }),
  })
  .meta({ id: 'ArtistRestorePreview' });

export const startedRestoreSchema = z
  .object({
    runs: z
      .array(startedRunSchema.extend({ connectionId: z.uuid(), actions: z.int() }))
      .meta({ description: 'One rollback for each connection; empty where nothing but the block was to be undone.' }),
    unblocked: z.boolean(),
    kept: z.int().meta({ description: 'Tracks and albums for which exceptions were made.' }),
    skipped: z.int().meta({ description: 'What stays out, since something else blocks it; the preview says what.' }),
  })
  .meta({ id: 'StartedArtistRestore' });
