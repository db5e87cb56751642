import { confirmMerge, undoMerge } from '../../../adapters/postgres/account-merge-decisions';
import { countHoldings, findMerge } from '../../../adapters/postgres/account-merges';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { defineRoute, type HandlerInput } from '../../route';
import { idParams } from '../auth/schema';
import { startedJobSchema } from '../connections/schema';
import { confirmMergeSchema, mergeSchema, presentMerge } from './merges-schema';

const read = defineRoute({
  method: 'get',
  path: '/me/merges/{id}',
  summary: 'What merging another account of yours into this one would bring',
  description:
    'An offer comes from linking a sign-in account that belongs to another account here, and can be confirmed for fifteen minutes: after that it is `409 merge_expired`.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  responses: { 200: mergeSchema },
  handler: async ({ user, params, em }) => {
    const merge = await findMerge(em, { survivorId: user.userId, id: params.id });
    if (!merge) throw new DomainError('not_found');
    if (merge.status === 'offered' && merge.offerOver) throw new DomainError('merge_expired');
    const [yours, theOther] = await Promise.all(
      [merge.survivorId, merge.absorbedId].map((id) => countHoldings(em.fork(), id)),
    );
    return { status: 200, body: presentMerge(merge, { yours: yours!, theOther: theOther! }) };
  },
});

const confirm = defineRoute({
  method: 'post',
  path: '/me/merges/{id}/confirm',
  summary: 'Merge the other account into this one',
  description:
    'Needs `confirm: true`. The sign-in accounts, connections, runs, plans, jobs and blocks of the other account become yours; its sessions and tokens end, and its roles are lost. Where both block an artist, yours stays. It can be undone for a day. `409 merge_not_possible` says why in `params.reason`.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  body: confirmMergeSchema.default({ confirm: false }),
  responses: { 202: startedJobSchema },
  idempotent: true,
  handler: async (input) => {
    if (!input.body.confirm) throw new DomainError('confirmation_required');
    return carryOut(input, confirmMerge);
  },
});

const undo = defineRoute({
  method: 'post',
  path: '/me/merges/{id}/undo',
  summary: 'Make the two accounts two again',
  description:
    'Within a day of the merge. What was merged goes back; what you made since stays here, but for plans and runs at a connection that goes back. Sessions and tokens that ended stay ended.',
  tags: ['Me'],
  permission: 'user',
  params: idParams,
  responses: { 202: startedJobSchema },
  idempotent: true,
  handler: (input) => carryOut(input, undoMerge),
});

async function carryOut(
  {
    user,
    params,
    em,
    ctx,
    deps,
  }: Pick<HandlerInput<'user', typeof idParams, undefined, undefined>, 'user' | 'params' | 'em' | 'ctx' | 'deps'>,
  decide: typeof confirmMerge,
) {
  const { requestId } = ctx.state;
  const decision = await em.transactional((tx) =>
    decide(tx, { mergeId: params.id, survivorId: user.userId, requestId }),
  );
  // Thrown after the commit: the denial's audit row stays.
  if ('denied' in decision) throw new DomainError(decision.denied, decision.params ? { params: decision.params } : {});
  if (decision.outboxId) await deps.dispatcher.tryStart(decision.outboxId);
  const { jobId } = decision;
  return { status: 202 as const, body: { jobId }, headers: { Location: jobHref(jobId) } };
}

export const mergeRoutes = [read, confirm, undo];
