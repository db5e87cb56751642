import { audit } from '../../../adapters/postgres/audit';
import { findJob, type JobRow, listJobs, loadJobs } from '../../../adapters/postgres/job-reads';
import { readExecution } from '../../../adapters/temporal/job-execution';
import { DomainError } from '../../../domain/errors';
import { mayAlso, requireAlso } from '../../middleware/authorize';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute, type HandlerInput } from '../../route';
import { idParams } from '../auth/schema';
import { executionPresenter, jobPresenter } from './presenters';
import { jobExecutionSchema, jobSchema, jobsQuery } from './schema';

/** What somebody needs to look at everybody's jobs. */
const asAdmin = { permission: 'admin', scope: 'admin' } as const;

const list = defineRoute({
  method: 'get',
  path: '/jobs',
  summary: 'Your jobs, or everybody’s',
  description:
    'Newest first. They stay listed when Temporal has forgotten their workflows. With `all`, or of one `userId`, for admins, other people’s; that it was looked at is on record.',
  tags: ['Jobs'],
  permission: 'signed_in',
  query: jobsQuery,
  responses: { 200: pageOf(jobSchema) },
  handler: async ({ user, query, em, ctx, deps }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const { type = null, status = null, from = null, to = null, all = false, userId } = query;
    const asked = all || userId !== undefined;
    if (asked) await requireAlso(ctx, deps, asAdmin);
    const filter = { userId: asked ? (userId ?? null) : user.userId, type, status, from, to };
    const page = { limit: query.limit + 1, after: after?.id ?? null };
    const rows = asked
      ? await em.transactional(async (tx) => {
          audit(tx, {
            actorId: user.userId,
            event: 'jobs.read',
            outcome: 'done',
            details: { ...filter, first: !after },
            requestId: ctx.state.requestId,
          });
          return listJobs(tx, filter, page);
        })
      : await listJobs(em, filter, page);
    const body = makePage(rows, {
      limit: query.limit,
      present: jobPresenter(deps.config, user),
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason:
        !asked && [type, status, from, to].every((wanted) => wanted === null) ? 'no_jobs' : 'nothing_matches',
    });
    return { status: 200, body };
  },
});

type Input = Pick<HandlerInput<'signed_in', undefined, undefined, undefined>, 'user' | 'em' | 'ctx'>;

/** A job of the caller's, or for an admin anybody's, which is put on record. Throws `not_found`. */
async function jobToRead({ user, em, ctx }: Input, id: string): Promise<JobRow> {
  const own = await findJob(em, { userId: user.userId, id });
  if (own) return own;
  const [others] = mayAlso(ctx.state, asAdmin) ? await loadJobs(em, [id]) : [];
  if (!others) throw new DomainError('not_found');
  audit(em, {
    actorId: user.userId,
    event: 'job.read',
    outcome: 'done',
    subjectType: 'job',
    subjectId: id,
    requestId: ctx.state.requestId,
  });
  await em.flush();
  return others;
}

const read = defineRoute({
  method: 'get',
  path: '/jobs/{id}',
  summary: 'One job',
  description: 'One of yours; for admins anybody’s, and that it was looked at is on record.',
  tags: ['Jobs'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: jobSchema },
  handler: async (input) => {
    const job = await jobToRead(input, input.params.id);
    return { status: 200, body: jobPresenter(input.deps.config, input.user)(job) };
  },
});

const execution = defineRoute({
  method: 'get',
  path: '/jobs/{id}/execution',
  summary: 'What a job’s workflow is doing now',
  description:
    'Asked of Temporal, for one job at a time: the attempts of its pending activities, what the last of each failed with, and when the next comes. Where Temporal does not answer within some seconds, or keeps nothing of it any more, it says so; the job itself is `GET jobs/{id}`.',
  tags: ['Jobs'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: jobExecutionSchema },
  handler: async (input) => {
    const { config, temporal } = input.deps;
    const job = await jobToRead(input, input.params.id);
    const { workflowId, workflowRunId } = job;
    const reading = workflowRunId === null ? null : await readExecution(temporal, { workflowId, workflowRunId });
    return { status: 200, body: executionPresenter(config, input.user)(job, reading) };
  },
});

export const jobRoutes = [list, read, execution];
