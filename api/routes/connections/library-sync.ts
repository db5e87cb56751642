import { audit } from '../../../adapters/postgres/audit';
import { lockOwnConnection } from '../../../adapters/postgres/connection-reads';
import { startLibrarySync } from '../../../adapters/postgres/library-sync-start';
import { requireUsable } from '../../../adapters/postgres/plan-start';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { startedJobSchema } from './schema';

const sync = defineRoute({
  method: 'post',
  path: '/connections/{id}/library-sync',
  summary: 'Read the library afresh',
  description:
    'A sync of this connection that is under way is joined. `409 connection_unusable` where it must be renewed.',
  tags: ['Connections'],
  permission: 'user',
  params: idParams,
  responses: { 202: startedJobSchema },
  idempotent: true,
  handler: async ({ user, params, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const { jobId, outboxId } = await em.transactional(async (tx) => {
      const connection = await lockOwnConnection(tx, { userId: user.userId, id: params.id });
      if (!connection) throw new DomainError('not_found');
      requireUsable(connection);
      const started = await startLibrarySync(tx, {
        userId: user.userId,
        connectionId: connection.id,
        provider: connection.provider,
        requestId,
      });
      if (started.outboxId)
        audit(tx, {
          actorId: user.userId,
          event: 'library.sync_requested',
          outcome: 'done',
          subjectType: 'connection',
          subjectId: connection.id,
          requestId,
        });
      return started;
    });
    if (outboxId) await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { jobId }, headers: { Location: jobHref(jobId) } };
  },
});

export const librarySyncRoutes = [sync];
