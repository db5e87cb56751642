import { audit } from '../../../adapters/postgres/audit';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { lockRunsThatRemoved } from '../../../adapters/postgres/removed-items';
import { findWithdrawal, scopeOfWithdrawal, selectWithdrawn } from '../../../adapters/postgres/source-withdrawals';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentRestorePreview } from '../blocks/restore-presenter';
import { startRestores } from '../blocks/start-restores';
import { sourceRestorePreviewSchema, startedSourceRestoreSchema } from './restores-schema';

const described =
  'When a list or an offense stops blocking an artist, whoever’s library was changed because of it is told (`source.withdrawn`), and finds here what was taken out because of it, at all of their connections, and is not back, whether or not they still follow it. What another block, list or category still wants out is skipped. It has no time limit.';

const preview = defineRoute({
  method: 'get',
  path: '/enforcement/restores/{id}',
  summary: 'What would come back that a withdrawn source took out, and what that loses',
  description: described,
  tags: ['Enforcement'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: sourceRestorePreviewSchema },
  handler: async ({ user, params, em }) => {
    const { userId } = user;
    const withdrawal = await findWithdrawal(em, { userId, id: params.id });
    if (!withdrawal) throw new DomainError('not_found');
    const chosen = await selectWithdrawn(em, { userId, withdrawalId: withdrawal.id });
    const withdrawnAt = withdrawal.withdrawnAt.toISOString();
    return { status: 200, body: { ...presentRestorePreview(chosen), ...withdrawal, withdrawnAt } };
  },
});

const bringBack = defineRoute({
  method: 'post',
  path: '/enforcement/restores/{id}',
  summary: 'Bring back what a withdrawn source took out',
  description: `${described} One rollback for each connection; all of it begins, or nothing: \`409 connection_busy\` with the run that works on one of them, \`409 connection_unusable\` where one must be renewed, \`409 nothing_to_undo\` where everything is back.`,
  tags: ['Enforcement'],
  permission: 'signed_in',
  params: idParams,
  responses: { 202: startedSourceRestoreSchema },
  idempotent: true,
  handler: async ({ user, params, em, ctx, deps }) => {
    const of = { userId: user.userId, withdrawalId: params.id };
    const started = await em.transactional((tx) => begin(tx, of, ctx.state.requestId));
    for (const { outboxId } of started.runs) await deps.dispatcher.tryStart(outboxId);
    const runs = started.runs.map(({ outboxId: _outboxId, ...run }) => run);
    const [first] = runs;
    const headers = first && runs.length === 1 ? { headers: { Location: jobHref(first.jobId) } } : {};
    return { status: 202, body: { ...started, runs }, ...headers };
  },
});

async function begin(tx: EntityManager, of: { userId: string; withdrawalId: string }, requestId: string | null) {
  const { userId, withdrawalId } = of;
  if (!(await findWithdrawal(tx, { userId, id: withdrawalId }))) throw new DomainError('not_found');
  await lockRunsThatRemoved(tx, scopeOfWithdrawal(of));
  const { restored, skipped } = await selectWithdrawn(tx, of);
  if (restored.length === 0) throw new DomainError('nothing_to_undo');
  const runs = await startRestores(tx, { userId, restored, requestId });
  audit(tx, {
    actorId: userId,
    event: 'source.restore_requested',
    outcome: 'done',
    subjectType: 'source_withdrawal',
    subjectId: withdrawalId,
    details: { actions: restored.length, skipped: skipped.length, runs: runs.length },
    requestId,
  });
  return { runs, skipped: skipped.length };
}

export const restoreRoutes = [preview, bringBack];
