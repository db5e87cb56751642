import { z } from 'zod';
import { pageOf, pageQuery } from '../../paging';
import { moment } from '../auth/schema';
import { matchSchema } from './plan-schema';

export const checklistItemSchema = z
  .object({
    id: z.uuid(),
    playlist: z.object({ id: z.string(), name: z.string(), url: z.string().nullable() }),
    positions: z.array(z.int()).meta({ description: 'Zero-based places in the playlist, when the plan was made.' }),
    name: z.string(),
    artists: z.array(z.string()),
    album: z.string().nullable(),
    uri: z.string(),
    url: z.string().nullable(),
    imageUrl: z.string().nullable(),
    matches: z.array(matchSchema),
    needsReview: z.boolean().meta({ description: 'Whether only a name speaks for it.' }),
    done: z.boolean(),
    doneAt: moment.nullable().meta({ description: 'When you ticked it off; nobody has looked whether it is gone.' }),
  })
  .meta({ id: 'ChecklistItem' });

export const checklistSchema = pageOf(checklistItemSchema).extend({
  counts: z
    .object({ total: z.int(), done: z.int() })
    .meta({ description: 'Of the whole checklist, whatever is asked for.' }),
});

export const checklistQuery = pageQuery.extend({
  playlistId: z.string().min(1).max(100).optional(),
  done: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});

export const checklistItemParams = z.object({ id: z.uuid(), itemId: z.uuid() });

export const tickOffSchema = z.strictObject({ done: z.boolean() }).meta({ id: 'TickOff' });
