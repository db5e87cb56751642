import type { z } from 'zod';
import { assertDecided, decideProposal } from '../../../adapters/postgres/list-proposal-decisions';
import {
  findProposal,
  listProposals,
  proposedNames,
  propose,
  type ProposalRow,
} from '../../../adapters/postgres/list-proposals';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import type { ProposalVerb } from '../../../domain/list-proposals';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { approveSchema, proposalParams, proposalSchema, proposalsQuery, proposeSchema } from './proposals-schema';
import { heldList, readableList } from './readable';

const make = defineRoute({
  method: 'post',
  path: '/lists/{id}/proposals',
  summary: 'Propose to change a list',
  description:
    'By anybody who can read it. It becomes its next version once its owner or a curator approves it, never whoever proposed it.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  body: proposeSchema,
  responses: { 201: proposalSchema },
  idempotent: true,
  handler: async ({ user: { userId }, params: { id }, body, em, ctx }) => {
    const { requestId } = ctx.state;
    const additions = body.additions.map(({ artistId, reason = null }) => ({ artistId, reason }));
    const proposalId = await em.transactional(async (tx) => {
      const list = await heldList(tx, id, userId);
      const change = { additions, removals: body.removals };
      return propose(tx, { list, userId, change, note: body.note ?? null, requestId });
    });
    return { status: 201, body: await presented(em, { listId: id, proposalId, userId }) };
  },
});

const list = defineRoute({
  method: 'get',
  path: '/lists/{id}/proposals',
  summary: 'What was proposed for a list',
  description: 'Newest first. All of it for its owner and curators; for everybody else their own.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  query: proposalsQuery,
  responses: { 200: pageOf(proposalSchema) },
  handler: async ({ user: { userId }, params, query: { state, cursor, limit }, em }) => {
    const found = await readableList(em, params.id, userId);
    const after = decodeCursor(cursor, idPosition);
    const asked = { userId, state: state ?? null, after: after?.id ?? null, limit: limit + 1 };
    const page = makePage(await listProposals(em, found, asked), {
      limit,
      present: (row) => row,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: state === undefined ? 'no_proposals' : 'nothing_matches',
    });
    return { status: 200, body: { ...page, items: await presentProposals(em, page.items, userId) } };
  },
});

const words: Readonly<Record<ProposalVerb, { summary: string; description: string }>> = {
  approve: {
    summary: 'Make a proposal the next version of a list',
    description:
      'By its owner or a curator; `403 own_case` for one’s own. It counts at once, or waits where the rules flag it, as any version. `409 version_in_review` while another one waits.',
  },
  reject: { summary: 'Turn a proposal down', description: 'By its owner or a curator; `403 own_case` for one’s own.' },
  withdraw: { summary: 'Take your proposal back', description: 'By whoever made it.' },
};

const decide = <V extends ProposalVerb, B extends z.ZodType | undefined>(verb: V, body: B) =>
  defineRoute({
    method: 'post',
    path: `/lists/{id}/proposals/{proposalId}/${verb}`,
    ...words[verb],
    tags: ['Lists'],
    permission: 'user',
    params: proposalParams,
    ...(body ? { body } : {}),
    responses: { 200: proposalSchema },
    handler: async ({ user: { userId }, params: { id, proposalId }, body: given, em, ctx }) => {
      await readableList(em, id, userId);
      const { basedOn } = (given ?? { basedOn: 0 }) as z.output<typeof approveSchema>;
      const asked = { listId: id, proposalId, verb, actorId: userId, basedOn, requestId: ctx.state.requestId };
      assertDecided(await em.transactional((tx) => decideProposal(tx, asked)));
      return { status: 200, body: await presented(em, { listId: id, proposalId, userId }) };
    },
  });

async function presented(
  em: EntityManager,
  { listId, proposalId, userId }: { listId: string; proposalId: string; userId: string },
): Promise<z.input<typeof proposalSchema>> {
  const row = await findProposal(em, { listId, proposalId, held: false });
  const [proposal] = row ? await presentProposals(em, [row], userId) : [];
  if (!proposal) throw new DomainError('not_found');
  return proposal;
}

async function presentProposals(
  em: EntityManager,
  rows: readonly ProposalRow[],
  userId: string,
): Promise<z.input<typeof proposalSchema>[]> {
  const named = await proposedNames(em, rows);
  return rows.map(({ userId: by, additions, removals, ...row }) => ({
    ...row,
    own: by === userId,
    additions: additions.map(({ artistId, reason }) => ({ ...named(artistId), reason })),
    removals: removals.map(named),
    createdAt: new Date(row.createdAt).toISOString(),
    decidedAt: row.decidedAt === null ? null : new Date(row.decidedAt).toISOString(),
  }));
}

export const listProposalRoutes = [
  make,
  list,
  decide('approve', approveSchema),
  decide('reject', undefined),
  decide('withdraw', undefined),
];
