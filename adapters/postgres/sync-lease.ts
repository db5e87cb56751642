import type { EntityManager } from './orm';

/**
 * Takes the right to read a connection's library for a job that has not ended. It is free when nobody has it, when this job has it
 * already, or when the job that has it came to its end. Returns whether the job has it now.
 */
export async function acquireSyncLease(em: EntityManager, connectionId: string, jobId: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update connections c set sync_job_id = ? where id = ? and disconnecting_since is null
       and (sync_job_id is null or sync_job_id = ? or not exists (select from jobs j where j.id = c.sync_job_id and j.finished_at is null))
       and not exists (select from jobs j where j.id = ? and j.finished_at is not null)
     returning id`,
    [jobId, connectionId, jobId, jobId],
  );
  return rows.length > 0;
}

/** Gives it back; does nothing where another job has it. */
export async function releaseSyncLease(em: EntityManager, connectionId: string, jobId: string): Promise<void> {
  await em.execute(`update connections set sync_job_id = null where id = ? and sync_job_id = ?`, [connectionId, jobId]);
}
