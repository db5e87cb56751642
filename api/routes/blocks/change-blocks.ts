import { audit } from '../../../adapters/postgres/audit';
import { saveBlock, type BlockChange } from '../../../adapters/postgres/blocks-store';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { presentBlocks } from './presenters';
import { artistParams, blockSchema, contentChange, saveBlockSchema } from './schema';
import { withdrawBlock } from './withdraw-block';

const save = defineRoute({
  method: 'put',
  path: '/blocks/{artistId}',
  summary: 'Keep an artist out',
  description: '201 for a new block, 200 for a changed one. Plans that are ready do not change: make a new one.',
  tags: ['Blocks'],
  permission: 'user',
  params: artistParams,
  body: saveBlockSchema.default({}),
  responses: { 200: blockSchema, 201: blockSchema },
  handler: async ({ user, params, body, em, ctx }) => {
    const { version } = body;
    const change: BlockChange = { ...contentChange(body), ...(version === undefined ? {} : { version }) };
    const { block, created } = await em.transactional(async (tx) => {
      const saved = await saveBlock(tx, user.userId, params.artistId, change);
      audit(tx, {
        actorId: user.userId,
        event: saved.created ? 'block.created' : 'block.changed',
        outcome: 'done',
        subjectType: 'artist',
        subjectId: saved.block.artistId,
        requestId: ctx.state.requestId,
      });
      return saved;
    });
    const presented = (await presentBlocks(em, user.userId, [block]))[0]!;
    return created ? { status: 201, body: presented } : { status: 200, body: presented };
  },
});

const remove = defineRoute({
  method: 'delete',
  path: '/blocks/{artistId}',
  summary: 'Let an artist back in',
  description:
    'Plans that would act on this block turn `stale`. What was taken out stays out: undo the run for that, or `POST blocks/{artistId}/restore`.',
  tags: ['Blocks'],
  permission: 'user',
  params: artistParams,
  responses: { 204: null },
  handler: async ({ user, params, em, ctx }) => {
    await em.transactional(async (tx) => {
      const { userId } = user;
      const withdrawn = await withdrawBlock(tx, {
        userId,
        artistId: params.artistId,
        requestId: ctx.state.requestId,
      });
      if (!withdrawn) throw new DomainError('not_found');
    });
    return { status: 204 };
  },
});

export const blockChangeRoutes = [save, remove];
