import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import { findConnection } from '../../../adapters/postgres/connection-reads';
import { loadEffectiveDecisions } from '../../../adapters/postgres/effective-blocks';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { lockRunsThatRemoved, type RemovedScope, selectRemoved } from '../../../adapters/postgres/removed-items';
import { trackExists } from '../../../adapters/postgres/track-blocks';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { artistRestoreSchema, startedRestoreSchema } from './restore-schema';
import { startRestores } from './start-restores';
import { withdrawTrackBlock } from './withdraw-block';

const bringBack = defineRoute({
  method: 'post',
  path: '/track-blocks/{trackId}/restore',
  summary: 'Unblock a track and bring it back to wherever it was taken out',
  description:
    'From your likes and from each playlist, at all of your connections or at one. Where an artist on it is blocked it stays out. As `POST blocks/{artistId}/restore`: one rollback for each connection, all of it or nothing.',
  tags: ['Blocks'],
  permission: 'signed_in',
  params: z.object({ trackId: z.uuid() }),
  body: artistRestoreSchema.pick({ connectionId: true, unblock: true }).default({ unblock: false }),
  responses: { 202: startedRestoreSchema },
  idempotent: true,
  handler: async ({ user, params: { trackId }, body, em, ctx, deps }) => {
    const { connectionId = null, unblock } = body;
    const scope = { userId: user.userId, connectionId, subjectType: 'track', subjectId: trackId } as const;
    const started = await em.transactional((tx) => begin(tx, scope, { unblock, requestId: ctx.state.requestId }));
    for (const { outboxId } of started.runs) await deps.dispatcher.tryStart(outboxId);
    const runs = started.runs.map(({ outboxId: _outboxId, ...run }) => run);
    const [first] = runs;
    const headers = first && runs.length === 1 ? { headers: { Location: jobHref(first.jobId) } } : {};
    return { status: 202, body: { ...started, runs }, ...headers };
  },
});

async function begin(
  tx: EntityManager,
  scope: RemovedScope,
  { unblock, requestId }: { unblock: boolean; requestId: string | null },
) {
  const { userId, connectionId, subjectId } = scope;
  if (!(await trackExists(tx, subjectId))) throw new DomainError('not_found');
  if (connectionId !== null && !(await findConnection(tx, { userId, id: connectionId })))
    throw new DomainError('not_found');
  await lockRunsThatRemoved(tx, scope);
  const unblocked = unblock && (await withdrawTrackBlock(tx, { userId, trackId: subjectId, requestId }));
  const decisions = await loadEffectiveDecisions(tx, userId, new Date());
  const apart = { ...decisions, tracks: decisions.tracks.filter(({ trackId }) => trackId !== subjectId) };
  const { restored, skipped } = await selectRemoved(tx, scope, apart);
  if (restored.length === 0 && !unblocked) throw new DomainError('nothing_to_undo');
  const runs = await startRestores(tx, { userId, restored, requestId });
  audit(tx, {
    actorId: userId,
    event: 'track.restore_requested',
    outcome: 'done',
    subjectType: 'track',
    subjectId,
    details: { actions: restored.length, skipped: skipped.length, runs: runs.length, unblocked },
    requestId,
  });
  return { runs, unblocked, kept: 0, skipped: skipped.length };
}

export const trackRestoreRoutes = [bringBack];
