import type { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { requireUsable } from '../../../adapters/postgres/plan-start';
import { createRollback, undoableActions, type UndoableAction } from '../../../adapters/postgres/rollbacks';
import { lockOwnConnection } from '../../../adapters/postgres/connection-reads';
import { actionIdsBy, countForeignActions, findRun, lockRun, type RunRow } from '../../../adapters/postgres/run-reads';
import { DomainError } from '../../../domain/errors';
import { jobHref, runHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { startedRunSchema } from './plan-schema';
import { keepRolledBack } from './keep-rolled-back';
import { presentPreview } from './run-presenters';
import { previewSchema, rollbackSchema, selectionSchema } from './run-schema';

type Selection = z.output<typeof selectionSchema>;

const preview = defineRoute({
  method: 'post',
  path: '/enforcement/runs/{id}/rollback-preview',
  summary: 'What undoing a run would bring back, and lose',
  tags: ['Enforcement'],
  permission: 'signed_in',
  scope: 'read',
  params: idParams,
  body: selectionSchema.default({}),
  responses: { 200: previewSchema },
  handler: async ({ user, params, body, em }) => {
    const run = undoableRun(await findRun(em, { userId: user.userId, id: params.id }));
    return { status: 200, body: presentPreview(await selectActions(em, run.id, body)) };
  },
});

const rollback = defineRoute({
  method: 'post',
  path: '/enforcement/runs/{id}/rollback',
  summary: 'Undo a run, or some of its actions',
  description:
    'A run of its own, over the journal. What blocked the items stands as before, so a later run takes them out again; with `keep`, exceptions for the tracks and albums are made, and plans that would take them out turn `stale`. A run that put back what a file has (`restore`) is undone by taking that out again; `keep` says nothing there. `409 connection_busy` with the run that works on the connection, `409 nothing_to_undo` where everything is back.',
  tags: ['Enforcement'],
  permission: 'signed_in',
  params: idParams,
  body: rollbackSchema.default({ keep: false }),
  responses: { 202: startedRunSchema },
  idempotent: true,
  handler: async ({ user, params, body, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const { userId } = user;
    const { runId, jobId, outboxId } = await em.transactional(async (tx) => {
      // Two rollbacks of one run at once: the second waits here and then finds the connection taken.
      const run = undoableRun(await lockRun(tx, { userId, id: params.id }));
      const actions = await selectActions(tx, run.id, body);
      if (actions.length === 0) throw new DomainError('nothing_to_undo');
      const connection = await lockOwnConnection(tx, { userId, id: run.connectionId });
      if (!connection) throw new DomainError('not_found');
      requireUsable(connection);
      const started = await createRollback(tx, {
        userId,
        connectionId: connection.id,
        provider: connection.provider,
        epoch: connection.epoch,
        actions,
        requestId,
      });
      const kept =
        body.keep && run.runType === 'enforce' ? await keepRolledBack(tx, { userId, actions, requestId }) : 0;
      audit(tx, {
        actorId: userId,
        event: 'run.rollback_requested',
        outcome: 'done',
        subjectType: 'run',
        subjectId: run.id,
        details: { actions: actions.length, kept },
        requestId,
      });
      return started;
    });
    await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { runId, jobId }, headers: { Location: jobHref(jobId) } };
  },
});

function undoableRun(run: RunRow | null): RunRow {
  if (!run) throw new DomainError('not_found');
  if (run.runType === 'rollback') throw new DomainError('not_a_run_to_undo');
  if (!run.finishedAt)
    throw new DomainError('run_not_finished', { resource: { type: 'run', id: run.id, href: runHref(run.id) } });
  return run;
}

async function selectActions(em: EntityManager, runId: string, selection: Selection): Promise<UndoableAction[]> {
  const { actionIds, filter } = selection;
  if (filter) return undoableActions(em, runId, await actionIdsBy(em, runId, filter));
  if (!actionIds) return undoableActions(em, runId, null);
  const foreign = await countForeignActions(em, runId, actionIds);
  if (foreign > 0) throw new DomainError('foreign_actions', { params: { count: foreign } });
  return undoableActions(em, runId, actionIds);
}

export const rollbackRoutes = [preview, rollback];
