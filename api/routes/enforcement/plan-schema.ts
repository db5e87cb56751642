import { z } from 'zod';
import { itemTypes, providers } from '../../../domain/capabilities';
import { presets } from '../../../domain/matching';
import { losses } from '../../../domain/reversibility';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';
import { capabilitySchema } from './capabilities';

export const switchesSchema = z
  .strictObject({
    primary: z.boolean(),
    featured: z.boolean(),
    wholeAlbums: z.boolean(),
    credits: z.boolean(),
    mentions: z.boolean(),
    collaborativePlaylists: z.boolean(),
    likedTracks: z.boolean(),
    savedAlbums: z.boolean(),
    followedArtists: z.boolean(),
    followedPlaylists: z.boolean().meta({
      description:
        'On in `thorough`. At Spotify, playlists of others that you follow and whose title has a blocked artist’s name, or on whose readable tracks one is credited; each waits for your review.',
    }),
    playlistTracks: z.boolean(),
    removedLikesPlaylist: z.boolean().meta({
      description:
        'Off in every preset. At Spotify the run then makes a private playlist “Removed on DATE” of the likes that it has removed, in their order; later plans leave it alone, and a rollback takes it away unless you have changed it.',
    }),
  })
  .partial()
  .meta({ id: 'PlanSwitches', description: 'Your own changes to the preset’s switches.' });

const onFailure = z.enum(['keep', 'rollback']);

export const makePlanSchema = z
  .strictObject({
    connectionId: z.uuid(),
    preset: z.enum(presets).default('standard'),
    switches: switchesSchema.optional(),
    onFailure: onFailure.default('keep').meta({
      description:
        'What becomes of the rest when something fails or can’t be tried: it stays (`keep`), or all of it is undone by a run of its own (`rollback`).',
    }),
  })
  .meta({ id: 'MakePlan' });

export const startedPlanSchema = z.object({ planId: z.uuid(), jobId: z.uuid() }).meta({ id: 'StartedPlan' });

export const planCountsSchema = z
  .object({
    total: z.int(),
    included: z.int(),
    byType: z.record(z.string(), z.int()).meta({ description: 'All items, by type.' }),
    byLoss: z
      .record(z.string(), z.int())
      .meta({ description: 'Included items, each under everything that undoing it will lose.' }),
  })
  .meta({ id: 'PlanCounts' });

const planStatuses = ['preparing', 'ready', 'stale', 'failed', 'expired', 'executed'] as const;

export const planSchema = z
  .object({
    id: z.uuid(),
    connectionId: z.uuid(),
    provider: z.enum(providers),
    planType: z.enum(['enforce', 'restore']).meta({
      description:
        'Takes out by your blocks, or puts back what a backup of the library has. A run of the same name carries it out.',
    }),
    restoresFrom: z
      .object({ syncedAt: moment.nullable().meta({ description: 'When that library was read, as the file says.' }) })
      .nullable()
      .meta({ description: 'The file of a plan that restores; null otherwise.' }),
    jobId: z.uuid(),
    preset: z.enum(presets),
    switches: switchesSchema,
    onFailure: z.enum(['keep', 'rollback']),
    status: z.enum(planStatuses),
    staleReasons: z.array(z.string()),
    failureCode: z.string().nullable(),
    counts: planCountsSchema,
    providerCalls: z
      .int()
      .meta({ description: 'Calls that a run will make if nothing goes wrong and the library is as it was.' }),
    estimatedSeconds: z.int().meta({
      description:
        'By the latency measured lately and the provider’s call rate, behind the time for which the provider lets nobody call.',
    }),
    capabilities: z.array(capabilitySchema).meta({
      description: 'What can be done there, and taken back, for each type of item; the notes say what cannot.',
    }),
    backup: z
      .object({
        href: z.string().meta({ description: 'The library as a file, as the last complete sync found it.' }),
        offered: z.boolean().meta({
          description: 'True once the plan is made and until the first run at this connection: take it before.',
        }),
      })
      .meta({
        description: 'Where to get a backup of the library, from which what is lost can be put back by a plan.',
      }),
    runId: z.uuid().nullable(),
    newBlocksSince: z.int().meta({ description: 'Blocks made after the plan was ready; it knows nothing of them.' }),
    version: z.int(),
    createdAt: moment,
    readyAt: moment.nullable(),
    expiresAt: moment,
  })
  .meta({ id: 'Plan' });

export const plansQuery = pageQuery.extend({
  connectionId: z.uuid().optional(),
  status: z.enum(planStatuses).optional(),
});

