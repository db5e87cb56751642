import { z } from 'zod';
import { itemTypes, providers } from '../../../domain/capabilities';
import { newEntriesChoices, subscriptionFollows } from '../../../domain/community-lists';
import { takesAtOnce } from '../../../domain/list-subscriptions';
import { offenseCategoryCodes } from '../../../domain/offenses';
import { moment } from '../auth/schema';
import { planItemSchema } from '../enforcement/plan-schema';

const versionNumber = z.int().min(1).max(2_147_483_647);
const follows = z.enum(subscriptionFollows).meta({
  description: '`latest`: goes along with new versions; `pinned`: stays with one.',
});
const newEntries = z.enum(newEntriesChoices).meta({
  description:
    '`at_once`: a new version counts from its publishing on; `after_review`: once you have accepted it. Of no account while `pinned`.',
});

export const followListSchema = z
  .strictObject({
    follows: follows.default('latest'),
    newEntries: newEntries.default('at_once'),
    version: versionNumber.optional().meta({
      description:
        'The version to pin, or that you have looked at and accept. Left out: the one that holds for you already, else the latest.',
    }),
  })
  .refine((wish) => wish.version === undefined || !takesAtOnce(wish), {
    path: ['version'],
    message: 'There is no version to name where every new one counts at once.',
  })
  .meta({ id: 'FollowList' });

export const listSubscriptionSchema = z
  .object({
    list: z.object({ id: z.uuid(), name: z.string(), href: z.string() }),
    follows,
    newEntries,
    version: versionNumber
      .nullable()
      .meta({ description: 'The version that holds for you; null where moderation has it out of effect for good.' }),
    latestVersion: versionNumber.nullable(),
    difference: z.object({ added: z.int(), removed: z.int() }).nullable().meta({
      description:
        'How many artists the latest version has more and less; null where it is the one that holds for you.',
    }),
    waitsForReview: z.boolean().meta({ description: 'Whether the latest version waits for you to accept it.' }),
    restricted: z.boolean().meta({ description: 'Whether moderation keeps the list from taking effect now.' }),
    followedAt: moment,
    changedAt: moment,
  })
  .meta({ id: 'ListSubscription' });

export const categoryCode = z.enum(offenseCategoryCodes);
export const categoryParams = z.object({ category: categoryCode });

export const categorySubscriptionSchema = z
  .object({
    category: categoryCode,
    artists: z.int().meta({ description: 'Artists whom it keeps out now.' }),
    contested: z
      .int()
      .meta({ description: 'Further artists with nothing but offenses under appeal: for review only.' }),
    followedAt: moment,
  })
  .meta({ id: 'CategorySubscription' });

const count = z.int().min(0);
export const impactSchema = z.object({
  artists: count.meta({ description: 'Artists who would newly be kept out, whether or not they are in a library.' }),
  connections: z.array(
    z.object({
      connectionId: z.uuid(),
      provider: z.enum(providers),
      accountName: z.string(),
      lastSyncedAt: moment.nullable(),
      counts: z.object({
        total: count,
        byType: z.partialRecord(z.enum(itemTypes), count),
        playlistPlaces: count.meta({ description: 'Places in playlists; a track may have several in one.' }),
        forReview: count.meta({ description: 'Further items that you would only be asked to look at.' }),
      }),
      items: z
        .array(
          planItemSchema
            .pick({
              itemType: true,
              uri: true,
              name: true,
              artists: true,
              album: true,
              url: true,
              imageUrl: true,
              matches: true,
            })
            .extend({ playlist: z.object({ id: z.string(), name: z.string() }).nullable() }),
        )
        .meta({ description: 'The first 20, in the order of a plan.' }),
    }),
  ),
  emptyReason: z.literal('no_library').optional(),
});
export const listImpactSchema = impactSchema
  .extend({ listId: z.uuid(), version: versionNumber.nullable().meta({ description: 'Null where none counts yet.' }) })
  .meta({ id: 'ListImpact' });
