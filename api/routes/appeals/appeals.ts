import { findAppeal, listAppeals } from '../../../adapters/postgres/appeal-reads';
import { submitAppeal } from '../../../adapters/postgres/appeal-submission';
import { DomainError } from '../../../domain/errors';
import { appealHref, jobHref } from '../../../domain/hrefs';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { isStaff } from '../moderation/decision-presenter';
import { presentAppeal, presentDetail } from './presenters';
import { appealDetailSchema, appealSchema, appealsQuery, submitSchema, submittedSchema } from './schema';

const list = defineRoute({
  method: 'get',
  path: '/appeals',
  summary: 'Your appeals; for staff, everybody’s',
  description: 'Newest first.',
  tags: ['Appeals'],
  permission: 'signed_in',
  query: appealsQuery,
  responses: { 200: pageOf(appealSchema) },
  handler: async ({ user, query, em }) => {
    const { state, decisionId, escalated, limit } = query;
    const after = decodeCursor(query.cursor, idPosition);
    const whose = isStaff(user) ? (query.whose ?? 'all') : 'mine';
    const filter = {
      userId: whose === 'mine' ? user.userId : null,
      holderId: whose === 'held_by_me' ? user.userId : null,
      state: state ?? null,
      decisionId: decisionId ?? null,
      escalated: escalated ?? null,
    };
    const rows = await listAppeals(em, filter, { limit: limit + 1, after: after?.id ?? null });
    const filtered = state !== undefined || decisionId !== undefined || escalated !== undefined;
    const body = makePage(rows, {
      limit,
      present: (row) => presentAppeal(row, user),
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: filtered ? 'nothing_matches' : 'no_appeals',
    });
    return { status: 200, body };
  },
});

const submit = defineRoute({
  method: 'post',
  path: '/appeals',
  summary: 'Appeal against a decision',
  description:
    'Against a decision that concerns you, within the time that you have from being told of it; a decision about an offense, whoever you are. Once for each decision (`409 already_appealed`), and not against your own (`403 own_case`). A reviewer who had no part in it looks at it again; appeals on one decision are decided together. Until then an offense is `contested`.',
  tags: ['Appeals'],
  permission: 'signed_in',
  body: submitSchema,
  responses: { 202: submittedSchema },
  idempotent: true,
  handler: async ({ user, body, em, ctx, deps }) => {
    const { APPEAL_WINDOW_DAYS: windowDays, APPEAL_DECISION_HOURS: decisionHours } = deps.config;
    const asked = { userId: user.userId, ...body, requestId: ctx.state.requestId };
    const submitted = await em.transactional((tx) => submitAppeal(tx, asked, { windowDays, decisionHours }));
    if ('denied' in submitted) {
      const { denied, appealId: id } = submitted;
      throw new DomainError(denied, id ? { resource: { type: 'appeal', id, href: appealHref(id) } } : {});
    }
    const { appealId, jobId, outboxId } = submitted;
    await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { appealId, jobId }, headers: { Location: jobHref(jobId) } };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/appeals/{id}',
  summary: 'An appeal, what was asked, and how it was decided and why',
  description: 'Your own; for staff, everybody’s.',
  tags: ['Appeals'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: appealDetailSchema },
  handler: async ({ user, params: { id }, em }) => {
    const row = await findAppeal(em, { id, userId: isStaff(user) ? null : user.userId });
    if (!row) throw new DomainError('not_found');
    return { status: 200, body: await presentDetail(em, row, user) };
  },
});

export const appealRoutes = [list, submit, read];
