import type { JobType } from '../../domain/jobs';
import type { EntityManager } from './orm';

/** A failed job, as whoever runs the system hears of it. */
export interface FailedJob {
  jobId: string;
  type: JobType;
  code: string;
  workflowId: string;
  workflowRunId: string | null;
  /** Of the HTTP request that began it. */
  requestId: string | null;
  finishedAt: Date;
}

/** Failures told in one go. */
const atMost = 200;

/**
 * Tells of failed jobs that nobody was told of yet, oldest first, whoever failed them: an activity, a sweep, somebody's SQL. Of
 * several processes that do this at once each tells others. A process that dies before its commit has another one tell again.
 */
export async function tellFailures(em: EntityManager, tell: (failed: FailedJob) => void): Promise<void> {
  await em.fork().transactional(async (tx) => {
    const rows = await tx.execute<
      {
        id: string;
        type: JobType;
        failure_code: string | null;
        workflow_id: string;
        workflow_run_id: string | null;
        request_id: string | null;
        finished_at: string;
      }[]
    >(
      `update jobs j set failure_told_at = now() from (
         select id from jobs where status = 'failed' and failure_told_at is null order by id limit ? for update skip locked) as f
       where j.id = f.id returning j.id, type, failure_code, workflow_id, workflow_run_id, request_id, finished_at`,
      [atMost],
    );
    for (const row of rows.sort((a, b) => (a.id < b.id ? -1 : 1)))
      tell({
        jobId: row.id,
        type: row.type,
        code: row.failure_code ?? 'internal_error',
        workflowId: row.workflow_id,
        workflowRunId: row.workflow_run_id,
        requestId: row.request_id,
        finishedAt: new Date(row.finished_at),
      });
  });
}
