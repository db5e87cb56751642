import type { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import { disconnectionOf, lockForDisconnection, startDisconnection } from '../../../adapters/postgres/disconnection';
import { countLostUndoAt } from '../../../adapters/postgres/erasure';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { revocationOf, type StreamingProvider } from '../../../domain/capabilities';
import { DomainError } from '../../../domain/errors';
import { jobHref, libraryExportHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { disconnectBody, disconnectQuery, startedDisconnectSchema } from './disconnect-schema';

interface Asked {
  userId: string;
  id: string;
  confirmed: boolean;
  requestId: string | null;
}

const disconnect = defineRoute({
  method: 'delete',
  path: '/connections/{id}',
  summary: 'Disconnect a streaming account',
  description:
    'Forgets its tokens at once, stops what is under way, and removes everything that is known of it here: library, plans, runs and with them what could still be undone. Where there is such undo, the answer is `409 undo_would_be_lost` with the counts until `confirm` is sent, and names where a backup of the library can be had first. What the runs changed at the provider stays as it is. The same account can be connected again at any time, as a new connection. A second call joins the first.',
  tags: ['Connections'],
  permission: 'signed_in',
  params: idParams,
  query: disconnectQuery,
  body: disconnectBody.default({}),
  responses: { 202: startedDisconnectSchema },
  handler: async ({ user, params, query, body, em, ctx, deps }) => {
    const confirmed = body.confirm === true || query.confirm === 'true';
    const asked = { userId: user.userId, id: params.id, confirmed, requestId: ctx.state.requestId };
    const started = await em.transactional((tx) => begin(tx, asked));
    if (started.outboxId) await deps.dispatcher.tryStart(started.outboxId);
    return { status: 202, body: present(started), headers: { Location: jobHref(started.jobId) } };
  },
});

interface Started {
  jobId: string;
  outboxId: string | null;
  provider: string;
}

async function begin(tx: EntityManager, { userId, id, confirmed, requestId }: Asked): Promise<Started> {
  // Two requests at once: the second waits here and finds the first one's job.
  const connection = await lockForDisconnection(tx, { userId, id });
  if (!connection) throw new DomainError('not_found');
  const { provider, disconnecting } = connection;
  const running = disconnecting ? await disconnectionOf(tx, userId, id) : null;
  if (running) return { jobId: running, outboxId: null, provider };
  const lost = await countLostUndoAt(tx, id);
  if (!disconnecting && !confirmed && lost.actions > 0) throw unconfirmed(id, lost);
  const started = await startDisconnection(tx, { userId, connection, requestId });
  audit(tx, {
    actorId: userId,
    event: 'connection.disconnect_requested',
    outcome: 'done',
    subjectType: 'connection',
    subjectId: id,
    details: { provider, lostRuns: lost.runs, lostActions: lost.actions },
    requestId,
  });
  return { ...started, provider };
}

function unconfirmed(id: string, { runs, actions }: { runs: number; actions: number }): DomainError {
  const backup = libraryExportHref(id);
  return new DomainError('undo_would_be_lost', {
    detail: `${actions} changes of ${runs} runs could still be undone, and no longer after this. To go on, send \`confirm: true\`. Before that you can have a backup of the library with GET ${backup}.`,
    params: { runs, actions, confirm: true },
    action: { code: 'export_library', href: backup },
  });
}

function present({ jobId, provider }: Started): z.input<typeof startedDisconnectSchema> {
  const { byHand, url } = revocationOf(provider as StreamingProvider);
  return { jobId, revokedAtProvider: 'unsupported', howByHand: byHand, ...(url === null ? {} : { revokeByHand: url }) };
}

export const disconnectRoutes = [disconnect];
