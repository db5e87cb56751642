import { z } from 'zod';
import { listedKinds } from '../../../adapters/postgres/library-listing';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';

export const connectionSchema = z
  .object({
    id: z.uuid(),
    provider: z.string(),
    accountName: z.string().meta({ description: 'Apple Music tells none: there it is the storefront’s.' }),
    storefront: z.string().nullable().meta({ description: 'Which catalog the account sees (Apple Music).' }),
    health: z.enum(['healthy', 'expiring', 'needs_reconnect', 'degraded']),
    healthCode: z.string().nullable().meta({ description: 'Why it is not healthy.' }),
    checkedAt: moment.nullable().meta({ description: 'When the provider last said something about the consent.' }),
    action: z
      .object({ code: z.enum(['reconnect', 'use_own_app', 'subscribe']), href: z.string() })
      .nullable()
      .meta({ description: 'What the person can do about it, and where; null where nothing helps or is needed.' }),
    scopes: z.array(z.string()),
    lastSyncedAt: moment.nullable(),
    version: z.int(),
    createdAt: moment,
    app: z
      .object({
        clientId: z.string(),
        own: z.boolean().meta({ description: 'Whether it is an app of your own, and not one of the operator’s.' }),
      })
      .nullable()
      .meta({ description: 'The Spotify app that it goes through; null elsewhere.' }),
    library: z
      .object({ likes: z.int(), albums: z.int(), follows: z.int(), playlists: z.int() })
      .nullable()
      .meta({ description: 'What the last complete sync found; null before the first.' }),
    syncJobId: z.uuid().nullable().meta({ description: 'The library sync that is under way.' }),
    refreshable: z.boolean().meta({
      description: 'Whether access is renewed without the person. Not at Apple Music: there the person consents again.',
    }),
    revocable: z.boolean().meta({
      description: 'Whether the provider has a call that takes the consent back. Neither Spotify nor Apple Music has.',
    }),
    reconnectHref: z.string().meta({ description: 'Open it in a browser that is signed in to renew the consent.' }),
  })
  .meta({ id: 'Connection' });

export const startedJobSchema = z
  .object({ jobId: z.uuid() })
  .meta({ id: 'StartedJob', description: 'Watch it at `GET jobs/{jobId}`, where `Location` points.' });

export const libraryQuery = pageQuery.extend({
  kind: z
    .enum(listedKinds)
    .default('likes')
    .meta({ description: '`playlist_items` are those of the playlist named by `playlistId`.' }),
  playlistId: z.string().min(1).max(100).optional(),
  query: z.string().trim().min(1).max(200).optional().meta({ description: 'Part of a name or of an artist’s name.' }),
});

export const libraryItemSchema = z
  .object({
    kind: z.enum(['track', 'album', 'artist', 'playlist', 'other']),
    uri: z.string().nullable().meta({ description: 'Null for a place whose item the provider shows nothing of.' }),
    position: z.int().meta({ description: 'Zero-based, in the provider’s order.' }),
    name: z.string().nullable().meta({ description: 'Null where the catalog knows none (local files, episodes).' }),
    artists: z.array(z.object({ id: z.uuid(), name: z.string() })),
    album: z.string().nullable(),
    imageUrl: z.string().nullable(),
    url: z.string().nullable(),
    addedAt: z.string().nullable(),
    playlist: z
      .object({ id: z.string(), own: z.boolean(), collaborative: z.boolean(), length: z.int(), readable: z.boolean() })
      .optional(),
  })
  .meta({ id: 'LibraryItem' });
