import { z } from 'zod';

export const artistSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    disambiguation: z.string().nullable(),
    aliases: z.array(z.string()),
    providerIds: z.object({
      spotify: z.array(z.string()),
      apple_music: z.array(z.string()),
      musicbrainz: z.array(z.string()),
    }),
    genres: z.array(z.string()),
    imageUrl: z.string().nullable(),
    urls: z.record(z.string(), z.string()).meta({ description: 'The artist’s page at each provider.' }),
    blocked: z.boolean().meta({ description: 'Whether you keep this artist out at this moment.' }),
    inLibrary: z
      .object({ tracks: z.int(), playlists: z.int() })
      .meta({ description: 'Distinct tracks among your likes and playlists, and playlists with any of them.' }),
  })
  .meta({ id: 'Artist' });

export const artistSearchQuery = z.object({
  query: z.string().trim().min(1).max(2_048).meta({
    description: 'A name, a link to an artist, track or album at Spotify, a Spotify URI, or an artist’s id there.',
  }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const artistSearchSchema = z
  .object({
    items: z.array(artistSchema),
    nextCursor: z.null(),
    emptyReason: z.enum(['no_artist_found', 'address_unknown', 'address_names_no_artist']).optional(),
    providerSearched: z.boolean().meta({ description: 'Whether the provider’s own answers are among these.' }),
    providerSkipped: z
      .enum(['not_needed', 'no_connection', 'provider_away', 'not_searchable'])
      .nullable()
      .meta({ description: 'Why the provider was not asked, or did not answer.' }),
  })
  .meta({ id: 'ArtistSearch' });
