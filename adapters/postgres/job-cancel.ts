import { DomainError } from '../../domain/errors';
import { audit } from './audit';
import { failSubject } from './failed-subject';
import type { JobRow } from './job-reads';
import { addMilestone, finishJob } from './jobs';
import type { EntityManager } from './orm';
import { releaseSyncLease } from './sync-lease';

const cancelled = 'cancelled';

/**
 * Stops work that changes nothing at a provider, in the caller's transaction: what it works on is closed and free for others, and a
 * start that is still to come is forgotten. A step that is under way finds that at its next save and saves nothing; what was saved
 * whole stays. Throws `job_finished` where it ended meanwhile, and then nothing may be committed.
 */
export async function stopJob(
  tx: EntityManager,
  { id, userId, type, subjectType, subjectId, workflowId }: JobRow & { subjectId: string },
  requestId: string | null,
): Promise<void> {
  // What it works on is locked before its job, as everywhere.
  await closeSubject(tx, { id, type, subjectType, subjectId });
  await tx.execute(`delete from outbox where workflow_id = ? and started_at is null`, [workflowId]);
  if (!(await finishJob(tx, id, cancelled))) throw new DomainError('job_finished');
  await addMilestone(tx, id, 'job_cancelled');
  audit(tx, {
    actorId: userId,
    event: 'job.cancelled',
    outcome: 'done',
    subjectType: 'job',
    subjectId: id,
    details: { type },
    requestId,
  });
}

/** Gives the library back that it reads, and ends what it works on. */
async function closeSubject(
  tx: EntityManager,
  { id, type, subjectType, subjectId }: Pick<JobRow, 'id' | 'type' | 'subjectType'> & { subjectId: string },
): Promise<void> {
  if (type === 'library_sync') await releaseSyncLease(tx, subjectId, id);
  if (type === 'plan') {
    const [plan] = await tx.execute<{ connection_id: string }[]>(`select connection_id from plans where id = ?`, [
      subjectId,
    ]);
    if (plan) await releaseSyncLease(tx, plan.connection_id, id);
  }
  await failSubject(tx, { subjectType, subjectId }, cancelled);
}
