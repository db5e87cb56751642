import { z } from 'zod';
import { providers } from '../../../domain/capabilities';
import { verifiedMeaning } from '../../../domain/offenses';

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

export const artistWithOffensesSchema = artistSchema
  .extend({
    offenses: z
      .object({ verified: z.int(), contested: z.int() })
      .nullable()
      .meta({
        description: `Entries that count now, by status; null where offenses are switched off. ${verifiedMeaning}`,
      }),
  })
  .meta({ id: 'ArtistWithOffenses' });

const artistHitSchema = artistSchema
  .extend({
    matchedAlias: z
      .object({ name: z.string(), locale: z.string().nullable(), source: z.string() })
      .nullable()
      .meta({ description: 'The alias that the search found the artist by, where it is not by the name.' }),
  })
  .meta({ id: 'ArtistHit' });

export const artistSearchQuery = z.object({
  query: z.string().trim().min(1).max(2_048).meta({
    description:
      'A name or alias; a link to an artist, track or album at Spotify, Apple Music or MusicBrainz; a Spotify URI; or an artist’s id at Spotify or MusicBrainz.',
  }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const artistSearchSchema = z
  .object({
    items: z.array(artistHitSchema),
    nextCursor: z.null(),
    emptyReason: z
      .enum(['no_artist_found', 'address_unknown', 'address_names_no_artist', 'not_imported'])
      .optional()
      .meta({
        description:
          '`not_imported`: the catalog has nobody of this MusicBrainz id, and only an import would bring them.',
      }),
    providerSearched: z.boolean().meta({ description: 'Whether a provider’s own answers are among these.' }),
    searchedProvider: z.enum(providers).nullable().meta({ description: 'Who answered, if anybody did.' }),
    providerSkipped: z.enum(['not_needed', 'no_connection', 'provider_away', 'not_searchable']).nullable().meta({
      description: 'Why no provider was asked, or none answered. `not_searchable`: MusicBrainz is not asked.',
    }),
  })
  .meta({ id: 'ArtistSearch' });
