import { withdrawAppeal } from './appeal-closing';
import { audit } from './audit';
import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/** A job of a person's that has not ended. */
export interface OpenWork {
  jobId: string;
  type: string;
  subjectId: string | null;
  workflowId: string;
  /** Whether its workflow is still to be started. */
  unstarted: boolean;
}

/** What of a connection's has not ended, but for its disconnecting. */
export async function openWorkAt(em: EntityManager, connectionId: string): Promise<OpenWork[]> {
  return em.execute<OpenWork[]>(
    `select j.id as "jobId", j.type, j.subject_id as "subjectId", j.workflow_id as "workflowId",
       exists(select from outbox o where o.workflow_id = j.workflow_id and o.started_at is null) as unstarted
     from jobs j where j.user_id = (select user_id from connections where id = ?) and j.type <> 'disconnect' and j.finished_at is null
       and (j.subject_id = ? or exists(select from plans p where p.id = j.subject_id and p.connection_id = ?)
         or exists(select from runs r where r.id = j.subject_id and r.connection_id = ?))
     order by j.id`,
    [connectionId, connectionId, connectionId, connectionId],
  );
}

/** What of a person's has not ended, but for their erasure. */
export async function openWorkOf(em: EntityManager, ids: readonly string[]): Promise<OpenWork[]> {
  return em.execute<OpenWork[]>(
    `select j.id as "jobId", j.type, j.subject_id as "subjectId", j.workflow_id as "workflowId",
       exists(select from outbox o where o.workflow_id = j.workflow_id and o.started_at is null) as unstarted
     from jobs j where j.user_id in ${givenIds} and j.type <> 'erase_account' and j.finished_at is null order by j.id`,
    [JSON.stringify(ids)],
  );
}

/** Whatever ends from now on offers no rollback and starts none. */
export async function keepWhatIsDone(em: EntityManager, ids: readonly string[]): Promise<void> {
  await em.execute(
    `update runs set on_failure = 'keep', cancel_with_rollback = false
     where user_id in ${givenIds} and finished_at is null and (on_failure <> 'keep' or cancel_with_rollback)`,
    [JSON.stringify(ids)],
  );
}

/** No call that is on its way for these connections is followed by another: their epoch is over. */
export async function endEpochs(em: EntityManager, ids: readonly string[]): Promise<void> {
  await em.execute(`update connections set epoch = epoch + 1 where user_id in ${givenIds}`, [JSON.stringify(ids)]);
}

/**
 * Closes work whose workflow was never started or has been ended: its start is forgotten, its run frees the connection, and
 * a late execution finds that it lost the run at its next save. An appeal whose person leaves is withdrawn.
 */
export async function closeWork(tx: EntityManager, { jobId, type, subjectId, workflowId }: OpenWork): Promise<void> {
  await tx.execute(`delete from outbox where workflow_id = ? and started_at is null`, [workflowId]);
  if (type === 'appeal' && subjectId !== null) {
    await withdrawAppeal(tx, subjectId);
    const details = { reason: 'account_erased' };
    audit(tx, { actorId: null, event: 'appeal.withdrawn', outcome: 'done', subjectType: 'appeal', subjectId, details });
  }
  await tx.execute(
    `update runs set status = 'cancelled', fence = fence + 1, finished_at = now() where job_id = ? and finished_at is null`,
    [jobId],
  );
  await tx.execute(`delete from connection_locks l using runs r where r.id = l.run_id and r.job_id = ?`, [jobId]);
  await tx.execute(
    `update account_exports set status = 'failed', failure_code = 'cancelled' where job_id = ? and status = 'preparing'`,
    [jobId],
  );
  for (const table of ['block_imports', 'catalog_imports'])
    await tx.execute(
      `update ${table} set status = 'failed', failure_code = 'cancelled', finished_at = now() where job_id = ? and status = 'running'`,
      [jobId],
    );
  await tx.execute(
    `update jobs set status = 'cancelled', finished_at = now(), updated_at = now() where id = ? and finished_at is null`,
    [jobId],
  );
}
