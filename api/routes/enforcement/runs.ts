import { z } from 'zod';
import { findRun, listActions, listRuns } from '../../../adapters/postgres/run-reads';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentAction, presentRun } from './run-presenters';
import { actionSchema, actionsQuery, runSchema, runsQuery } from './run-schema';

const seqPosition = z.object({ seq: z.int().min(0) });

const list = defineRoute({
  method: 'get',
  path: '/enforcement/runs',
  summary: 'Your runs and rollbacks',
  tags: ['Enforcement'],
  permission: 'signed_in',
  query: runsQuery,
  responses: { 200: pageOf(runSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const rows = await listRuns(em, {
      userId: user.userId,
      connectionId: query.connectionId ?? null,
      runType: query.runType ?? null,
      limit: query.limit + 1,
      after: after?.id ?? null,
    });
    const body = makePage(rows, {
      limit: query.limit,
      present: presentRun,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'no_runs',
    });
    return { status: 200, body };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/enforcement/runs/{id}',
  summary: 'One run',
  description: 'Its counts are counted from its actions each time.',
  tags: ['Enforcement'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: runSchema },
  handler: async ({ user, params, em }) => {
    const run = await findRun(em, { userId: user.userId, id: params.id });
    if (!run) throw new DomainError('not_found');
    return { status: 200, body: presentRun(run) };
  },
});

const actions = defineRoute({
  method: 'get',
  path: '/enforcement/runs/{id}/actions',
  summary: 'What a run did, action by action',
  description: 'The journal, in its own order.',
  tags: ['Enforcement'],
  permission: 'signed_in',
  params: idParams,
  query: actionsQuery,
  responses: { 200: pageOf(actionSchema) },
  handler: async ({ user, params, query, em }) => {
    const after = decodeCursor(query.cursor, seqPosition);
    const run = await findRun(em, { userId: user.userId, id: params.id });
    if (!run) throw new DomainError('not_found');
    const rows = await listActions(em, run.id, {
      status: query.status ?? null,
      after: after?.seq ?? -1,
      limit: query.limit + 1,
    });
    const body = makePage(rows, {
      limit: query.limit,
      present: presentAction,
      position: ({ seq }) => ({ seq }),
      first: !after,
      emptyReason: 'nothing_matches',
    });
    return { status: 200, body };
  },
});

export const runRoutes = [list, read, actions];
