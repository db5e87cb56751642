import type { EntityManager } from './orm';

/** As much of a job as one line shows. */
export interface JobLine {
  id: string;
  type: string;
  status: string;
  phase: string | null;
  done: number;
  total: number;
  waitingReason: string | null;
  failureCode: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** A person's latest jobs, those that go on first. */
export async function recentJobs(em: EntityManager, userId: string, limit: number): Promise<JobLine[]> {
  const rows = await em.execute<
    (Omit<JobLine, 'createdAt' | 'finishedAt'> & { created_at: string; finished_at: string | null })[]
  >(
    `select id, type, status, phase, done, total, waiting_reason as "waitingReason", failure_code as "failureCode",
            created_at, finished_at
     from jobs where user_id = ? order by finished_at is not null, id desc limit ?`,
    [userId, limit],
  );
  return rows.map(({ created_at, finished_at, ...row }) => ({
    ...row,
    createdAt: new Date(created_at),
    finishedAt: finished_at === null ? null : new Date(finished_at),
  }));
}
