import { audit } from '../../../adapters/postgres/audit';
import { undoableActions } from '../../../adapters/postgres/rollbacks';
import { purgeRun } from '../../../adapters/postgres/run-purge';
import { lockRun } from '../../../adapters/postgres/run-reads';
import { DomainError } from '../../../domain/errors';
import { runHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { purgeBody, purgeQuery } from './run-schema';

const purge = defineRoute({
  method: 'delete',
  path: '/enforcement/runs/{id}',
  summary: 'Forget a run, and with it what could still be undone',
  description:
    'Removes the run with its journal (what was there before, names, artists), the plan that it carried out, its removed tracks from the kept playlists, and what rollbacks tell of it; a rollback that undid nothing else goes with it. What the run changed at the provider stays as it is. Its jobs and a line of the audit stay, with ids, codes and counts, which is what statistics are made of. Where something could still be undone, the answer is `409 undo_would_be_lost` with the number until `confirm` is sent. `409 run_not_finished` for a run that has not ended, `409 connection_busy` while any run works on the connection. Of a rollback only its own record goes; what it brought back stays back, and what it could not can still be undone.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  query: purgeQuery,
  body: purgeBody.default({}),
  responses: { 204: null },
  handler: async ({ user, params, query, body, em, ctx }) => {
    const { userId } = user;
    const confirmed = body.confirm === true || query.confirm === 'true';
    await em.transactional(async (tx) => {
      const run = await lockRun(tx, { userId, id: params.id });
      if (!run) throw new DomainError('not_found');
      if (!run.finishedAt)
        throw new DomainError('run_not_finished', { resource: { type: 'run', id: run.id, href: runHref(run.id) } });
      const lost = run.runType !== 'rollback' ? (await undoableActions(tx, run.id, null)).length : 0;
      if (lost > 0 && !confirmed) throw unconfirmed(run.id, lost);
      const counts = await purgeRun(tx, run);
      audit(tx, {
        actorId: userId,
        event: 'run.purged',
        outcome: 'done',
        subjectType: 'run',
        subjectId: run.id,
        details: { runType: run.runType, lostActions: lost, ...counts },
        requestId: ctx.state.requestId,
      });
    });
    return { status: 204 };
  },
});

function unconfirmed(id: string, actions: number): DomainError {
  const report = `${runHref(id)}/report`;
  return new DomainError('undo_would_be_lost', {
    detail: `${actions} changes of this run could still be undone, and no longer after this. To go on, send \`confirm: true\`. Before that you can have what it did as a file with GET ${report}.`,
    params: { runs: 1, actions, confirm: true },
    action: { code: 'read_report', href: report },
  });
}

export const purgeRunRoutes = [purge];
