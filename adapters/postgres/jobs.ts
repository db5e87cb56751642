import type { JobStatus, JobType } from '../../domain/jobs';
import { Job } from './entities';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { enqueueStart } from './outbox';

export interface NewJob {
  /** Given where the job's id must be known before, e.g. for a row that refers to it. */
  id?: string;
  type: JobType;
  userId: string;
  subjectType: string;
  subjectId: string;
  provider: string | null;
  workflowType: string;
  /** Makes the workflow's fixed id from the job's. */
  workflowId: (jobId: string) => string;
  input: (jobId: string) => Record<string, string | number | boolean | null>;
  /** How much there is to do, where it is known from the start. */
  total?: number;
  requestId: string | null;
  retryOf?: string;
}

/** Writes a job and the start of its workflow into the caller's transaction. */
export function createJob(em: EntityManager, job: NewJob): { jobId: string; outboxId: string } {
  const jobId = job.id ?? newId();
  const workflowId = job.workflowId(jobId);
  em.persist(
    em.create(Job, {
      id: jobId,
      userId: job.userId,
      type: job.type,
      subjectType: job.subjectType,
      subjectId: job.subjectId,
      provider: job.provider,
      workflowId,
      requestId: job.requestId,
      retryOf: job.retryOf ?? null,
      total: job.total ?? 0,
    }),
  );
  const outboxId = enqueueStart(em, {
    workflowType: job.workflowType,
    workflowId,
    // Says on which provider's task queue the work is done; without it that is Spotify's.
    input: { ...job.input(jobId), ...(job.provider === 'apple_music' ? { provider: job.provider } : {}) },
    searchAttributes: { userId: job.userId, provider: job.provider ?? undefined, jobType: job.type },
    requestId: job.requestId,
  });
  return { jobId, outboxId };
}

/**
 * Marks the job as running in a phase; a job that has ended stays as it is. `attempt` is how often the present step was begun;
 * the job shows the highest.
 */
export async function enterPhase(
  em: EntityManager,
  jobId: string,
  phase: string,
  attempt: number,
  progress?: { done: number; total: number },
): Promise<void> {
  await em.execute(
    `update jobs set status = 'running', phase = ?, attempts = greatest(attempts, ?), done = coalesce(?, done), total = coalesce(?, total),
       waiting_reason = null, waiting_until = null, started_at = coalesce(started_at, now()), updated_at = now()
     where id = ? and finished_at is null`,
    [phase, attempt, progress?.done ?? null, progress?.total ?? null, jobId],
  );
}

/** So much more is done; never more than there is to do. */
export async function countDone(em: EntityManager, jobId: string, more: number): Promise<void> {
  await em.execute(
    `update jobs set done = least(total, done + ?), updated_at = now() where id = ? and finished_at is null`,
    [more, jobId],
  );
}

/** The job waits, for a reason, until a moment that the database's clock gives. */
export async function markWaiting(em: EntityManager, jobId: string, reason: string, seconds: number): Promise<void> {
  await em.execute(
    `update jobs set status = 'waiting', waiting_reason = ?, waiting_until = now() + make_interval(secs => ?), updated_at = now()
     where id = ? and finished_at is null`,
    [reason, seconds, jobId],
  );
}

/** Ends a job once; later ends change nothing. Returns whether this call ended it. */
export async function finishJob(
  em: EntityManager,
  jobId: string,
  status: Extract<JobStatus, 'completed' | 'failed' | 'cancelled'>,
  failureCode: string | null = null,
): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update jobs set status = ?, failure_code = ?, waiting_reason = null, waiting_until = null,
       done = case when ? = 'completed' then greatest(done, total) else done end,
       started_at = coalesce(started_at, now()), finished_at = now(), updated_at = now()
     where id = ? and finished_at is null returning id`,
    [status, failureCode, status, jobId],
  );
  return rows.length > 0;
}

/** Whether a job has ended: whoever still works for it leaves it. */
export async function isJobOver(em: EntityManager, jobId: string): Promise<boolean> {
  const rows = await em.execute<unknown[]>(`select from jobs where id = ? and finished_at is not null`, [jobId]);
  return rows.length > 0;
}

/** Adds a milestone; the next number is taken under the job's row lock. */
export async function addMilestone(
  em: EntityManager,
  jobId: string,
  code: string,
  params: Record<string, string | number> = {},
): Promise<void> {
  await em.execute(`select id from jobs where id = ? for update`, [jobId]);
  await em.execute(
    `insert into job_milestones (job_id, seq, code, params, created_at)
     select ?, coalesce(max(seq), 0) + 1, ?, ?::jsonb, now() from job_milestones where job_id = ?`,
    [jobId, code, JSON.stringify(params), jobId],
  );
}
