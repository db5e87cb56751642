import { announce } from './announcements';
import { audit } from './audit';
import { closeWork, openWorkAt } from './erasure-work';
import { addMilestone, finishJob } from './jobs';
import type { EntityManager } from './orm';

/** What of a connection is known after it is gone. */
interface GoneCounts {
  runs: number;
  /** Actions that changed something at the provider, undone since or not. */
  applied: number;
  undone: number;
  plans: number;
}

/** Who a connection belongs to now: accounts may have become one, or two, since it was asked for. Null where it is gone. */
export async function ownerOf(em: EntityManager, connectionId: string): Promise<string | null> {
  const [row] = await em.execute<{ user_id: string }[]>(`select user_id from connections where id = ?`, [connectionId]);
  return row?.user_id ?? null;
}

/**
 * Removes a connection with everything that is known of it in the caller's transaction: library, playlists, plans, runs and
 * their journal. What stays are its jobs and audit rows, which hold ids, codes and counts. Ends the job. Repeating it changes
 * nothing.
 */
export async function eraseConnection(
  tx: EntityManager,
  { connectionId, jobId }: { connectionId: string; jobId: string },
): Promise<void> {
  const [connection] = await tx.execute<{ user_id: string; provider: string }[]>(
    `select user_id, provider from connections where id = ? for update`,
    [connectionId],
  );
  if (!connection) {
    await finishJob(tx, jobId, 'completed');
    return;
  }
  const { user_id: userId, provider } = connection;
  for (const work of await openWorkAt(tx, connectionId)) await closeWork(tx, work);
  const counts = await countWhatGoes(tx, connectionId);
  await tx.execute(`delete from credentials where owner_id = ?`, [connectionId]);
  await tx.execute(`delete from provider_gate_turns where party = ?`, [connectionId]);
  await tx.execute(`delete from connections where id = ?`, [connectionId]);
  const [job] = await tx.execute<{ request_id: string | null }[]>(`select request_id from jobs where id = ?`, [jobId]);
  audit(tx, {
    actorId: userId,
    event: 'connection.deleted',
    outcome: 'done',
    subjectType: 'connection',
    subjectId: connectionId,
    details: { provider, ...counts },
    requestId: job?.request_id ?? null,
  });
  await addMilestone(tx, jobId, 'connection_disconnected', { provider, ...counts });
  await finishJob(tx, jobId, 'completed');
  await announce(tx, userId, { type: 'connection.deleted', params: { connectionId, provider } });
}

async function countWhatGoes(tx: EntityManager, connectionId: string): Promise<GoneCounts> {
  const [counts] = await tx.execute<GoneCounts[]>(
    `select (select count(*)::int from runs where connection_id = ?) as runs,
       (select count(*)::int from actions a join runs r on r.id = a.run_id where r.connection_id = ? and r.run_type <> 'rollback'
         and a.status in ('applied', 'undone', 'undo_failed')) as applied,
       (select count(*)::int from actions a join runs r on r.id = a.run_id where r.connection_id = ? and r.run_type <> 'rollback'
         and a.status = 'undone') as undone,
       (select count(*)::int from plans where connection_id = ?) as plans`,
    [connectionId, connectionId, connectionId, connectionId],
  );
  return counts ?? { runs: 0, applied: 0, undone: 0, plans: 0 };
}

/** Ends what is left of jobs whose run or plan went with its connection: nobody else would. */
export async function closeJobsWithout(tx: EntityManager, kind: 'run' | 'plan', subjectId: string): Promise<void> {
  const table = kind === 'run' ? 'runs' : 'plans';
  await tx.execute(
    `update jobs set status = 'cancelled', failure_code = 'connection_disconnected', finished_at = now(), updated_at = now()
     where subject_type = ? and subject_id = ? and finished_at is null and not exists(select from ${table} where id = ?)`,
    [kind, subjectId, subjectId],
  );
}
