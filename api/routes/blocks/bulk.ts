import { z } from 'zod';
import { changeBlocks } from '../../../adapters/postgres/bulk-blocks';
import { type BulkChange, bulkOutcomes } from '../../../domain/bulk-blocks';
import { defineRoute } from '../../route';
import { contentChange, saveBlockSchema, tag } from './schema';

const artistIds = z.array(z.uuid()).min(1).max(500);
const tags = z.array(tag).max(20).default([]);

const bulkSchema = z
  .discriminatedUnion('action', [
    saveBlockSchema.omit({ version: true }).extend({ action: z.literal('block'), artistIds }),
    z.strictObject({ action: z.literal('unblock'), artistIds }),
    z.strictObject({ action: z.literal('tag'), artistIds, add: tags, remove: tags }),
  ])
  .meta({ id: 'BulkBlocks' });

const bulkResultSchema = z
  .object({
    items: z.array(z.object({ artistId: z.uuid(), outcome: z.enum(bulkOutcomes) })),
    counts: z.partialRecord(z.enum(bulkOutcomes), z.int()),
  })
  .meta({ id: 'BulkBlocksResult' });

const bulk = defineRoute({
  method: 'post',
  path: '/blocks/bulk',
  summary: 'Block, unblock or tag up to 500 artists',
  description:
    'All in one transaction, each artist with its outcome. `block` says the same of all, and what it leaves out stays as it is; `tag` adds and removes tags of artists that you keep out. The same once more changes nothing. Plans that would act on a withdrawn block turn `stale`.',
  tags: ['Blocks'],
  permission: 'user',
  body: bulkSchema,
  responses: { 200: bulkResultSchema },
  handler: async ({ user, body, em, ctx }) => {
    const { requestId } = ctx.state;
    const asked = { userId: user.userId, artistIds: body.artistIds, change: changeOf(body), requestId };
    const items = await em.transactional((tx) => changeBlocks(tx, asked));
    const counts: z.input<typeof bulkResultSchema>['counts'] = {};
    for (const { outcome } of items) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return { status: 200, body: { items, counts } };
  },
});

function changeOf(body: z.output<typeof bulkSchema>): BulkChange {
  if (body.action !== 'block') return body;
  return { action: 'block', ...contentChange(body) };
}

export const bulkRoutes = [bulk];
