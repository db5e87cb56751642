import { z } from 'zod';
import { catalogLimits, plainIsrc } from '../../../domain/catalog-imports';
import { artistSubjects } from '../../../domain/linkage/artist-features';
import { artistSchema } from './schema';

const texts = (longest: number, most: number, description: string) =>
  z.array(z.string().trim().min(1).max(longest)).max(most).default([]).meta({ description });

const ids = z.array(z.string().trim().min(1).max(catalogLimits.idLength)).max(catalogLimits.ids).default([]);

const question = z.strictObject({
  name: z.string().trim().min(1).max(catalogLimits.name),
  aliases: texts(catalogLimits.name, 20, 'Other names of the same artist.'),
  providerIds: z
    .strictObject({ spotify: ids, apple_music: ids, musicbrainz: ids })
    .partial()
    .default({})
    .meta({ description: 'Ids that the artist has; one that the catalog knows decides by itself.' }),
  isrcs: z
    .array(z.string().refine((text) => plainIsrc(text) !== null, 'must be an ISRC'))
    .max(100)
    .default([])
    .meta({ description: 'Recordings that the artist is on.' }),
  titles: texts(catalogLimits.title, 100, 'Titles of tracks.'),
  albums: texts(catalogLimits.title, 100, 'Titles of albums.'),
  genres: texts(catalogLimits.genre, catalogLimits.genres, 'Genres.'),
});

export const resolveBody = z.strictObject({
  artists: z.array(question).min(1).max(100).meta({ description: 'Answered in this order.' }),
});
export type ResolveQuestion = z.output<typeof question>;

const band = z.enum(['accept', 'review', 'new']);
const score = z.number().min(0).max(1);
const evidence = z.array(
  z.object({
    subject: z.enum(artistSubjects),
    odds: z
      .number()
      .meta({ description: 'What it adds to the log odds that both are one; below 0 it speaks against.' }),
  }),
);

export const resolveSchema = z
  .object({
    items: z.array(
      z.object({
        name: z.string().meta({ description: 'As it was asked for.' }),
        band: band.meta({
          description:
            '`accept`: it is this artist (a score of 0.85 or more, or an id); `review`: it may be one of the candidates (0.70 or more); `new`: nobody here. A name alone is never accepted.',
        }),
        by: z.enum(['provider_id', 'evidence']),
        score: score
          .nullable()
          .meta({ description: 'Of the first candidate; null where an id decides, or there is none.' }),
        artist: artistSchema.nullable().meta({ description: 'Null unless accepted.' }),
        doubt: z
          .enum(['ids_disagree', 'several_artists'])
          .nullable()
          .meta({ description: 'Why nobody is accepted although somebody would be.' }),
        candidates: z.array(z.object({ artist: artistSchema, score, band, evidence })),
      }),
    ),
    index: z.object({ searched: z.boolean(), leftOut: z.enum(['missing', 'damaged', 'away']).nullable() }).meta({
      description:
        'Whether the index of names was searched, or why not: then only ids, equal names and shared recordings lead to candidates.',
    }),
  })
  .meta({ id: 'ArtistResolutions' });
