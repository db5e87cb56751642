import { z } from 'zod';
import { graphAgeSchema } from '../graph/schema';
import { artistSchema } from './schema';

const excludeMeta = { description: 'Leaves out artists whom you keep out at this moment.' };

export const similarQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  excludeBlocked: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta(excludeMeta),
});

export const similarBody = z.object({
  artistIds: z
    .array(z.uuid())
    .min(1)
    .max(20)
    .meta({ description: 'Artists whom the answer should be similar to, together.' }),
  limit: z.int().min(1).max(100).default(20),
  excludeBlocked: z.boolean().default(false).meta(excludeMeta),
});

const part = z.number().min(0).max(1);
const adds = part.meta({ description: 'What this adds to the score.' });

export const similarSchema = z
  .object({
    artists: z.array(z.object({ id: z.uuid(), name: z.string() })).meta({ description: 'Those asked about.' }),
    items: z.array(
      z.object({
        artist: artistSchema,
        score: part.meta({ description: 'The sum of what styles and the graph add.' }),
        from: z.enum(['style', 'graph', 'both']),
        style: z
          .object({ cosine: part.meta({ description: 'How alike the genres are.' }), adds })
          .nullable()
          .meta({ description: 'Null where genres say nothing, or too little.' }),
        graph: z
          .object({
            proximity: part,
            distance: z.int().meta({ description: '1: they worked together; 2: both worked with somebody.' }),
            adds,
          })
          .nullable()
          .meta({ description: 'Null where they are further apart, or among the very many that are as near.' }),
      }),
    ),
    nextCursor: z.null(),
    weights: z.object({ style: part, graph: part }).meta({
      description:
        'How much either part can add; one that has nothing to say adds nothing, and the other counts alone.',
    }),
    style: z.object({
      state: z.enum(['used', 'no_genres', 'not_indexed', 'index_missing', 'away']).meta({
        description:
          '`no_genres`: none are known of those asked about; `not_indexed`: they are not in the index yet; `index_missing`: there is none yet.',
      }),
    }),
    graph: z.object({
      state: z.enum(['used', 'no_collaborations', 'graph_empty', 'away']),
      sync: graphAgeSchema.nullable(),
    }),
    emptyReason: z.enum(['nothing_known', 'nobody_similar', 'all_blocked', 'unknown_now']).optional().meta({
      description:
        '`nothing_known`: neither genres nor collaborations are; `unknown_now`: one part cannot be asked, and the other knows nothing.',
    }),
  })
  .meta({ id: 'SimilarArtists' });
