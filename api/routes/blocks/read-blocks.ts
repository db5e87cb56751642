import { z } from 'zod';
import { listBlocks, listBlockTags } from '../../../adapters/postgres/blocks-store';
import { loadArtists } from '../../../adapters/postgres/artist-search';
import { effectiveBlocksAfter } from '../../../adapters/postgres/effective-blocks';
import { decodeCursor, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { presentBlocks } from './presenters';
import { blockSchema, blocksQuery, blockTagSchema, effectiveBlockSchema } from './schema';

const blockPosition = z.object({ createdAt: z.iso.datetime(), artistId: z.uuid() });

const list = defineRoute({
  method: 'get',
  path: '/blocks',
  summary: 'Artists that you keep out',
  description: 'Your own blocks, expired ones included, newest first.',
  tags: ['Blocks'],
  permission: 'user',
  query: blocksQuery,
  responses: { 200: pageOf(blockSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, blockPosition);
    const rows = await listBlocks(em, {
      userId: user.userId,
      query: query.query ?? null,
      tag: query.tag ?? null,
      limit: query.limit + 1,
      after,
    });
    const filtered = query.query !== undefined || query.tag !== undefined;
    const page = makePage(rows, {
      limit: query.limit,
      present: (row) => row,
      position: ({ createdAt, artistId }) => ({ createdAt: createdAt.toISOString(), artistId }),
      first: !after,
      emptyReason: filtered ? 'nothing_matches' : 'no_blocks',
    });
    return { status: 200, body: { ...page, items: await presentBlocks(em, user.userId, page.items) } };
  },
});

const tags = defineRoute({
  method: 'get',
  path: '/blocks/tags',
  summary: 'Tags of your blocks',
  tags: ['Blocks'],
  permission: 'user',
  responses: { 200: z.object({ items: z.array(blockTagSchema) }) },
  handler: async ({ user, em }) => ({ status: 200, body: { items: await listBlockTags(em, user.userId) } }),
});

/** Without a time: among those whom only lists and categories name. */
const effectivePosition = z.object({ createdAt: z.iso.datetime().nullable(), artistId: z.uuid() });

const effective = defineRoute({
  method: 'get',
  path: '/blocks/effective',
  summary: 'Everything that is kept out for you, and why',
  description:
    'What a plan made now would go by, each artist once: those whom you blocked in the order in which you did, then those whom only lists and categories name, by id. An artist with nothing but offenses under appeal is `contested`, and only for review.',
  tags: ['Blocks'],
  permission: 'user',
  query: pageQuery,
  responses: { 200: pageOf(effectiveBlockSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, effectivePosition);
    const rows = await effectiveBlocksAfter(em, {
      userId: user.userId,
      now: new Date(),
      after,
      limit: query.limit + 1,
    });
    const artists = await loadArtists(
      em,
      rows.map(({ block }) => block.artistId),
    );
    const idsOf = new Map(artists.map(({ id, providerIds }) => [id, Object.values(providerIds).flat()]));
    const body = makePage(rows, {
      limit: query.limit,
      present: ({ block: { artistId, artistName, contested, sources } }) => ({
        artistId,
        artistName,
        providerIds: idsOf.get(artistId) ?? [],
        contested,
        sources,
      }),
      position: ({ place }) => ({ ...place }),
      first: !after,
      emptyReason: 'no_blocks',
    });
    return { status: 200, body };
  },
});

export const blockReadRoutes = [list, tags, effective];
