import { listIdentities, unlinkIdentity } from '../../../adapters/postgres/identities';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { startedJobSchema } from '../connections/schema';
import { identitySchema, presentIdentity } from './identities-schema';

const list = defineRoute({
  method: 'get',
  path: '/me/identities',
  summary: 'The accounts you sign in with',
  tags: ['Me'],
  permission: 'signed_in',
  query: pageQuery,
  responses: { 200: pageOf(identitySchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const rows = await listIdentities(em, { userId: user.userId, limit: query.limit + 1, after: after?.id ?? null });
    const body = makePage(rows, {
      limit: query.limit,
      present: presentIdentity,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'no_identities',
    });
    return { status: 200, body };
  },
});

const unlink = defineRoute({
  method: 'delete',
  path: '/me/identities/{id}',
  summary: 'Remove an account you sign in with',
  description:
    'It stops working for sign-in at once; the job takes our access back at its provider and says whether that went (milestone `identity_unlinked`, `revokedAtProvider`: `true`, `false` or `unsupported`). `409 last_sign_in_method` for the last one; while a merge can be undone, each side of it keeps one.',
  tags: ['Me'],
  permission: 'signed_in',
  params: idParams,
  responses: { 202: startedJobSchema },
  handler: async ({ user, params, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const done = await em.transactional((tx) =>
      unlinkIdentity(tx, { userId: user.userId, identityId: params.id, requestId }),
    );
    // Thrown after the commit: the denial's audit row stays.
    if ('denied' in done) throw new DomainError(done.denied);
    if (done.outboxId) await deps.dispatcher.tryStart(done.outboxId);
    return { status: 202, body: { jobId: done.jobId }, headers: { Location: jobHref(done.jobId) } };
  },
});

export const identityRoutes = [list, unlink];
