import type { z } from 'zod';
import { databaseNow } from '../../../adapters/postgres/clock';
import type { EntityManager } from '../../../adapters/postgres/orm';
import {
  listMutes,
  type ListedMute,
  muteSubmitter,
  type SubmissionMute,
  unmuteSubmitter,
} from '../../../adapters/postgres/submission-mutes';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { muteBody, mutedParams, mutedSubmitterSchema, type muteSchema } from './muted-schema';

const list = defineRoute({
  method: 'get',
  path: '/moderation/muted-submitters',
  summary: 'Who submits nothing for a time',
  description: 'The latest decision first; those that have ended are not among them.',
  tags: ['Moderation'],
  permission: 'staff',
  query: pageQuery,
  responses: { 200: pageOf(mutedSubmitterSchema) },
  handler: async ({ query: { limit, cursor }, em }) => {
    const after = decodeCursor(cursor, idPosition);
    const rows = await listMutes(em, { limit: limit + 1, after: after?.id ?? null });
    const page = makePage(rows, {
      limit,
      present: presentMutedSubmitter,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'nobody_muted',
    });
    return { status: 200, body: page };
  },
});

const mute = defineRoute({
  method: 'put',
  path: '/moderation/muted-submitters/{userId}',
  summary: 'Have a person submit nothing for a time',
  description:
    'For whoever submits what is knowingly false or to harass: neither offenses nor sources, and they change none of theirs (`403 submissions_muted`). They are told, and read why in `GET me`. In place of what was decided before. `403 own_case` for oneself.',
  tags: ['Moderation'],
  permission: 'moderator',
  params: mutedParams,
  body: muteBody,
  responses: { 200: mutedSubmitterSchema },
  handler: async ({ user, params: { userId }, body: { reason, until }, em, ctx }) => {
    const end = await endOf(em, until);
    const decider = { userId, actorId: user.userId, requestId: ctx.state.requestId };
    const done = await em.transactional((tx) => muteSubmitter(tx, { ...decider, reason, until: end }));
    if (done === null) throw new DomainError('not_found');
    if ('denied' in done) throw new DomainError(done.denied);
    return { status: 200, body: presentMutedSubmitter(done) };
  },
});

const unmute = defineRoute({
  method: 'delete',
  path: '/moderation/muted-submitters/{userId}',
  summary: 'Let a person submit again',
  description: 'Before its time. They are told. A 404 where nothing keeps them from it; `403 own_case` for oneself.',
  tags: ['Moderation'],
  permission: 'moderator',
  params: mutedParams,
  responses: { 204: null },
  handler: async ({ user, params: { userId }, em, ctx }) => {
    const decider = { userId, actorId: user.userId, requestId: ctx.state.requestId };
    const done = await em.transactional((tx) => unmuteSubmitter(tx, decider));
    if (done === null) throw new DomainError('not_found');
    if ('denied' in done) throw new DomainError(done.denied);
    return { status: 204 };
  },
});

async function endOf(em: EntityManager, text: string | null): Promise<Date | null> {
  if (text === null) return null;
  const until = new Date(text);
  if (until > (await databaseNow(em))) return until;
  throw new DomainError('invalid_request', {
    errors: [{ path: 'body.until', code: 'out_of_range', message: 'In the future' }],
  });
}

/** As its person reads it. */
export const presentMute = ({ id, reason, since, until }: SubmissionMute): z.input<typeof muteSchema> => ({
  id,
  reason,
  since: since.toISOString(),
  until: until?.toISOString() ?? null,
});

const presentMutedSubmitter = (mute: ListedMute): z.input<typeof mutedSubmitterSchema> => ({
  ...presentMute(mute),
  userId: mute.userId,
  displayName: mute.displayName,
  mutedBy: mute.mutedBy,
});

export const mutedSubmitterRoutes = [list, mute, unmute];
