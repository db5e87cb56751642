import { z } from 'zod';
import {
  entryStates,
  listOrders,
  listParts,
  listVersionStates,
  listVisibilities,
} from '../../../domain/community-lists';
import { listChanges } from '../../../domain/list-differences';
import { listRuleCodes, mostEntries, ruleSeverities } from '../../../domain/list-rules';
import { pageOf, pageQuery } from '../../paging';
import { moment } from '../auth/schema';

export const versionParams = z.object({ id: z.uuid(), n: z.coerce.number().int().min(1).max(2_147_483_647) });

const visibility = z.enum(listVisibilities).meta({
  description:
    '`public`: everybody finds and reads it; `unlisted`: whoever has its id; `private`: its owner and curators.',
});

export const listSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    criteria: z.string().meta({ description: 'By what artists are on it.' }),
    visibility,
    askedVisibility: visibility
      .nullable()
      .meta({ description: 'What a private list becomes once a moderator has approved it.' }),
    latestVersion: z.int().nullable().meta({ description: 'The number of the version that counts.' }),
    newestVersion: z.int().meta({
      description:
        'The highest number that a version was given, also one that waits or was rejected: what the next one is `basedOn`.',
    }),
    inReview: z
      .int()
      .nullable()
      .optional()
      .meta({ description: 'The version that waits for a moderator; for its owner and curators.' }),
    entries: z.int().meta({ description: 'Artists of the version that counts.' }),
    publishedAt: moment.nullable().meta({ description: 'When that version began to count.' }),
    subscriberCount: z.int(),
    restricted: z.boolean().meta({ description: 'Whether moderation keeps it from taking effect now.' }),
    restrictedUntil: moment.nullable(),
    part: z.enum(listParts).nullable().meta({ description: 'What you are to it; `invited`: asked to be a curator.' }),
    version: z.int(),
    createdAt: moment,
    updatedAt: moment,
  })
  .meta({ id: 'CommunityList' });

const name = z.string().trim().min(1).max(120);
const description = z.string().trim().max(2_000);
const criteria = z.string().trim().max(2_000);

export const createListSchema = z
  .strictObject({
    name,
    description: description.default(''),
    criteria: criteria.default('').meta({ description: 'Neutral and checkable. A private list needs none.' }),
    visibility: visibility.default('private'),
  })
  .meta({ id: 'CreateCommunityList' });

export const changeListSchema = z
  .strictObject({
    version: z.int(),
    name: name.optional(),
    description: description.optional(),
    criteria: criteria.optional(),
    visibility: visibility.optional(),
  })
  .meta({ id: 'ChangeCommunityList' });

export const listsQuery = pageQuery.extend({
  query: z.string().trim().min(1).max(200).optional().meta({ description: 'Part of the name or the description.' }),
  sort: z.enum(listOrders).default('newest'),
  mine: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: '`true`: only those that you own or look after.' }),
});

export const growthQuery = z.object({ days: z.coerce.number().int().min(1).max(366).default(30) });
export const growthSchema = z
  .object({
    subscribers: z.int(),
    days: z.array(
      z.object({
        day: z.iso.date().meta({ description: 'UTC.' }),
        gained: z.int(),
        lost: z.int(),
        subscribers: z.int().meta({ description: 'At its end.' }),
      }),
    ),
  })
  .meta({ id: 'ListGrowth' });

const reason = z.string().trim().min(1).max(300);
export const listedArtistSchema = z.strictObject({ artistId: z.uuid(), reason: reason.nullish() });
export const entriesSchema = z.array(listedArtistSchema).max(mostEntries);
export const noteSchema = z.string().trim().min(1).max(1_000).nullish().meta({ description: 'What changed, and why.' });
export const basedOnSchema = z.int().min(0).meta({
  description:
    'The list’s `newestVersion` as you know it; 0 for the first one. `409 version_conflict` where another came meanwhile.',
});

export const publishSchema = z
  .strictObject({
    entries: entriesSchema.meta({ description: 'The whole list as it is to be.' }),
    note: noteSchema,
    basedOn: basedOnSchema,
  })
  .meta({ id: 'PublishListVersion' });

export const listVersionSchema = z
  .object({
    id: z.uuid(),
    listId: z.uuid(),
    number: z.int(),
    state: z.enum(listVersionStates).meta({
      description: '`in_review`: the rules flagged it, and it counts once a moderator has approved it.',
    }),
    note: z.string().nullable(),
    flags: z.array(z.string()).meta({ description: 'Codes of `GET lists/rules`.' }),
    entries: z.int(),
    added: z.int(),
    removed: z.int(),
    createdAt: moment,
    publishedAt: moment.nullable(),
  })
  .meta({ id: 'ListVersion' });

export const versionEntrySchema = z
  .object({
    entryId: z.uuid().meta({ description: 'What a report about this artist on this list names.' }),
    artistId: z.uuid(),
    artistName: z.string(),
    reason: z.string().nullable(),
    state: z.enum(entryStates).meta({ description: 'Only who is `standing` is kept out by the list.' }),
    restrictedUntil: moment.nullable(),
  })
  .meta({ id: 'ListEntry' });

export const versionDetailSchema = pageOf(versionEntrySchema)
  .extend({ version: listVersionSchema })
  .meta({ id: 'ListVersionEntries' });

const number = z.coerce.number().int().min(1).max(2_147_483_647).optional();
export const diffQuery = pageQuery.extend({
  from: number.meta({ description: 'A version’s number; the one before `to` where left out.' }),
  to: number.meta({ description: 'A version’s number; the one that counts where left out.' }),
});
export const diffSchema = pageOf(
  z
    .object({
      change: z.enum(listChanges),
      artistId: z.uuid(),
      artistName: z.string(),
      reasonBefore: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .meta({ id: 'ListDifference' }),
)
  .extend({
    from: z.int().nullable(),
    to: z.int().nullable(),
    counts: z.object({ added: z.int(), removed: z.int(), reasonChanged: z.int() }),
  })
  .meta({ id: 'ListDifferences' });

const ruleCode = z.enum(listRuleCodes);
const severity = z.enum(ruleSeverities).meta({
  description: '`blocks`: cannot be published so; `flags`: a moderator looks at it before it counts.',
});
export const rulesSchema = z
  .object({
    items: z.array(
      z.object({
        code: ruleCode,
        severity,
        appliesTo: z
          .enum(['every', 'shared'])
          .meta({ description: '`shared`: lists that are public or unlisted, or to become so.' }),
        policyRule: z.string().nullable().meta({ description: 'The rule of `GET policies/current` behind it.' }),
        text: z.string(),
      }),
    ),
    mostEntries: z.int(),
  })
  .meta({ id: 'ListRules' });

export const validateSchema = z
  .strictObject({
    listId: z.uuid().optional().meta({ description: 'Yours; what the others leave out is as it says.' }),
    name: name.optional(),
    description: description.optional(),
    criteria: criteria.optional(),
    visibility: visibility.optional().meta({ description: '`public` where neither this nor a list says.' }),
    entries: entriesSchema.optional(),
    note: noteSchema,
  })
  .meta({ id: 'ValidateList' });
export const validationSchema = z
  .object({
    outcome: z.enum(['publishes', 'waits', 'blocked']).meta({
      description: 'What publishing this now would come to; `waits`: for a moderator.',
    }),
    total: z.int(),
    findings: z
      .array(z.object({ code: ruleCode, severity, path: z.string(), message: z.string() }))
      .meta({ description: 'The first 100.' }),
  })
  .meta({ id: 'ListValidation' });
