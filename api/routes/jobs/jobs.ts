import { findJob, listJobs } from '../../../adapters/postgres/job-reads';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { jobPresenter } from './presenters';
import { jobSchema, jobsQuery } from './schema';

const list = defineRoute({
  method: 'get',
  path: '/jobs',
  summary: 'Your jobs',
  tags: ['Jobs'],
  permission: 'signed_in',
  query: jobsQuery,
  responses: { 200: pageOf(jobSchema) },
  handler: async ({ user, query, em, deps }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const { type = null, status = null } = query;
    const page = { userId: user.userId, type, status, limit: query.limit + 1, after: after?.id ?? null };
    const rows = await listJobs(em, page);
    const body = makePage(rows, {
      limit: query.limit,
      present: jobPresenter(deps.config, user),
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: type === null && status === null ? 'no_jobs' : 'nothing_matches',
    });
    return { status: 200, body };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/jobs/{id}',
  summary: 'One job',
  tags: ['Jobs'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: jobSchema },
  handler: async ({ user, params, em, deps }) => {
    const job = await findJob(em, { userId: user.userId, id: params.id });
    if (!job) throw new DomainError('not_found');
    return { status: 200, body: jobPresenter(deps.config, user)(job) };
  },
});

export const jobRoutes = [list, read];