const roles = ['primary', 'featured', 'credit', 'mention'] as const;
const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true');
const filterFields = {
  itemType: z.enum(itemTypes).optional(),
  role: z.enum(roles).optional().meta({ description: 'How the matched artist takes part.' }),
  artistId: z.uuid().optional().meta({ description: 'A matched artist; together with `role`, in that role.' }),
  playlistId: z.string().min(1).max(100).optional(),
  loss: z.enum(losses).optional(),
  query: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Part of the name, of an artist’s or of the album’s.' }),
};

export const planItemsQuery = pageQuery.extend({
  ...filterFields,
  included: yesOrNo.optional(),
  needsReview: yesOrNo.optional(),
});

export const planItemFilterSchema = z
  .strictObject({ ...filterFields, included: z.boolean().optional(), needsReview: z.boolean().optional() })
  .meta({ id: 'PlanItemFilter', description: 'Every condition given must hold; without any, all items.' });

export const changeItemsSchema = z
  .strictObject({
    itemIds: z.array(z.uuid()).min(1).max(10_000).optional(),
    filter: planItemFilterSchema.optional(),
    included: z.boolean(),
    version: z.int().optional().meta({ description: 'The version of the plan that the change is made to.' }),
  })
  .refine(({ itemIds, filter }) => (itemIds === undefined) !== (filter === undefined), {
    message: 'Either itemIds or filter',
    path: ['itemIds'],
  })
  .meta({ id: 'ChangePlanItems' });

export const changedItemsSchema = z.object({ changed: z.int(), counts: planCountsSchema }).meta({ id: 'ChangedItems' });

const sourceSchema = z.looseObject({ kind: z.string() });
export const matchSchema = z
  .object({
    artistId: z.string(),
    artistName: z.string(),
    role: z.enum(roles),
    source: z.string().meta({ description: 'The firmest of `sources`.' }),
    sources: z.array(sourceSchema),
    evidence: z.object({
      kind: z.string(),
      detail: z.string(),
      found: z
        .object({
          text: z.string(),
          start: z.int(),
          end: z.int(),
          sign: z.string().optional(),
          relation: z.string().optional(),
        })
        .optional()
        .meta({
          description: 'The name found in `detail`, from `start` to `end` (UTF-16), where a name is all there is.',
        }),
      share: z.object({ tracks: z.int(), of: z.int() }).optional().meta({
        description:
          'Of a followed playlist: on how many of its places the artist is credited, where those can be read.',
      }),
    }),
    needsReview: z.boolean(),
  })
  .meta({ id: 'Match' });

export const planItemSchema = z
  .object({
    id: z.uuid(),
    itemType: z.enum(itemTypes),
    uri: z.string(),
    name: z.string(),
    artists: z.array(z.string()),
    album: z.string().nullable(),
    url: z.string().nullable(),
    imageUrl: z.string().nullable(),
    playlist: z.object({ id: z.string(), name: z.string() }).optional(),
    positions: z
      .array(z.int())
      .optional()
      .meta({ description: 'Zero-based places in the playlist; of what comes back, in the file.' }),
    matches: z.array(matchSchema),
    action: z.string().meta({ description: 'What a run would do; `none` where nothing can be done.' }),
    losses: z.array(z.string()),
    included: z.boolean(),
    needsReview: z.boolean(),
    reason: z
      .object({
        code: z.enum(['in_file_only', 'still_blocked', 'unknown_here']),
        fileFrom: moment.nullable().meta({ description: 'When the library in the file was read.' }),
      })
      .nullable()
      .meta({
        description:
          'In a plan that restores: the item is in the file and not in the library now (`in_file_only`), and also blocked, by its `matches` (`still_blocked`), or not known here, so that nobody can say whose it is (`unknown_here`). Null otherwise.',
      }),
    notEnforceable: z
      .string()
      .nullable()
      .meta({ description: 'Why nothing can be done; such an item is never included.' }),
  })
  .meta({ id: 'PlanItem' });

export const executeSchema = z
  .strictObject({
    confirm: z.boolean().default(false).meta({ description: 'Must be true.' }),
    sample: z.int().min(1).max(10_000).optional().meta({ description: 'Carry out only the first so many items.' }),
    onFailure: onFailure
      .optional()
      .meta({ description: 'What becomes of the rest when something fails; left out, as the plan says.' }),
  })
  .meta({ id: 'ExecutePlan' });

export const startedRunSchema = z.object({ runId: z.uuid(), jobId: z.uuid() }).meta({ id: 'StartedRun' });
