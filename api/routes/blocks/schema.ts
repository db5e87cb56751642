import { z } from 'zod';
import { expiryChoices } from '../../../domain/block-expiry';
import { type ContentChange, mostTags } from '../../../domain/own-blocks';
import { pageQuery } from '../../paging';
import { artistSchema } from '../artists/schema';
import { moment } from '../auth/schema';

export const tag = z.string().trim().min(1).max(40);

export const blockSchema = z
  .object({
    artistId: z.uuid(),
    artist: artistSchema,
    note: z.string().nullable(),
    tags: z.array(z.string()),
    expiresAt: moment.nullable(),
    onExpiry: z.enum(expiryChoices),
    expired: z.boolean(),
    version: z.int(),
    createdAt: moment,
    updatedAt: moment,
  })
  .meta({ id: 'Block' });

export const artistParams = z.object({ artistId: z.uuid() });

export const blocksQuery = pageQuery.extend({
  query: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Part of the artist’s name or of the note.' }),
  tag: tag.optional(),
});

const onExpiry = z.enum(expiryChoices).optional().meta({
  description:
    'What comes of its end: what it took out stays out (`keep`, where nothing was said), or is brought back (`restore`).',
});

export const saveBlockSchema = z
  .strictObject({
    note: z.string().trim().max(2_000).nullish().meta({ description: 'Left out it stays, null clears it.' }),
    tags: z
      .array(tag)
      .max(mostTags)
      .transform((tags) => [...new Set(tags)])
      .optional(),
    expiresAt: z.iso
      .datetime({ offset: true })
      .refine((text) => Date.parse(text) > Date.now(), 'Must be in the future')
      .nullish()
      .meta({ description: 'When the block ends by itself; null for never.' }),
    onExpiry,
    version: z.int().optional().meta({ description: 'The version that the change is made to.' }),
  })
  .meta({ id: 'SaveBlock' });

/** What a body asks to change; a part that it leaves out stays. */
export function contentChange({
  note,
  tags,
  expiresAt,
  onExpiry,
}: Pick<z.output<typeof saveBlockSchema>, 'note' | 'tags' | 'expiresAt' | 'onExpiry'>): ContentChange {
  return {
    ...(note === undefined ? {} : { note }),
    ...(tags === undefined ? {} : { tags }),
    ...(onExpiry === undefined ? {} : { onExpiry }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) }),
  };
}

export const blockTagSchema = z.object({ tag: z.string(), count: z.int() }).meta({ id: 'BlockTag' });

export const effectiveBlockSchema = z
  .object({
    artistId: z.uuid(),
    artistName: z.string(),
    providerIds: z.array(z.string()),
    contested: z.boolean().meta({ description: 'Whether nothing but offenses under appeal blocks it.' }),
    sources: z.array(
      z.union([
        z.object({ kind: z.literal('own') }),
        z.object({ kind: z.literal('list'), listId: z.string(), version: z.int() }),
        z.object({ kind: z.literal('category'), category: z.string(), offenseIds: z.array(z.string()) }),
      ]),
    ),
  })
  .meta({ id: 'EffectiveBlock' });
