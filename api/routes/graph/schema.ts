import { z } from 'zod';
import { bands } from '../../../domain/graph-proximity';
import { countedKinds, graphStates, syncReasons } from '../../../domain/graph-sync';
import { pageOf } from '../../paging';
import { moment } from '../auth/schema';

const count = z.int();
const year = z.int().nullable();

/** In every answer from the graph: how old it is, or that it was never made. */
export const graphAgeSchema = z
  .object({
    complete: z.boolean().meta({ description: 'Whether the catalog was ever taken over as a whole.' }),
    syncedAt: moment.nullable(),
  })
  .meta({ id: 'GraphAge', description: 'What the answer rests on.' });

const artistName = z.object({ id: z.uuid(), name: z.string() });
const sampleTrack = z.object({ id: z.uuid(), name: z.string(), year });
const tracks = count.meta({ description: 'Recordings; one that several releases list is one.' });
const work = { tracks, firstYear: year, lastYear: year };
const sharedRoles = {
  bothGuests: count.meta({ description: 'On which both perform, and somebody else leads.' }),
  produced: count.meta({ description: 'On which they don’t both perform, and one of them is a producer.' }),
  written: count.meta({ description: 'The same for writers.' }),
};

export const graphSearchSchema = z
  .object({
    items: z.array(
      artistName.extend({
        disambiguation: z.string().nullable(),
        collaborators: count,
        tracks: count,
        blocked: z.boolean(),
      }),
    ),
    nextCursor: z.null(),
    emptyReason: z.enum(['no_artist_found', 'not_in_graph', 'graph_empty']).optional(),
    sync: graphAgeSchema,
  })
  .meta({ id: 'GraphSearch' });

export const networkSchema = z
  .object({
    artist: artistName,
    depth: count,
    nodes: z.array(artistName.extend({ distance: count, blocked: z.boolean() })),
    edges: z.array(z.object({ from: z.uuid(), to: z.uuid(), ...work })),
    cut: z.boolean().meta({ description: 'Whether artists within the depth were left out for the limit.' }),
    emptyReason: z.enum(['no_collaborators', 'not_in_graph', 'graph_empty']).optional(),
    sync: graphAgeSchema,
  })
  .meta({ id: 'ArtistNetwork' });

export const collaboratorsSchema = pageOf(
  z.object({
    artist: artistName,
    ...work,
    roles: z.object({
      ledByArtist: count.meta({ description: 'Recordings led by the artist whom you asked about.' }),
      ledByCollaborator: count,
      ...sharedRoles,
    }),
    samples: z.array(sampleTrack).meta({ description: 'Up to three tracks, newest first.' }),
  }),
)
  .extend({ artist: artistName, sync: graphAgeSchema })
  .meta({ id: 'Collaborators' });

export const pathsSchema = z
  .object({
    from: artistName,
    to: artistName,
    length: count
      .nullable()
      .meta({ description: 'Steps of the shortest ways; null where there is none of six or fewer.' }),
    paths: z.array(
      z.object({
        artists: z.array(artistName),
        edges: z.array(
          z.object({
            from: z.uuid(),
            to: z.uuid(),
            ...work,
            samples: z.array(sampleTrack).meta({ description: 'Up to ten tracks, newest first.' }),
          }),
        ),
      }),
    ),
    cut: z.boolean().meta({ description: 'Whether there are more ways of this length.' }),
    emptyReason: z.enum(['not_connected', 'not_in_graph', 'graph_empty']).optional(),
    sync: graphAgeSchema,
  })
  .meta({ id: 'ArtistPaths' });

export const statsSchema = z
  .object({
    nodes: z.object({ artists: count, tracks: count, albums: count }),
    edges: z.object({ collaborations: count, credits: count }),
    meanDegree: z.number().nullable().meta({ description: 'Collaborators of an artist, on average.' }),
    density: z.number().nullable().meta({ description: 'Share of all possible collaborations that exist.' }),
    components: z
      .object({ count, largest: count, isolated: count, measuredAt: moment })
      .nullable()
      .meta({ description: 'Groups of artists that hang together; null before they were first counted.' }),
    sync: graphAgeSchema,
  })
  .meta({ id: 'GraphStats' });

const link = z.object({
  blockedArtist: artistName,
  via: artistName.nullable().meta({ description: 'Whom the way goes through at distance 2.' }),
  ...work,
  roles: z.object({
    ledByLinked: count.meta({
      description: 'Led by the one in between, or where there is none by the blocked artist.',
    }),
    ledByArtist: count,
    ...sharedRoles,
  }),
  worth: z.number().meta({ description: 'What this link adds by itself, from 0 to 1.' }),
});

export const blockedNetworkSchema = z
  .object({
    blockedArtists: count,
    blockedInGraph: count,
    items: z.array(
      z.object({
        artist: artistName,
        distance: count,
        score: z.number(),
        band: z.enum(bands),
        links: count.meta({ description: 'Blocked artists, or artists in between, to whom there are links.' }),
        because: z.array(link).meta({ description: 'The links that are worth most, at most five.' }),
      }),
    ),
    cut: z.boolean(),
    emptyReason: z.enum(['nothing_blocked', 'nobody_near', 'graph_empty']).optional(),
    sync: graphAgeSchema,
  })
  .meta({ id: 'BlockedNetwork' });

export const graphSyncSchema = z
  .object({
    id: z.uuid(),
    jobId: z.uuid().nullable().meta({ description: 'Of whoever asked for it; null where it came by the clock.' }),
    mode: z.enum(['incremental', 'full']),
    reason: z.enum(syncReasons),
    status: z.enum(['running', 'completed', 'failed']),
    counts: z
      .object({ artists: count, albums: count, tracks: count, collaborations: count, removed: count })
      .meta({ description: 'What it wrote, and what it took out; 0 while it runs.' }),
    failure: z.object({ code: z.string() }).nullable(),
    startedAt: moment,
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'GraphSync' });

export const healthSchema = z
  .object({
    state: z.enum(graphStates),
    drift: z
      .array(z.object({ kind: z.enum(countedKinds), catalog: count, graph: count, difference: count }))
      .nullable()
      .meta({
        description:
          'Counts on both sides; null while the graph is away, and where the catalog has changed since it was counted, until it is counted anew.',
      }),
    countedAt: moment.nullable().meta({ description: 'When the catalog was counted last.' }),
    pending: count
      .nullable()
      .meta({ description: 'Artists, albums and tracks that changed and wait for the next sync.' }),
    generation: count.nullable().meta({ description: 'Of the last full sync.' }),
    syncedAt: moment.nullable(),
    fullSyncAt: moment.nullable(),
    lastSync: graphSyncSchema.nullable(),
  })
  .meta({ id: 'GraphHealth' });
