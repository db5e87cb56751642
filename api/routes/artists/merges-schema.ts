import { z } from 'zod';
import { mergeBands, mergeStates } from '../../../domain/artist-merges';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';

const mergeSideSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    disambiguation: z.string().nullable(),
    imageUrl: z.string().nullable(),
    aliases: z.array(z.string()),
    genres: z.array(z.string()),
    providerIds: z.record(z.string(), z.array(z.string())),
    tracks: z.int().meta({ description: 'On which it is credited.' }),
    albums: z.int(),
    mergedInto: z.uuid().nullable().meta({ description: 'Whom it has become, over all merges that stand.' }),
  })
  .meta({
    id: 'MergeSide',
    description: 'One of the two by itself: what was given for it, also while it is merged into another one.',
  });

export const artistMergeSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(mergeStates).meta({
      description:
        '`pending`: waits for a person; `applied`: the two are one; `rejected`: they are kept apart; `undone`: they were one and are two again. The machine leaves those two alone.',
    }),
    band: z.enum(mergeBands).meta({ description: '`accept` was done unasked, `review` asks a person.' }),
    score: z.number().min(0).max(1),
    evidence: z
      .array(z.object({ subject: z.string(), odds: z.number() }))
      .meta({ description: 'What was compared, and the log odds that it adds: positive for one and the same.' }),
    artists: z.array(mergeSideSchema),
    keptArtistId: z.uuid().meta({ description: 'Whose id stays, or would; chosen anew when it is approved.' }),
    mergedArtistId: z.uuid(),
    proposedAt: moment,
    decidedAt: moment.nullable(),
  })
  .meta({ id: 'ArtistMerge' });

export const artistMergesQuery = pageQuery.extend({ state: z.enum(mergeStates).optional() });
